"""An issue as the archive has it: frozen when it is sent, and the same words for every reader.

How it is made of an issue is told in `publish`, how it is kept in `kept`, and what it looks like is
left to the pages.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from newsletter.errors import RenderError
from newsletter.render.html import Html

_MOST_OF_NAME = 200
_NOTHING = Html()


@dataclass(frozen=True, kw_only=True, slots=True)
class PublishedLink:
    """A link that ends a story: where it leads, and its words, which hold no other link."""

    href: str
    html: Html
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class PublishedPicture:
    """`src` is http or https; `alt` may be ""."""

    src: str
    alt: str


@dataclass(frozen=True, kw_only=True, slots=True)
class PublishedStory:
    """`anchor` is `story-3`, once in an issue. `link` is where the headline leads, or ""."""

    number: int
    anchor: str
    headline_html: Html
    headline_text: str
    body_html: Html
    read_more: PublishedLink | None
    link: str


@dataclass(frozen=True, kw_only=True, slots=True)
class PublishedSponsor:
    """What a sponsor paid for, after the story at `after`; 0 is before the first."""

    name: str
    body_html: Html
    read_more: PublishedLink | None
    after: int


@dataclass(frozen=True, kw_only=True, slots=True)
class ListedIssue:
    """An issue in a list: no more than a line or two shows. `headlines` are numbers and words."""

    name: str
    number: int | None
    date: date
    subject: str
    headlines: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class PublishedIssue:
    """All that the archive shows of one issue.

    `date` is the issue's own day where it was written, `published_at` the moment it went out, and
    `corrected_at` that of its last correction. `call_html` is the footer's text, and `closing_html`
    what stands below it. One that is not listed has its page, for who has its address, and is in
    no list, feed or map of the site. Raises RenderError for a name that could not be an address.
    """

    name: str
    number: int | None
    date: date
    language: str
    title: str
    subject: str
    preheader: str
    intro_html: Html = _NOTHING
    intro_text: str = ""
    stories: tuple[PublishedStory, ...] = ()
    sponsor: PublishedSponsor | None = None
    call_html: Html = _NOTHING
    closing_html: Html = _NOTHING
    correction: str = ""
    corrected_at: datetime | None = None
    published_at: datetime
    pictures: tuple[PublishedPicture, ...] = ()
    is_listed: bool = True

    def __post_init__(self) -> None:
        if not _is_address(self.name):
            raise RenderError(
                f"{self.name!r} cannot be the address of a page",
                where="issue",
                next_step="name its file without slashes and control characters, "
                "with no full stop at its start and no .json at its end",
            )

    @property
    def lead(self) -> PublishedPicture | None:
        """The picture to show where the issue is shared: its first that comes by https."""
        secure = (one for one in self.pictures if one.src.lower().startswith("https:"))
        return next(secure, None)

    @property
    def updated_at(self) -> datetime:
        return self.corrected_at or self.published_at

    @property
    def listed(self) -> ListedIssue:
        return ListedIssue(
            name=self.name,
            number=self.number,
            date=self.date,
            subject=self.subject,
            headlines=tuple((story.number, story.headline_text) for story in self.stories),
        )


def listed_among(issues: Iterable[PublishedIssue]) -> list[PublishedIssue]:
    """Those that everybody may come upon."""
    return [issue for issue in issues if issue.is_listed]


def _is_address(name: str) -> bool:
    """Whether it can be one step of a path, on the web and on a disk."""
    return (
        0 < len(name.encode("utf-8", "replace")) <= _MOST_OF_NAME
        and name.isprintable()
        and not name.startswith(".")
        and not name.lower().endswith(".json")
        and not set(name) & set("/\\")
    )
