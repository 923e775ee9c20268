"""What the site shows of the archive, in memory: pages are made once and given out many times.

Looked at anew when a second has passed; while the database is away, what was there before is still
shown. No path of a request reaches further than the names that are on the shelf.
"""

import asyncio
import time
from collections.abc import Callable, Hashable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from typing import TypeVar

from newsletter.errors import NewsletterError
from newsletter.pictures import Picture
from newsletter.publishing.archive import pages_of, published_issues, upcoming
from newsletter.publishing.publication import Books
from newsletter.publishing.readers import stamps_of
from newsletter.render.site import (
    ListedIssue,
    Pages,
    PublishedIssue,
    Upcoming,
    issue_data,
    issue_feed,
    json_feed,
    listed_among,
    neighbours,
    robots,
    sitemap,
    story_feed,
    years_of,
)

LOOK = 1.0
"""Seconds between two looks at the archive."""

PATIENCE = 1.0
"""Seconds that a reader waits for such a look; after that, what was there before is shown."""

THREADS = 2
"""Of the shelf's own: those that forms wait in may all be waiting for the database."""

T = TypeVar("T")

FRESH = 300.0
"""Seconds after which pages are made anew, for they say when the next issue comes."""

HTML, JSON, ATOM = "text/html; charset=utf-8", "application/json", "application/atom+xml"
FEED, XML, TEXT, CSS = "application/feed+json", "application/xml", "text/plain", "text/css"


@dataclass(frozen=True, slots=True)
class Sheet:
    """One answer: its bytes, what they are, and a mark that changes with them."""

    body: bytes
    media_type: str
    mark: str


@dataclass(frozen=True, kw_only=True)
class Stock:  # without slots: what is listed is worked out once
    """The archive at one moment, and the answers made of it so far."""

    mark: Hashable
    made_at: float
    pages: Pages
    issues: Mapping[str, PublishedIssue]
    upcoming: Upcoming
    stamp: str
    sheets: dict[str, Sheet] = field(default_factory=dict)

    @cached_property
    def public(self) -> list[PublishedIssue]:
        """Those that everybody may come upon, the newest first."""
        return listed_among(self.issues.values())

    @cached_property
    def listed(self) -> list[ListedIssue]:
        return [issue.listed for issue in self.public]

    @cached_property
    def years(self) -> frozenset[str]:
        """Those that have a page, as their paths have them."""
        return frozenset(f"{year:04}" for year in years_of(self.listed))

    @property
    def latest(self) -> PublishedIssue | None:
        return next(iter(self.public), None)

    def sheet(self, name: str, media_type: str, make: Callable[[], str | bytes]) -> Sheet:
        """The answer of this name, made the first time that somebody asks for it."""
        if name not in self.sheets:
            made = make()
            body = made.encode() if isinstance(made, str) else made
            self.sheets[name] = Sheet(body, media_type, sha256(body).hexdigest()[:32])
        return self.sheets[name]


class Shelf:
    """The stock of the moment. For one event loop."""

    def __init__(self, open_books: Callable[[], Books], logo: Picture | None = None) -> None:
        self._open_books = open_books
        self._logo = logo
        self._stock: Stock | None = None
        self._looked = 0.0
        self._looking: asyncio.Future[Stock] | None = None
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="shelf")

    async def make(self, make: Callable[..., T], *arguments: object) -> T:
        """What takes a while, in a thread of the shelf's own."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, make, *arguments)

    async def stock(self) -> Stock:
        """Raises StoreError where there never was any."""
        before = self._stock
        if before is not None and time.monotonic() - self._looked < LOOK:
            return before
        is_first = self._looking is None
        if self._looking is None:
            self._looking = asyncio.ensure_future(self._look_again())
        if before is None:
            return await asyncio.shield(self._looking)
        if is_first:  # everybody else need not wait
            await asyncio.wait([self._looking], timeout=PATIENCE)
        return self._stock or before

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _look_again(self) -> Stock:
        try:
            self._stock = await self.make(self._look, self._stock)
            self._looked = time.monotonic()
            return self._stock
        finally:
            self._looking = None

    def _look(self, before: Stock | None) -> Stock:
        try:
            books = self._open_books()
            mark, now = books.database.archive.mark(), time.monotonic()
            if before is not None and before.mark == mark and now - before.made_at < FRESH:
                return before
            return _stocked(books, mark, now, self._logo)
        except NewsletterError:
            if before is None:
                raise
            return before


def _stocked(books: Books, mark: Hashable, now: float, logo: Picture | None) -> Stock:
    return Stock(
        mark=mark,
        made_at=now,
        pages=pages_of(books.settings, logo),
        issues={issue.name: issue for issue in published_issues(books)},
        upcoming=upcoming(books),
        stamp=stamps_of(books).embedded(),
    )


def front(stock: Stock) -> Sheet:
    return stock.sheet(
        "/",
        HTML,
        lambda: stock.pages.reading.front(
            stock.listed, latest=stock.latest, upcoming=stock.upcoming, stamp=stock.stamp
        ),
    )


def archive(stock: Stock) -> Sheet:
    reading = stock.pages.reading
    return stock.sheet("/issues/", HTML, lambda: reading.archive(stock.listed, stamp=stock.stamp))


def issue_or_year(stock: Stock, name: str) -> Sheet | None:
    """An issue goes before a year of the same name; None for what is on no shelf."""
    if name in stock.issues:
        return _issue(stock, stock.issues[name])
    if name not in stock.years:
        return None
    reading, year = stock.pages.reading, int(name)
    return stock.sheet(
        f"/issues/{name}", HTML, lambda: reading.year(year, stock.listed, stamp=stock.stamp)
    )


def _issue(stock: Stock, issue: PublishedIssue) -> Sheet:
    def make() -> str:
        earlier, later = neighbours(issue.name, stock.listed)
        return stock.pages.reading.issue(
            issue,
            previous=earlier,
            next=later,
            upcoming=None if later else stock.upcoming,
            stamp=stock.stamp,
        )

    return stock.sheet(f"/issues/{issue.name}", HTML, make)


def data(stock: Stock, name: str) -> Sheet | None:
    """The stories of an issue, for programs."""
    issue = stock.issues.get(name)
    if issue is None:
        return None
    return stock.sheet(f"/issues/{name}.json", JSON, lambda: issue_data(issue, stock.pages.site))


def told(stock: Stock, path: str) -> Sheet:
    """What has one path and is the same for everybody: feeds, the style sheet, and the like."""
    media_type, make = _TOLD[path]
    return stock.sheet(path, media_type, lambda: make(stock))


_TOLD: Mapping[str, tuple[str, Callable[[Stock], str | bytes]]] = {
    "/feed.atom": (ATOM, lambda stock: issue_feed(stock.public, stock.pages.site)),
    "/stories.atom": (ATOM, lambda stock: story_feed(stock.public, stock.pages.site)),
    "/feed.json": (FEED, lambda stock: json_feed(stock.public, stock.pages.site)),
    "/sitemap.xml": (XML, lambda stock: sitemap(stock.public, stock.pages.site)),
    "/robots.txt": (TEXT, lambda stock: robots(stock.pages.site)),
    "/site.css": (CSS, lambda stock: stock.pages.styles),
    "/subscribe/embed": (HTML, lambda stock: stock.pages.signing_up.embed(stamp=stock.stamp)),
}

PATHS = tuple(_TOLD)
"""Those of `told`."""
