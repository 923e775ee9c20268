"""A page that tells one thing: what was done, or what went wrong and what to do about it."""

from dataclasses import dataclass

from newsletter.render.html import Html
from newsletter.render.site.page import SitePage
from newsletter.render.site.published import PublishedIssue

_NOTHING = Html()


@dataclass(frozen=True, kw_only=True, slots=True)
class ToldPage(SitePage):
    """`label` is small and above the heading, "" for none; `is_done` puts a tick there.

    `next_path` is where to go on with `next_words`; `latest`, under `latest_heading`, has stories
    to go on with instead.
    """

    label: Html = _NOTHING
    heading: Html
    is_done: bool = False
    paragraphs: tuple[Html, ...]
    next_path: str = ""
    next_words: Html = _NOTHING
    latest_heading: Html = _NOTHING
    latest: PublishedIssue | None = None
