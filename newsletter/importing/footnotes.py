"""Footnotes to their places: an issue has no foot of a page, so a note stands in brackets.

A mark is a short raised or bracketed link to a place on the same page, and its note what stands
there, as pages, mail programs and word processors write them.
"""

import re
from collections.abc import Iterator, Mapping

from newsletter.importing.losses import Change, Kind
from newsletter.importing.tags import BLOCKS, HEADINGS, Tag, left_out

_MARK = re.compile(r"\W{0,2}(?:\d{1,3}|[a-z]{1,2}|[ivxlc]{1,6}|[*†‡§¶]{1,3})\W{0,2}", re.IGNORECASE)
_BACK = re.compile(r"[\W\d_a-z]{0,4}\Z", re.IGNORECASE)
_NUMBER = re.compile(r"\A\s*(?:\[?\d{1,3}[\].)]|\d{1,3}(?=\s)|[*†‡§¶]{1,3})\s*")
_NAMED = re.compile(r"foot-?notes?|end-?notes?|\Anotes?\Z|references?|fn|_ftn", re.IGNORECASE)
_NOTES = re.compile(r"(?:foot|end)?notes?|references?|anmerkungen|fußnoten|notas?", re.IGNORECASE)
_REMARK = re.compile(r"_?cmnt\d|_msocom_?\d", re.IGNORECASE)
"""Editors' remarks, as Google Docs and Word write them: they are for nobody else."""

_REMARK_MARK = re.compile(r"\W{0,2}[\w ]{1,12}\W{0,2}")
_REMARK_BACK = re.compile(r"#(?:_msoanchor|cmnt_ref)_?\d")
_MANY = 500


def place_footnotes(body: Tag) -> Tag:
    """The page with each note where its mark was. A mark without a note is left out."""
    marks = [tag for tag in body.tags() if _leads(tag)]
    if not marks or len(marks) > _MANY:
        return body
    placing = _Placing(body, marks)
    return placing.placed(body) or body


def _leads(tag: Tag) -> str:
    """Where on the page a mark leads, or "" where it is none."""
    href = tag.get("href") if tag.name == "a" else ""
    if len(href) < 2 or href[0] != "#":
        return ""
    mark = _REMARK_MARK if _REMARK.match(href[1:]) else _MARK
    return href[1:] if mark.fullmatch(tag.text()) else ""


class _Placing:
    """One page: the notes that its marks lead to, and the elements that go with them."""

    def __init__(self, body: Tag, marks: list[Tag]) -> None:
        place = {id(tag): number for number, tag in enumerate(body.tags())}
        first = {_leads(mark): place[id(mark)] for mark in reversed(marks)}
        # What stands before its mark is no note: a note's link back leads there.
        self._notes: Mapping[str, Tag] = {
            name: note
            for name, note in _targets(body, first, None)
            if place[id(note)] > first[name]
        }
        self._gone = {id(note) for note in self._notes.values()}
        self._used: set[str] = set()

    def placed(self, tag: Tag, *, is_raised: bool = False) -> Tag | None:
        """The element with notes placed in it; None where nothing of it is left."""
        children: list[Tag | str] = []
        for child in tag.children:
            if isinstance(child, str):
                children.append(child)
            elif id(child) in self._gone:
                if children and isinstance(children[-1], Tag) and children[-1].name == "hr":
                    children.pop()
                _drop_heading(children)
            elif child.name == "sup" or _is_super(child):
                children += self._of_sup(child)
            elif _leads(child) and (is_raised or self._is_note(child)):
                children += self._note(child)
            elif inner := self.placed(child, is_raised=is_raised):
                children.append(inner)
            else:
                _drop_heading(children)
        had = any(isinstance(child, Tag) for child in tag.children)
        is_empty = had and tag.name in BLOCKS and not tag.having(children).has_content()
        return None if is_empty and tag.has_content() else tag.having(children)

    def _of_sup(self, tag: Tag) -> list[Tag | str]:
        """A raised mark loses its raising; two notes may share one."""
        if not any(_leads(inner) for inner in tag.tags()):
            return [tag]
        placed = self.placed(Tag("span", {}, tag.children), is_raised=True)
        return [placed] if placed else []

    def _is_note(self, mark: Tag) -> bool:
        target = _leads(mark)
        names = f"{mark.get('class')} {mark.get('role')} {mark.get('epub:type')}"
        if _REMARK.match(target):
            return True
        is_bracketed = mark.text().startswith(("[", "("))
        return target in self._notes and (
            is_bracketed or "noteref" in names or _NAMED.search(f"{names} {target}") is not None
        )

    def _note(self, mark: Tag) -> Iterator[Tag | str]:
        target = _leads(mark)
        note = self._notes.get(target)
        if _REMARK.match(target):
            yield left_out(Kind.REVIEW, " ".join(_strings(note)) if note else "")
            return
        words = [*_words_of(note)] if note and target not in self._used else []
        self._used.add(target)
        if any(isinstance(word, Tag) or word.strip() for word in words):
            yield from (left_out(Change.FOOTNOTES), Tag("span", {}, (" (", *words, ")")))
        else:
            yield left_out(Kind.FOOTNOTES, mark.text())


