"""A saved page's bytes to a tree of its visible part. The only file here that knows lxml.

Nothing is fetched: no network, no entities beyond HTML's own, no frames. What no reader of the page
sees, and what stands on every page of a site, is left out; the article is found by others.
"""

import codecs
import re
from collections.abc import Iterator
from urllib.parse import urljoin

from lxml import etree
from lxml import html as lxml_html

from newsletter.errors import IssueFileError
from newsletter.importing.tags import HEADINGS, Page, Tag

MAX_BYTES = 20 * 1024 * 1024
"""A saved page without its pictures is a tenth of this."""

_MAX_DEPTH = 100
"""Elements below this level are read as their words; no page for people goes so deep."""

_NEVER_SEEN = (
    "script style nav aside footer noscript template iframe frame svg math canvas object embed "
    "button select textarea input video audio dialog map head"
)
_NEVER = frozenset(_NEVER_SEEN.split())
_NEVER_ROLES = frozenset({"navigation", "complementary", "contentinfo", "search", "dialog"})
_UNSEEN = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w-]{1,40})", re.IGNORECASE)
_SAVED_FROM = re.compile(r"<!-- saved from url=\(\d+\)(https?://[^\s>]{1,2000}) -->")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")


def read_html(data: bytes, *, path: str) -> Page:
    """The visible part of a page. Raises IssueFileError where there is none, or too much of it."""
    if len(data) > MAX_BYTES:
        raise IssueFileError(
            f"the page is larger than {MAX_BYTES // 1024 // 1024} MB",
            where=path,
            next_step="save the article alone",
        )
    text = _CONTROL.sub("", _decoded(data))
    root = _parsed(text, path)
    body = root.find("body")
    if body is None:
        raise _nothing(path)
    converted = _tag(body, 0)
    return Page(body=converted, title=_title(root, converted), address=_address(root, text))


def _decoded(data: bytes) -> str:
    """As the byte-order mark says, else the page itself, else UTF-8 or what Windows writes."""
    for mark, name in ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16")):
        if data.startswith(mark):
            return data.decode(name, "replace")
    if data.startswith(codecs.BOM_UTF16_BE):
        return data.decode("utf-16", "replace")
    said = _CHARSET.search(data[:4096])
    for name in (said[1].decode() if said else "utf-8", "utf-8"):
        try:
            return data.decode(name)
        except (LookupError, ValueError):
            continue
    return data.decode("cp1252", "replace")


def _parsed(text: str, path: str) -> lxml_html.HtmlElement:
    parser = lxml_html.HTMLParser(
        encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=False
    )
    try:
        return lxml_html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except etree.LxmlError as error:
        raise _nothing(path) from error


def _nothing(path: str) -> IssueFileError:
    return IssueFileError(
        "there is nothing to read on this page", where=path, next_step="save the page again"
    )


def _tag(element: etree._Element, depth: int) -> Tag:
    attributes = {str(key): str(value) for key, value in element.attrib.items()}
    if depth >= _MAX_DEPTH:
        words = " ".join(map(str, element.itertext()))
        return Tag(str(element.tag), attributes, (words,))
    return Tag(str(element.tag), attributes, tuple(_children(element, depth)))


def _children(element: etree._Element, depth: int) -> Iterator[Tag | str]:
    if element.text:
        yield element.text
    for child in element:
        if _is_left_out(child):
            pass
        elif child.tag == "header":
            yield from _headings(child, depth)
        else:
            yield _tag(child, depth + 1)
        if child.tail:
            yield child.tail


def _headings(header: etree._Element, depth: int) -> Iterator[Tag]:
    """Of a header, only its headings: the rest is who wrote it, when, and where to share it."""
    for inner in header.iter(*HEADINGS):
        yield _tag(inner, depth + 1)


def _is_left_out(element: etree._Element) -> bool:
    if element.tag in _NEVER or element.get("role") in _NEVER_ROLES:
        return True
    if element.get("hidden") is not None or element.get("aria-hidden") == "true":
        return True
    if element.tag == "form":  # some systems put the whole page into one
        return next(element.iter("article", "main", "h1"), None) is None
    return _UNSEEN.search(element.get("style") or "") is not None


def _title(root: etree._Element, body: Tag) -> str:
    """The page's only first heading, else what it tells others that it is called."""
    first = [tag.text() for tag in body.tags() if tag.name == "h1"]
    return (
        (first[0] if len(first) == 1 else "")
        or _attribute(root, ".//meta[@property='og:title']", "content")
        or " ".join((root.findtext(".//title") or "").split())
    )


def _address(root: etree._Element, text: str) -> str | None:
    """Where the page was: by its canonical link, or by what a browser noted when saving it."""
    saved = _SAVED_FROM.search(text[:4096])
    own = (
        _attribute(root, ".//link[@rel='canonical']", "href")
        or _attribute(root, ".//meta[@property='og:url']", "content")
        or (saved[1] if saved else "")
    )
    base = _attribute(root, ".//base[@href]", "href")
    try:
        address = urljoin(own, base)
    except ValueError:
        return None
    return address if address.lower().startswith(("https://", "http://")) else None


def _attribute(root: etree._Element, path: str, name: str) -> str:
    element = root.find(path)
    return (element.get(name) or "").strip() if element is not None else ""
