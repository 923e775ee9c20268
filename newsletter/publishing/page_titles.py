"""What the page behind an address calls itself, for the words of a link.

An address may come from anywhere, so `newsletter.net` connects, at each redirect anew, and to
public addresses alone; of what answers only the beginning is read, and only of a page.
RFC 9110 (HTTP).
"""

import ssl
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from http.client import HTTPException, HTTPResponse
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from newsletter.check import is_web_address, without_tracking
from newsletter.importing import read_title
from newsletter.net import (
    NOT_PUBLIC,
    REDIRECTS,
    answered,
    host_of,
    is_public,
    location_of,
    why_not,
)
from newsletter.wrapped_links import unwrapped

MOST_READ = 512 * 1024
"""Octets: some sites have their scripts before their title."""

_PIECE = 16 * 1024
_MAX_REDIRECTS = 5
_PAGES = frozenset({"text/html", "application/xhtml+xml"})
_UNSAFE = {ord(sign): quote(sign) for sign in '()<>"\\^`{|}'}
"""What would end a link in Markdown early."""

_HEADERS = {
    "User-Agent": "newsletter-as-code (title of a link)",
    "Accept": "text/html,application/xhtml+xml",
    "Accept-Encoding": "identity",
    "Connection": "close",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class PageTitle:
    """`address` is straight and without tracking, `host` what a person knows it by.

    `title` is "" where the page has none or could not be asked; `why` says so then.
    """

    address: str
    host: str
    title: str = ""
    why: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class TitleReader:
    """Asks pages for their titles; `timeout` is seconds, for connecting and once for the rest.

    `may_ask` is told each IP address before it is connected to; a test, whose server is on its own
    machine, has another opinion than `is_public`.
    """

    timeout: float = 4.0
    may_ask: Callable[[str], bool] = is_public
    tls: ssl.SSLContext = field(default_factory=ssl.create_default_context)

    def __call__(self, address: str) -> PageTitle:
        """What is no address of the web has no title, and no host."""
        page = named(address)
        if not page.host:
            return page
        title, why = self._asked(page.address)
        return replace(page, title=title, why=why)

    def _asked(self, address: str) -> tuple[str, str]:
        """A title, or why there is none."""
        try:
            for _ in range(_MAX_REDIRECTS + 1):
                answer = self._request(urlsplit(address))
                if not answer.location:
                    return answer.title, answer.why
                address = urljoin(address, answer.location)
                if not is_web_address(address):
                    return "", "it leads to another program"
            return "", f"it redirects more than {_MAX_REDIRECTS} times"
        except (OSError, HTTPException) as error:  # first: a bad certificate is a ValueError too
            return "", why_not(error, self.timeout)
        except ValueError:
            return "", "it leads to what is no address"

    def _request(self, parts: SplitResult) -> "_Answer":
        """Raises ValueError, OSError or HTTPException."""
        asking = answered(
            "GET", parts, _HEADERS, may_ask=self.may_ask, tls=self.tls, timeout=self.timeout
        )
        with asking as answer:
            return _Answer(why=NOT_PUBLIC) if answer is None else _read(answer)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Answer:
    """Where it sends us; or a title; or why there is none."""

    location: str = ""
    title: str = ""
    why: str = ""


def named(address: str) -> PageTitle:
    """The page behind an address, by its host alone: nobody is asked."""
    clean = straight(address)
    try:
        host = urlsplit(clean).hostname or ""
        host_of(urlsplit(clean))  # one that DNS can know
    except ValueError:
        host = ""
    if not host or not is_web_address(clean):
        return PageTitle(address=clean, host="", why="this is no address of a page")
    return PageTitle(address=clean, host=host.removeprefix("www."))


def straight(address: str) -> str:
    """Where an address leads, without what counts who follows it, and in letters a URL may have.

    >>> straight(" https://www.google.com/url?q=https://a.example/b?utm_source=x ")
    'https://a.example/b'
    """
    written = "".join(address.split()).translate(_UNSAFE)
    return without_tracking(unwrapped(written))


def _read(answer: HTTPResponse) -> _Answer:
    if answer.status in REDIRECTS and (location := location_of(answer)):
        return _Answer(location=location)
    if answer.status >= 400:
        return _Answer(why=f"the server says {answer.status}")
    if answer.headers.get_content_type() not in _PAGES:
        return _Answer(why="what is there is no page")
    charset = answer.headers.get_content_charset() or ""
    title = read_title(_head(answer), charset=charset)
    return _Answer(title=title, why="" if title else "the page has no title")


def _head(answer: HTTPResponse) -> bytes:
    """A page as far as the end of its head; what stands below it need not be waited for."""
    head = bytearray()
    while len(head) < MOST_READ and b"</head" not in head[-2 * _PIECE :].lower():
        piece = answer.read1(_PIECE)
        if not piece:
            break
        head += piece
    return bytes(head[:MOST_READ])
