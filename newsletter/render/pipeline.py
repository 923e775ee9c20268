"""The way from an issue to a rendered issue, stage by stage. Pure: same input, same bytes.

Nothing here opens a socket or reads the time; files are read from the template folders alone.
"""

from collections.abc import Collection, Sequence
from datetime import date
from html import unescape
from pathlib import Path

from newsletter.errors import RenderError
from newsletter.issue import Issue
from newsletter.render.css_lint import find_inline_faults
from newsletter.render.environment import Templates
from newsletter.render.imprint import Imprint
from newsletter.render.inline_css import inline_css
from newsletter.render.minify import minify
from newsletter.render.mjml import compile_mjml
from newsletter.render.mjml_lint import lint_mjml
from newsletter.render.mjml_syntax import LintFault
from newsletter.render.page import Page, make_page, strip_controls
from newsletter.render.pictures import NO_PICTURES, Pictures, with_pictures
from newsletter.render.rendered import Rendered
from newsletter.render.settled import is_damaged, settle
from newsletter.render.theme import Theme

HTML_TEMPLATE = "issue.mjml.j2"
TEXT_TEMPLATE = "issue.txt.j2"
INLINE_STYLES = "inline.css"


def render_issue(
    issue: Issue,
    *,
    publication: Imprint,
    theme: Theme,
    templates: Sequence[Path],
    issue_date: date,
    tag: str,
    pictures: Pictures = NO_PICTURES,
    merge_fields: Collection[str] = (),
) -> Rendered:
    """Render an issue; in `templates`, folders, the first that has a file wins.

    `pictures` are those of the issue that are files; an image that is none of them, and not on the
    web either, is no more than its words.

    `tag` is 32 hexadecimal digits that the issue's writer could not know; no byte of what is made
    depends on it. Raises RenderError for a template or an issue that cannot become an e-mail.
    """
    page = make_page(issue, publication, theme, issue_date, tag=tag, merge_fields=merge_fields)
    page = with_pictures(page, pictures)
    sources = Templates(templates)
    parts = render_html(sources, page), _render_text(sources, page)
    (html, text), placeholders = settle(parts, page.placeholders, tag)
    for part, name in ((html, HTML_TEMPLATE), (text, TEXT_TEMPLATE)):
        if is_damaged(part, tag):
            raise _damaged(sources, name)
    return Rendered(
        subject=_subject(page),
        preheader=page.preheader,
        html=html,
        text=text,
        placeholders=placeholders,
        pictures=tuple(each for each in pictures.all if each.stem in html),
    )


def _subject(page: Page) -> str:
    """A correction says so in the list of an inbox, where the first one stands under its words."""
    return f"{page.words.correction}: {page.subject}" if page.correction else page.subject


def render_html(sources: Templates, page: Page) -> str:
    """The HTML part. Raises RenderError with the line of the template that is at fault."""
    mjml, css = fill_html(sources, page)
    html = compile_mjml(mjml, lambda octets: _place(sources, page, mjml, octets))
    return minify(inline_css(html, css))


def fill_html(sources: Templates, page: Page) -> tuple[str, str]:
    """The MJML and the style sheet for its elements, both without a fault, or RenderError."""
    mjml = strip_controls(sources.fill(HTML_TEMPLATE, page))
    for fault in lint_mjml(mjml):
        raise _error(sources, page, HTML_TEMPLATE, fault)
    css = strip_controls(sources.fill(INLINE_STYLES, page))
    for fault in find_inline_faults(css):
        raise _error(sources, page, INLINE_STYLES, fault)
    if page.unsubscribe_url not in mjml:
        raise _no_way_out(sources, page, HTML_TEMPLATE, mjml.rfind("</mj-body>"))
    if page.correction and _squeezed(page.correction) not in _squeezed(unescape(mjml)):
        raise _not_corrected(sources, page, HTML_TEMPLATE, mjml.rfind("</mj-body>"))
    return mjml, css


def _render_text(sources: Templates, page: Page) -> str:
    text = strip_controls(sources.fill(TEXT_TEMPLATE, page)).rstrip("\n") + "\n"
    if page.unsubscribe_url not in text:
        raise _no_way_out(sources, page, TEXT_TEMPLATE, len(text) - 1)
    if page.correction and _squeezed(page.correction) not in _squeezed(text):
        raise _not_corrected(sources, page, TEXT_TEMPLATE, len(text) - 1)
    return text


def _damaged(sources: Templates, name: str) -> RenderError:
    return RenderError(
        "a template cuts or changes a merge field, so readers would see what is left of it",
        where=sources.path(name),
        next_step="show merge fields and unsubscribe links whole, without upper, truncate or [:9]",
    )


def _squeezed(text: str) -> str:
    """Without white space and case: a part may break lines anywhere, and be set in capitals."""
    return "".join(text.split()).casefold()


def _not_corrected(sources: Templates, page: Page, name: str, offset: int) -> RenderError:
    fault = LintFault(
        offset=offset,
        what="the template does not show the issue's correction, so readers would not see it",
        next_step="put {{ words.correction }} and {{ page.correction }} in it",
    )
    return _error(sources, page, name, fault)


def _no_way_out(sources: Templates, page: Page, name: str, offset: int) -> RenderError:
    fault = LintFault(
        offset=offset,
        what="the template has no unsubscribe link, and nobody may be mailed without one",
        next_step="put {{ page.unsubscribe_url }} in it",
    )
    return _error(sources, page, name, fault)


def _error(sources: Templates, page: Page, name: str, fault: LintFault) -> RenderError:
    place = sources.trace(name, page).at(fault.offset)
    return RenderError(
        fault.what, where=str(place or sources.path(name)), next_step=fault.next_step
    )


def _place(sources: Templates, page: Page, mjml: str, octets: int) -> str:
    offset = len(mjml.encode()[:octets].decode(errors="ignore"))
    return str(sources.trace(HTML_TEMPLATE, page).at(offset) or sources.path(HTML_TEMPLATE))
