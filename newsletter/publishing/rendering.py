"""An issue rendered by the publication's settings: as an e-mail, as a page, and what it weighs."""

import os
from datetime import datetime

from newsletter.check import NEAR_BUDGET, Context
from newsletter.issue import Issue
from newsletter.publishing.dating import issue_date, slot_moment
from newsletter.render import Rendered, Shares, measure, render_issue, share_out
from newsletter.render import render_web_page as page_of
from newsletter.settings import Settings
from newsletter.starter import default_templates


def _new_tag() -> str:
    """What tells this rendering's placeholders from any word that somebody may have written."""
    return os.urandom(16).hex()


def render(issue: Issue, settings: Settings, now: datetime) -> Rendered:
    """Raises RenderError for a template or an issue that cannot become an e-mail."""
    return render_issue(
        issue,
        publication=settings.publication,
        theme=settings.theme,
        templates=(settings.templates, default_templates()),
        issue_date=issue_date(issue, settings, now),
        tag=_new_tag(),
    )


def render_web_page(issue: Issue, settings: Settings, now: datetime) -> str:
    """The issue's page in the archive, published at its slot.

    Raises RenderError for a template or an issue that cannot become a page.
    """
    return page_of(
        issue,
        publication=settings.publication,
        theme=settings.theme,
        templates=(settings.templates, default_templates()),
        published=slot_moment(issue, settings, now),
        tag=_new_tag(),
    )


def weigh(issue: Issue, rendered: Rendered, settings: Settings, now: datetime) -> Shares:
    """Where the bytes of its HTML go, of an issue that was rendered at this moment."""
    return share_out(
        rendered,
        issue,
        publication=settings.publication,
        theme=settings.theme,
        templates=(settings.templates, default_templates()),
        issue_date=issue_date(issue, settings, now),
        tag=_new_tag(),
    )


def with_size(
    context: Context, issue: Issue, rendered: Rendered, settings: Settings, now: datetime
) -> Context:
    """The context with the size, and where it is near the budget with each story's share."""
    size, budget = measure(rendered).html_quoted_printable, settings.limits.html_bytes
    stories: tuple[int, ...] = ()
    if size >= NEAR_BUDGET * budget:
        stories = weigh(issue, rendered, settings, now).stories
    return context.weighed(size, budget=budget, stories=stories)
