"""The pages that are read: the front page, the archive and its years, and each issue's own."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from newsletter.render.html import Html
from newsletter.render.site.archive import (
    BRIEF_MONTHS,
    FULL_MONTHS,
    ArchiveMonth,
    by_month,
    newest_first,
    years_of,
)
from newsletter.render.site.forms import SignUpForm
from newsletter.render.site.page import Frame, SitePage
from newsletter.render.site.published import (
    ListedIssue,
    PublishedIssue,
    PublishedLink,
    PublishedPicture,
    PublishedStory,
)
from newsletter.render.structured_data import as_script, news_article
from newsletter.render.web_page import locale

_ARROWS = ("→", "←")


@dataclass(frozen=True, kw_only=True, slots=True)
class Upcoming:
    """The next issue: when it goes out, aware and in the publication's zone, and its number."""

    moment: datetime
    number: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ReadingPage(SitePage):
    """A page that runs from edge to edge; `form` is the one for signing up."""

    form: SignUpForm

    def more_words(self, link: PublishedLink) -> str:
        """A link's words without the arrow that may end them, for who hears the page."""
        return link.text.rstrip(" →←")

    def has_arrow(self, link: PublishedLink) -> bool:
        return link.text.endswith(_ARROWS)


@dataclass(frozen=True, kw_only=True, slots=True)
class FrontPage(ReadingPage):
    """`latest` is None while nothing has been published."""

    latest: PublishedIssue | None
    upcoming: Upcoming | None
    months: tuple[ArchiveMonth, ...]
    years: tuple[int, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class ArchivePage(ReadingPage):
    """Every issue, or those of one `year`."""

    heading: str
    year: int | None
    months: tuple[ArchiveMonth, ...]
    years: tuple[int, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class IssuePage(ReadingPage):
    """An issue with its neighbours; `upcoming` stands in for the next where there is none yet."""

    issue: PublishedIssue
    previous: ListedIssue | None
    next: ListedIssue | None
    upcoming: Upcoming | None

    @property
    def view_url(self) -> str:
        return self.paths.absolute(self.paths.issue(self.issue.name))

    @property
    def number(self) -> int | None:
        return self.issue.number

    @property
    def subject(self) -> str:
        return self.issue.subject

    @property
    def preheader(self) -> str:
        return self.issue.preheader

    @property
    def correction(self) -> str:
        return self.issue.correction

    @property
    def stories(self) -> tuple[PublishedStory, ...]:
        return self.issue.stories

    @property
    def image(self) -> PublishedPicture | None:
        return self.issue.lead

    @property
    def locale(self) -> str:
        return locale(self.issue.language)

    @property
    def structured_data(self) -> Html:
        """The issue as a NewsArticle, for machines."""
        return as_script(
            news_article(
                self,
                published=self.issue.published_at,
                modified=self.issue.corrected_at,
                anchors=[story.anchor for story in self.stories],
                images=[self.image.src] if self.image else [],
                logo=self.theme.logo,
            )
        )

    def story_url(self, story: PublishedStory) -> str:
        return self.paths.absolute(self.paths.story(self.issue.name, story.anchor))

    def mail_link(self, story: PublishedStory) -> str:
        """A message to somebody with the story's address in it (RFC 6068)."""
        subject, body = quote(story.headline_text, safe=""), quote(self.story_url(story), safe="")
        return f"mailto:?subject={subject}&body={body}"


@dataclass(frozen=True, kw_only=True, slots=True)
class ReadingPages:
    """Each method makes one page and raises RenderError for a template at fault.

    `stamp` is what the sign-up form carries; "" where the page is the same for everybody.
    """

    frame: Frame

    def front(
        self,
        issues: Sequence[ListedIssue],
        *,
        latest: PublishedIssue | None,
        upcoming: Upcoming | None = None,
        stamp: str = "",
    ) -> str:
        """`issues` are all there are, in any order, `latest` the newest of them, in full."""
        site = self.frame.site
        earlier = [one for one in newest_first(issues) if latest is None or one.name != latest.name]
        months = list(by_month(earlier, site, full=FULL_MONTHS))[: FULL_MONTHS + BRIEF_MONTHS]
        page = FrontPage(
            site=site,
            styles_path=self.frame.styles_path,
            description=site.description,
            canonical=site.paths.absolute(site.paths.front),
            pictures=_sources(latest),
            form=self._form(stamp),
            latest=latest,
            upcoming=upcoming,
            months=tuple(months),
            years=years_of(issues),
        )
        return self.frame.fill("front", page)

    def archive(self, issues: Sequence[ListedIssue], *, stamp: str = "") -> str:
        """Every issue, a line each."""
        site = self.frame.site
        return self._list(issues, None, site.words.all_issues, site.paths.archive, stamp)

    def year(self, year: int, issues: Sequence[ListedIssue], *, stamp: str = "") -> str:
        """The issues of one year, out of all `issues`."""
        return self._list(issues, year, str(year), self.frame.site.paths.year(year), stamp)

    def issue(
        self,
        issue: PublishedIssue,
        *,
        previous: ListedIssue | None = None,
        next: ListedIssue | None = None,  # noqa: A002 - it is the next one
        upcoming: Upcoming | None = None,
        stamp: str = "",
    ) -> str:
        """The issue's own page; `upcoming` is shown where there is no next one yet."""
        site = self.frame.site
        page = IssuePage(
            site=site,
            styles_path=self.frame.styles_path,
            title=issue.subject,
            description=issue.preheader,
            canonical=site.paths.absolute(site.paths.issue(issue.name)) if issue.is_listed else "",
            pictures=_sources(issue),
            form=self._form(stamp),
            issue=issue,
            previous=previous,
            next=next,
            upcoming=upcoming,
        )
        return self.frame.fill("issue", page)

    def _list(
        self, issues: Sequence[ListedIssue], year: int | None, heading: str, path: str, stamp: str
    ) -> str:
        site = self.frame.site
        shown = [one for one in issues if year is None or one.date.year == year]
        page = ArchivePage(
            site=site,
            styles_path=self.frame.styles_path,
            title=heading,
            description=site.description,
            canonical=site.paths.absolute(path),
            form=self._form(stamp),
            heading=heading,
            year=year,
            months=tuple(by_month(shown, site)),
            years=years_of(issues),
        )
        return self.frame.fill("archive", page)

    def _form(self, stamp: str) -> SignUpForm:
        site = self.frame.site
        return SignUpForm(site=site, action=site.paths.subscribe, stamp=stamp)


def neighbours(
    name: str, issues: Sequence[ListedIssue]
) -> tuple[ListedIssue | None, ListedIssue | None]:
    """The issue before the one of this name and the one after it; of one in no list, none."""
    ordered = newest_first(issues)
    if name not in {one.name for one in ordered}:
        return None, None
    at = [one.name for one in ordered].index(name)
    earlier = ordered[at + 1] if at + 1 < len(ordered) else None
    return earlier, ordered[at - 1] if at else None


def _sources(issue: PublishedIssue | None) -> tuple[str, ...]:
    return tuple(one.src for one in issue.pictures) if issue else ()