def _is_super(tag: Tag) -> bool:
    return tag.name in {"span", "font", "a"} and tag.style("vertical-align") == "super"


def _targets(tag: Tag, wanted: Mapping[str, int], block: Tag | None) -> Iterator[tuple[str, Tag]]:
    """The notes that are led to: the smallest block round each place of a wanted name."""
    if tag.name in {"li", "p", "div", "dd", "td", "aside", "section"}:
        block = tag
    for name in (tag.get("id"), tag.get("name") if tag.name == "a" else ""):
        if name in wanted and block is not None and tag.name not in HEADINGS:
            yield name, block
    for child in tag.children:
        if isinstance(child, Tag):
            yield from _targets(child, wanted, block)


def _words_of(note: Tag) -> Iterator[Tag | str]:
    """A note's words and links in one line, without the links back and its number."""
    yield from _trimmed([*_inline(note)])


def _inline(tag: Tag) -> Iterator[Tag | str]:
    for child in tag.children:
        if isinstance(child, str):
            yield child
        elif child.name == "a" and _leads_back(child):
            continue
        elif child.name in BLOCKS or child.name in {"br", "sup"}:
            yield " "
            yield from _inline(child)
        else:
            yield child.having(_inline(child))


def _leads_back(link: Tag) -> bool:
    href = link.get("href")
    is_short = href.startswith("#") and _BACK.match(link.text())
    return bool(is_short or _REMARK_BACK.match(href))


def _strings(note: Tag) -> Iterator[str]:
    for word in _words_of(note):
        yield word if isinstance(word, str) else word.text()


def _trimmed(words: list[Tag | str]) -> Iterator[Tag | str]:
    texts = [at for at, word in enumerate(words) if not isinstance(word, str) or word.strip()]
    if not texts:
        return
    words = words[texts[0] : texts[-1] + 1]
    if isinstance(words[0], Tag) and words[0].children:  # a span, with the space before its words
        words[0] = words[0].having(_trimmed([*words[0].children, ""]))
    first, last = words[0], words[-1]
    if isinstance(first, str):
        words[0] = first = _NUMBER.sub("", first, count=1).lstrip("^ \t\r\n\xa0")
    if isinstance(last, str):
        words[-1] = (first if len(words) == 1 else last).rstrip()  # type: ignore[union-attr]
    yield from words


def _drop_heading(children: list[Tag | str]) -> None:
    """The heading of notes that are all at their places now."""
    while children and isinstance(children[-1], str) and not children[-1].strip():
        children.pop()
    last = children[-1] if children else None
    if isinstance(last, Tag) and last.name in HEADINGS and _NOTES.fullmatch(last.text().strip()):
        children.pop()
