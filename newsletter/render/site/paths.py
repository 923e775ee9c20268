"""Where each page of the public site is, for whoever answers a path and whoever links to it.

Paths begin with a slash, and with the path of the publication's `base_url` where that has one.
"""

from dataclasses import dataclass
from urllib.parse import quote, urlsplit


@dataclass(frozen=True, kw_only=True, slots=True)
class SitePaths:
    """`base_url` is the publication's: https, and without a slash at its end.

    >>> paths = SitePaths(base_url="https://example.com/news")
    >>> paths.issue("2026-11-27"), paths.absolute(paths.front)
    ('/news/issues/2026-11-27', 'https://example.com/news/')
    """

    base_url: str

    @property
    def prefix(self) -> str:
        """What every path begins with: `/news`, or "" where the host has nothing but the site."""
        return urlsplit(self.base_url).path

    @property
    def origin(self) -> str:
        """`https://news.example.com`."""
        parts = urlsplit(self.base_url)
        return f"{parts.scheme}://{parts.netloc}"

    def absolute(self, path: str) -> str:
        """The address of one of these paths."""
        return f"{self.origin}{path}"

    def _at(self, path: str) -> str:
        return f"{self.prefix}{path}"

    @property
    def front(self) -> str:
        return self._at("/")

    @property
    def archive(self) -> str:
        return self._at("/issues/")

    def year(self, year: int) -> str:
        return self._at(f"/issues/{year:04}")

    def issue(self, name: str) -> str:
        return self._at(f"/issues/{quote(name, safe='')}")

    def story(self, name: str, anchor: str) -> str:
        return f"{self.issue(name)}#{anchor}"

    def issue_data(self, name: str) -> str:
        return f"{self.issue(name)}.json"

    @property
    def feed(self) -> str:
        return self._at("/feed.atom")

    @property
    def story_feed(self) -> str:
        return self._at("/stories.atom")

    @property
    def json_feed(self) -> str:
        return self._at("/feed.json")

    @property
    def sitemap(self) -> str:
        return self._at("/sitemap.xml")

    def styles(self, version: str) -> str:
        """With the content's own mark in its query, so that a browser may keep it for ever."""
        return self._at(f"/site.css?v={version}")

    def image(self, name: str) -> str:
        return self._at(f"/images/{quote(name, safe='')}")

    @property
    def subscribe(self) -> str:
        return self._at("/subscribe")

    @property
    def embed(self) -> str:
        return self._at("/subscribe/embed")

    def confirm(self, token: str) -> str:
        return self._at(f"/confirm/{quote(token, safe='')}")

    def unsubscribe(self, token: str) -> str:
        return self._at(f"/unsubscribe/{quote(token, safe='')}")

    def preferences(self, token: str) -> str:
        return self._at(f"/preferences/{quote(token, safe='')}")

    def data(self, token: str) -> str:
        return f"{self.preferences(token)}/data"

    def erase(self, token: str) -> str:
        return f"{self.preferences(token)}/erase"
