"""The way from an issue to a rendered issue, stage by stage. Pure: same input, same bytes.

Nothing here opens a socket or reads the time; files are read from the template folders alone.
"""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from newsletter.errors import RenderError
from newsletter.issue import Issue, shorten
from newsletter.render.environment import Templates
from newsletter.render.inline_css import inline_css
from newsletter.render.mjml import compile_mjml
from newsletter.render.mjml_lint import lint_mjml
from newsletter.render.page import Page, make_page, strip_controls
from newsletter.render.publication import Publication
from newsletter.render.rendered import Rendered
from newsletter.render.theme import Theme

HTML_TEMPLATE = "issue.mjml.j2"
TEXT_TEMPLATE = "issue.txt.j2"
INLINE_STYLES = "inline.css"
_LINE_SHOWN = 80


def render_issue(
    issue: Issue,
    *,
    publication: Publication,
    theme: Theme,
    templates: Sequence[Path],
    issue_date: date,
) -> Rendered:
    """Render an issue; in `templates`, folders, the first that has a file wins.

    Raises RenderError for a template or an issue that cannot become an e-mail.
    """
    page = make_page(issue, publication, theme, issue_date)
    sources = Templates(templates)
    html, text = _render_html(sources, page), _render_text(sources, page)
    for template, part in ((HTML_TEMPLATE, html), (TEXT_TEMPLATE, text)):
        if page.unsubscribe_url not in part:
            raise RenderError(
                "the template has no unsubscribe link, and nobody may be mailed without one",
                where=template,
                next_step="put {{ page.unsubscribe_url }} into it",
            )
    used = (slot for slot in page.slots if slot.placeholder in html + text)
    return Rendered(
        subject=page.subject, preheader=page.preheader, html=html, text=text, slots=tuple(used)
    )


def _render_html(sources: Templates, page: Page) -> str:
    mjml = strip_controls(sources.fill(HTML_TEMPLATE, page))
    for fault in lint_mjml(mjml):
        place = sources.find(fault.needle) if fault.needle else ""
        line = shorten(mjml.split("\n")[fault.line - 1], _LINE_SHOWN)
        raise RenderError(
            fault.what,
            where=place or f"{HTML_TEMPLATE}, line {fault.line} of the MJML it makes ({line})",
            next_step="mend the template",
        )
    return inline_css(compile_mjml(mjml), sources.fill(INLINE_STYLES, page)) + "\n"


def _render_text(sources: Templates, page: Page) -> str:
    text = strip_controls(sources.fill(TEXT_TEMPLATE, page))
    return text.rstrip("\n") + "\n"
