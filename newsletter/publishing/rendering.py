"""An issue rendered by the publication's settings: as an e-mail, as a page, and what it weighs.

Here its pictures are read, too, and handed to the rendering, which reads nothing but templates.
Whoever does several of these with one issue hands in the folder, so that each is made ready once.
"""

import os
from datetime import datetime

from newsletter.check import NEAR_BUDGET, Context
from newsletter.errors import RenderError
from newsletter.issue import Issue
from newsletter.pictures import Picture, PictureFault, is_source
from newsletter.publishing.dating import issue_date, slot_moment
from newsletter.publishing.pictures import PictureFolder
from newsletter.render import (
    MAX_LOGO_WIDTH,
    NO_PICTURES,
    Pictures,
    Rendered,
    Shares,
    measure,
    render_issue,
    share_out,
)
from newsletter.render import render_web_page as page_of
from newsletter.settings import ImageMode, Settings


def new_tag() -> str:
    """What tells this rendering's placeholders from any word that somebody may have written."""
    return os.urandom(16).hex()


def render(
    issue: Issue, settings: Settings, now: datetime, folder: PictureFolder | None = None
) -> Rendered:
    """Raises RenderError for a template, a logo or an issue that cannot become an e-mail."""
    return render_issue(
        issue,
        publication=settings.publication,
        theme=settings.theme,
        templates=settings.template_folders,
        issue_date=issue_date(issue, settings, now),
        tag=new_tag(),
        pictures=gather_pictures(issue, settings, folder),
        merge_fields=settings.house.merge_fields,
    )


def render_web_page(
    issue: Issue, settings: Settings, now: datetime, folder: PictureFolder | None = None
) -> str:
    """The issue's page in the archive, published at its slot.

    Raises RenderError for a template, a logo or an issue that cannot become a page.
    """
    return page_of(
        issue,
        publication=settings.publication,
        theme=settings.theme,
        templates=settings.template_folders,
        published=slot_moment(issue, settings, now),
        tag=new_tag(),
        pictures=gather_pictures(issue, settings, folder),
        merge_fields=settings.house.merge_fields,
    )


def weigh(
    issue: Issue,
    rendered: Rendered,
    settings: Settings,
    now: datetime,
    folder: PictureFolder | None = None,
) -> Shares:
    """Where the bytes of its HTML go, of an issue that was rendered at this moment."""
    return share_out(
        rendered,
        issue,
        publication=settings.publication,
        theme=settings.theme,
        templates=settings.template_folders,
        issue_date=issue_date(issue, settings, now),
        tag=new_tag(),
        pictures=gather_pictures(issue, settings, folder),
        merge_fields=settings.house.merge_fields,
    )


def with_size(
    context: Context,
    issue: Issue,
    rendered: Rendered,
    settings: Settings,
    now: datetime,
    folder: PictureFolder | None = None,
) -> Context:
    """The context with the size, and where it is near the budget with each story's share."""
    size, budget = measure(rendered).html_quoted_printable, settings.limits.html_bytes
    stories: tuple[int, ...] = ()
    if size >= NEAR_BUDGET * budget:
        stories = weigh(issue, rendered, settings, now, folder).stories
    return context.weighed(size, budget=budget, stories=stories)


def gather_pictures(
    issue: Issue, settings: Settings, folder: PictureFolder | None = None
) -> Pictures:
    """What an issue is rendered with. An image with a fault is not among them: the check says so.

    Raises RenderError for the fault of a logo, which stands in no issue.
    """
    folder = folder or PictureFolder(settings.folder)
    outcomes = folder.of(issue)
    ready = {src: one for src, one in outcomes.items() if isinstance(one, Picture)}
    logo = logo_of(settings, folder)
    if not ready and logo is None:
        return NO_PICTURES
    is_inline = settings.images.mode is ImageMode.INLINE
    domain = settings.sender.mailbox.addr_spec.domain
    return Pictures(by_source=ready, logo=logo, inline_at=domain if is_inline else "")


def logo_of(settings: Settings, folder: PictureFolder | None = None) -> Picture | None:
    """The publication's logo, where it is a file; None for none, or one from the web.

    Raises RenderError for its fault.
    """
    source = settings.theme.logo
    if not is_source(source):
        return None
    folder = folder or PictureFolder(settings.folder)
    outcome = folder.take(source, most_width=2 * MAX_LOGO_WIDTH)
    if isinstance(outcome, PictureFault):
        raise RenderError(
            f"the logo {source} {outcome.what}",
            where="newsletter.toml [theme]",
            next_step=outcome.next_step,
        )
    return outcome
