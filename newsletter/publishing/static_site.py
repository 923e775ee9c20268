"""The archive as files in a folder, for any web host: the same pages that the site serves."""

from collections.abc import Iterator
from pathlib import Path

from newsletter.errors import OutputError
from newsletter.files import is_inside, write_file
from newsletter.pictures import Picture
from newsletter.publishing.archive import pages_of, published_issues, upcoming
from newsletter.publishing.publication import Books
from newsletter.publishing.readers import stamps_of
from newsletter.publishing.rendering import logo_of
from newsletter.render.site import static_site

_MODE = 0o644
"""A web server reads them, whoever it runs as."""


def write_static_site(books: Books, folder: Path) -> Iterator[Path]:
    """Write each file whole, and tell of it; what else is in the folder stays.

    A page is there before the front page that leads to it. Raises OutputError, RenderError,
    StoreError.
    """
    logo = logo_of(books.settings)
    files = static_site(
        published_issues(books),
        pages_of(books.settings, logo),
        stamp=stamps_of(books).embedded(),
        upcoming=upcoming(books),
        images=_pictures(books, logo),
    )
    front: list[tuple[str, bytes]] = []
    for name, content in files:
        if "/" not in name and name.endswith(".html"):
            front.append((name, content))
        else:
            yield _write(folder, name, content)
    for name, content in front:
        yield _write(folder, name, content)


def _pictures(books: Books, logo: Picture | None) -> Iterator[tuple[str, bytes]]:
    if logo is not None:
        yield logo.name, logo.octets
    for name in books.database.archive.picture_names():
        found = books.database.archive.picture(name)
        if found is not None:
            yield found.name, found.octets


def _write(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    if not is_inside(path, folder):
        raise OutputError("the page would lie outside the folder", where=str(path))
    write_file(path, content, mode=_MODE)
    return path
