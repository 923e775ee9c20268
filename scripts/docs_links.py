"""What is wrong with a built site: links to nowhere, and what a browser would fetch elsewhere.

It reads HTML and style sheets as they are, and knows nothing of what built them.
"""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

_FETCHED = {
    "img": ("src", "srcset"),
    "script": ("src",),
    "link": ("href",),
    "iframe": ("src",),
    "source": ("src", "srcset"),
    "video": ("src", "poster"),
    "audio": ("src",),
    "object": ("data",),
    "embed": ("src",),
    "use": ("href",),
}
_LEADING = {"a": "href", "area": "href"}
_NOT_FETCHED = {"canonical", "prev", "next", "alternate"}
_IN_CSS = re.compile(r"""(?:url\(\s*|@import\s+)["']?([^"')\s]+)""")


class Page(HTMLParser):
    """The anchors of a page, where it leads, and what it has fetched."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.anchors = {""}
        self.links: list[str] = []
        self.fetched: list[str] = []
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        self.anchors |= {values[name] for name in ("id", "name") if name in values}
        if _LEADING.get(tag, "") in values:
            self.links.append(values[_LEADING[tag]])
        if values.get("rel", "") not in _NOT_FETCHED:
            self.fetched += [values[name] for name in _FETCHED.get(tag, ()) if name in values]
        self.fetched += _IN_CSS.findall(values.get("style", ""))


def faults_of_site(site: Path) -> Iterator[str]:
    """Each as `page.html: what is wrong`."""
    pages = {path: Page(path) for path in sorted(site.rglob("*.html"))}
    for path, page in pages.items():
        name = path.relative_to(site)
        for address in (*page.links, *page.fetched):
            if fault := _fault(address, path, site, pages):
                yield f"{name}: {fault}"
        yield from (f"{name}: fetches {each}" for each in page.fetched if _is_elsewhere(each))
    for path in sorted(site.rglob("*.css")):
        for address in _IN_CSS.findall(path.read_text(encoding="utf-8")):
            if _is_elsewhere(address):
                yield f"{path.relative_to(site)}: fetches {address}"


def _is_elsewhere(address: str) -> bool:
    return address.startswith("//") or urlsplit(address).scheme not in ("", "data")


def _fault(address: str, path: Path, site: Path, pages: dict[Path, Page]) -> str | None:
    parts = urlsplit(address)
    if parts.scheme or parts.netloc:
        return None
    folder = site if parts.path.startswith("/") else path.parent
    target = (folder / unquote(parts.path).lstrip("/")).resolve() if parts.path else path
    target = target / "index.html" if target.is_dir() else target
    if not target.is_relative_to(site) or not target.is_file():
        return f"{address} leads nowhere"
    if target in pages and unquote(parts.fragment) not in pages[target].anchors:
        return f"{address} names no place of that page"
    return None
