"""One publication as its site serves it: its books, opened when they are there, and its shelf."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from starlette.requests import Request

from newsletter.books import StoredPicture
from newsletter.errors import StoreError
from newsletter.pictures import Picture
from newsletter.publishing.archive import pages_of, stored
from newsletter.publishing.publication import Books, Publication
from newsletter.publishing.rendering import logo_of
from newsletter.render.site import Pages
from newsletter.settings import Settings
from newsletter.web.public.shelf import Shelf, Stock

BY_READER = "a reader"


class OpenBooks:
    """The books, opened the first time that somebody asks, and again where that failed.

    And where the database's file is another by now, as after a restore.
    """

    def __init__(self, publication: Publication) -> None:
        self._publication = publication
        self._lock = threading.Lock()
        self._books: Books | None = None

    def __call__(self) -> Books:
        """Raises StoreError while the database is away."""
        with self._lock:
            if self._books is not None and not self._books.database.is_in_place():
                self._close()
            if self._books is None:
                database = self._publication.open_busy_database()
                self._books = Books(publication=self._publication, database=database, by=BY_READER)
            return self._books

    def close(self) -> None:
        with self._lock:
            self._close()

    def _close(self) -> None:
        if self._books is not None:
            self._books.database.close()
            self._books = None


@dataclass(frozen=True, kw_only=True)
class Site:
    """What handlers are given. `pages` and `logo` need no database; `letters` is called where one
    is owed.
    """

    publication: Publication
    books: OpenBooks
    shelf: Shelf
    pages: Pages
    logo: Picture | None = None
    letters: Callable[[], object] = field(default=lambda: None)

    def now(self) -> datetime:
        return self.publication.clock()

    @property
    def settings(self) -> Settings:
        return self.publication.settings

    def picture(self, name: str) -> StoredPicture | None:
        """The logo, or one of the archive's. Raises StoreError."""
        if self.logo is not None and self.logo.name == name:
            return stored(self.logo)
        return self.books().database.archive.picture(name)

    async def stock(self) -> Stock | None:
        """None while there is no database, and never was."""
        try:
            return await self.shelf.stock()
        except StoreError:
            return None


def site_of(request: Request) -> Site:
    """The site that was asked."""
    site: Site = request.app.state.site
    return site


def open_site(publication: Publication, letters: Callable[[], object] = lambda: None) -> Site:
    """A site; its database is opened by the first who needs it."""
    books, logo = OpenBooks(publication), logo_of(publication.settings)
    return Site(
        publication=publication,
        books=books,
        shelf=Shelf(books, logo),
        pages=pages_of(publication.settings, logo),
        logo=logo,
        letters=letters,
    )
