"""A saved page's bytes to a tree of its visible part. The only file here that knows lxml.

Nothing is fetched: no network, no entities beyond HTML's own, no frames. What no reader of the page
sees, and what stands on every page of a site, is left out and leaves a mark behind; the article is
found by others.
"""

import re
from collections.abc import Iterator
from urllib.parse import urljoin

from lxml import etree
from lxml import html as lxml_html

from newsletter.errors import IssueFileError
from newsletter.importing.encoding import decode_page, without_c1
from newsletter.importing.footnotes import place_footnotes
from newsletter.importing.leaving import prune, why_left
from newsletter.importing.page_styles import PageStyles, read_styles
from newsletter.importing.tags import Page, Tag

MAX_BYTES = 20 * 1024 * 1024
"""A saved page without its pictures is a tenth of this."""

_MAX_DEPTH = 100
"""Elements below this level are read as if they stood on it; no page for people goes so deep."""

_TOO_DEEP = "Excessive depth"
"""Libxml2's word, at 2,048 levels, for dropping the rest of the text."""

MAX_ELEMENTS = 100_000
_LONGEST_TITLE = 300
_NO_WORDS = frozenset({"script", "style", "noscript", "template", "head", "map", "title"})
_SAVED_FROM = re.compile(r"<!-- saved from url=\(\d+\)(https?://[^\s>]{1,2000}) -->")


def read_html(data: bytes, *, path: str, most_elements: int = MAX_ELEMENTS) -> Page:
    """The visible part of a page. Raises IssueFileError where there is none, or too much of it."""
    if len(data) > MAX_BYTES:
        raise _too_much(f"the page is larger than {MAX_BYTES // 1024 // 1024} MB", path)
    text = decode_page(data)
    root = _parsed(text, path, most_elements)
    body = root.find("body")
    if body is None:
        raise _nothing(path)
    styles = read_styles("\n".join(style.text or "" for style in root.iter("style")))
    converted = prune(place_footnotes(_Reading(styles).tag(body, 0)))
    return Page(body=converted, title=_title(root, converted), address=_address(root, text))


def read_title(data: bytes, *, charset: str = "") -> str:
    """What a page calls itself, from its beginning alone; "" where it says nothing.

    `charset` is what its server says, "" for nothing.
    """
    try:
        root = _parsed(decode_page(data, charset=charset), "")
    except IssueFileError:
        return ""
    elsewhere = _attribute(root, ".//meta[@property='og:title']", "content")
    site = _attribute(root, ".//meta[@property='og:site_name']", "content")
    own = elsewhere or without_c1(root.findtext(".//title") or "")
    words = " ".join(own.split())
    name = re.compile(rf"(?<=\S)\s+[-–—|·:»]\s+{re.escape(site)}\Z", re.IGNORECASE)
    return (name.sub("", words) if site else words)[:_LONGEST_TITLE]


def _parsed(text: str, path: str, most_elements: int = MAX_ELEMENTS) -> lxml_html.HtmlElement:
    parser = lxml_html.HTMLParser(
        encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=True
    )
    try:
        root = lxml_html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except etree.LxmlError as error:
        raise _nothing(path) from error
    if any(_TOO_DEEP in entry.message for entry in parser.error_log):
        raise _too_much("the page is nested more than 2,000 levels deep", path)
    if sum(1 for _ in root.iter()) > most_elements:
        raise _too_much(f"the page has more than {most_elements:,} elements", path)
    return root


def _nothing(path: str) -> IssueFileError:
    return IssueFileError(
        "there is nothing to read on this page", where=path, next_step="save the page again"
    )


def _too_much(what: str, path: str) -> IssueFileError:
    return IssueFileError(
        what, where=path, next_step="save the article alone, or paste its text into a .txt file"
    )


class _Reading:
    """One page's elements to tags of ours, each with the styles that its classes give it."""

    def __init__(self, styles: PageStyles) -> None:
        self._styles = styles

    def tag(self, element: etree._Element, depth: int) -> Tag:
        inner = tuple(self._inner(element, depth))
        tag = Tag(str(element.tag), self._attributes(element), inner)
        keeps_lines = tag.name == "pre" or tag.style("white-space").startswith("pre")
        return _with_breaks(tag) if keeps_lines else tag

    def _attributes(self, element: etree._Element) -> dict[str, str]:
        attributes = {str(key): without_c1(str(value)) for key, value in element.attrib.items()}
        if given := self._styles.of(str(element.tag), attributes.get("class", "")):
            attributes["style"] = f"{given};{attributes.get('style', '')}"
        return attributes

    def _inner(self, element: etree._Element, depth: int) -> Iterator[Tag | str]:
        yield from _words(element.text)
        for child in element:
            if child.tag in _NO_WORDS:
                pass
            elif depth >= _MAX_DEPTH:
                yield from self._flat(child)
            else:
                yield self.tag(child, depth + 1)
            yield from _words(child.tail)

    def _flat(self, element: etree._Element) -> Iterator[Tag]:
        """An element and all below it as neighbours, each with its own words alone."""
        walker = etree.iterwalk(element, events=("start", "end"))
        for event, each in walker:
            if event == "start":
                tag = Tag(str(each.tag), self._attributes(each), tuple(_words(each.text)))
                if each.tag in _NO_WORDS:
                    walker.skip_subtree()
                elif why_left(tag):
                    walker.skip_subtree()
                    yield tag.having((without_c1("".join(map(str, each.itertext()))),))
                else:
                    yield tag
            elif each is not element and each.tail:
                above = each.getparent()
                assert above is not None
                yield Tag(str(above.tag), self._attributes(above), tuple(_words(each.tail)))


def _with_breaks(tag: Tag) -> Tag:
    """The same with an element for each line end, of words that keep theirs."""
    children: list[Tag | str] = []
    for child in tag.children:
        if isinstance(child, Tag):
            children.append(_with_breaks(child))
            continue
        first, *others = child.strip("\n").split("\n") if tag.name == "pre" else child.split("\n")
        children.append(first)
        for line in others:
            children += [Tag("br", {}, ()), line]
    return tag.having(children)


def _words(text: str | None) -> Iterator[str]:
    if text:
        yield without_c1(text)


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
    return without_c1(element.get(name) or "").strip() if element is not None else ""
