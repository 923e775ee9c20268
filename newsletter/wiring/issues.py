"""An issue by the publication's settings: read in its language, dated by its rule, rendered."""

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from newsletter.check import HouseFormat
from newsletter.issue import Issue, load_issue
from newsletter.starter import default_templates

if TYPE_CHECKING:
    from newsletter.render import Rendered, Shares
    from newsletter.settings import Settings


def read_issue(path: Path, house: HouseFormat) -> Issue:
    """Load an issue by the words of the publication's language."""
    return load_issue(path, cues=house.cues)


def issue_date(issue: Issue, settings: "Settings", now: datetime) -> date:
    """The issue's own date, else the next day of the rule."""
    from newsletter.schedule import next_date

    return issue.date or next_date(settings.schedule, now)


def slot(issue: Issue, settings: "Settings", now: datetime) -> datetime:
    """The moment at which the issue is to go out by the rule, aware."""
    day = issue_date(issue, settings, now)
    return datetime.combine(day, settings.schedule.time, settings.schedule.zone)


def render(issue: Issue, settings: "Settings", now: datetime) -> "Rendered":
    """Raises RenderError for a template or an issue that cannot become an e-mail."""
    from newsletter.render import render_issue

    return render_issue(
        issue,
        publication=settings.publication,
        theme=settings.theme,
        templates=(settings.templates, default_templates()),
        issue_date=issue_date(issue, settings, now),
    )


def render_web_page(issue: Issue, settings: "Settings", now: datetime) -> str:
    """The issue's page in the archive, published at its slot.

    Raises RenderError for a template or an issue that cannot become a page.
    """
    from newsletter.render import render_web_page as page

    return page(
        issue,
        publication=settings.publication,
        theme=settings.theme,
        templates=(settings.templates, default_templates()),
        published=slot(issue, settings, now),
    )


def weigh(issue: Issue, rendered: "Rendered", settings: "Settings", now: datetime) -> "Shares":
    """Where the bytes of its HTML go, of an issue that was rendered at this moment."""
    from newsletter.render import share_out

    return share_out(
        rendered,
        issue,
        publication=settings.publication,
        theme=settings.theme,
        templates=(settings.templates, default_templates()),
        issue_date=issue_date(issue, settings, now),
    )
