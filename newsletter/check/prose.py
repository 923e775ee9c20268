"""An issue's paragraphs as a reader sees them, each character still with its place in the source.

Marks of emphasis, brackets and targets of links and comments are gone; what is no prose at all
(an address, an image, code, a merge field) is one OBJECT. The rules of typography read this.
"""

import re
from bisect import bisect_right
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field

from newsletter.check.diagnostic import Edit
from newsletter.issue import Block, Issue, Line, Paragraph, Source, Span, Text

OBJECT = "\ufffc"
"""Stands for what is not prose, so that the words beside it do not touch."""

_TARGET = (
    r"\]\((?:<[^<>\n]*>|[^\s()]*(?:\([^\s()]*\)[^\s()]*)*)"
    r"(?:\s+(?:\"[^\"\n]*\"|'[^'\n]*'))?\s*\)"
)
# Every branch stops at the sign that opens it or is bounded, so that no text is read twice.
_MARKS = re.compile(
    rf"""
      (?P<target>{_TARGET})
    | (?P<open>!?\[)
    | (?P<gone><!--(?:[^-<]|-(?!->)|<(?!!--))*-->|\\(?=\n|\Z)
        |~~|</?(?:su[bp]|s|del|strike)>
        |(?<=[\w)\]”’])[\^~](?=[\w+−–-]{{1,20}}[\^~])|(?<=[\w+−–-])[\^~](?!\w))
    | (?P<escape>\\)[!-/:-@\[-`{{-~]
    | (?P<object>
        \{{\{{[^{{}}]{{0,200}}\}}\}} | \{{%[^{{}}]{{0,200}}%\}}
      | (?<!`)`{{1,3}}[^`]+`{{1,3}}
      | <[A-Za-z][A-Za-z0-9+.-]{{1,31}}:[^\s<>]*>
      | (?:https?://|www\.)[^\s<>"“”]*[^\s<>"“”.,;:!?)\]'’*_…]
      | &(?:\#\w{{1,7}}|[A-Za-z]\w{{1,31}});
      )
    | (?P<emphasis>\*+|_+)
    """,
    re.VERBOSE,
)
_HAS_MARKS = re.compile(r"[*_\[`<\\&~^]|\{[{%]|://|www\.")
_UNREAD = ("://", "www.", "{{", "{%")
"""What Markdown takes for plain text, and we do not."""
_CONTAINER = re.compile(r"\s{0,3}(?:>[ ]?|(?P<item>[-*+][ \t]+|\d{1,9}[.)][ \t]+))")
_HEADING = re.compile(r"\s{0,3}#{1,6}[ \t]+")

Part = Block | Line
"""What holds prose: both have `markdown` and `span`."""

_Row = tuple[int, int, int]
"""Where a line begins in the joined text, its number in the source, its first column."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Prose:
    """One paragraph. Its lines are joined by line ends.

    `offsets` are where in `text` each run of unbroken characters begins, and `starts` the same
    places in the paragraph's own Markdown, whose lines are `rows`; `escaped` are the starts that
    have a backslash before them.
    """

    text: str
    offsets: Sequence[int]
    starts: Sequence[int]
    rows: Sequence[_Row]
    escaped: Collection[int] = ()

    def span(self, start: int, end: int) -> Span:
        """The place of the characters from `start` up to, not including, `end`."""
        if len(self.offsets) == 1 == len(self.rows):  # a line as typed, as most are
            _, line, first = self.rows[0]
            first += self.starts[0]
            return Span(line=line, column=first + start, end_line=line, end_column=first + end)
        line, column = self._place(start)
        end_line, end_column = self._place(end - 1)
        return Span(line=line, column=column, end_line=end_line, end_column=end_column + 1)

    def without(self, index: int) -> Edit:
        """The edit that takes one character out, and the backslash that may stand before it."""
        run = bisect_right(self.offsets, index) - 1
        is_escaped = index == self.offsets[run] and self.starts[run] in self.escaped
        line, column = self._place(index)
        first = column - 1 if is_escaped else column
        span = Span(line=line, column=first, end_line=line, end_column=column + 1)
        return Edit(span=span, text="")

    def _place(self, index: int) -> tuple[int, int]:
        run = bisect_right(self.offsets, index) - 1
        raw = self.starts[run] + index - self.offsets[run]
        at, line, column = self.rows[bisect_right(self.rows, (raw, 1 << 60, 0)) - 1]
        return line, column + raw - at


def passages(issue: Issue) -> Iterator[tuple[Part, ...]]:
    """What belongs together, in file order: subject, preheader, correction, title, intro, ..."""
    for key in ("subject", "preheader", "correction"):
        if line := _front_matter_line(issue, key):
            yield (line,)
    if issue.title:
        yield (issue.title,)
    yield _shown(issue.intro)
    yield from _of_sponsors(issue, 0)
    for place, story in enumerate(issue.stories, start=1):
        yield (story.headline,)
        yield story.paragraphs
        yield from _of_sponsors(issue, place)
    if issue.footer:
        yield (issue.footer,)
    yield _shown(issue.after_footer)


def _of_sponsors(issue: Issue, after: int) -> Iterator[tuple[Part, ...]]:
    for sponsor in issue.sponsors:
        if sponsor.after == after:
            yield (sponsor.name,)
            yield sponsor.paragraphs


def prose_of(issue: Issue, pattern: re.Pattern[str]) -> Iterator[Prose]:
    """The prose of every part in whose Markdown the pattern occurs: most have nothing to find."""
    for passage in passages(issue):
        for part in passage:
            if pattern.search(part.markdown):
                yield from read(issue.source, part)


def read(source: Source, part: Part) -> tuple[Prose, ...]:
    """The paragraphs of a part: one, but for lists and quotes."""
    if _is_as_typed(part):
        row = (0, part.span.line, part.span.column)
        return (Prose(text=part.markdown, offsets=(0,), starts=(0,), rows=(row,)),)
    rows, texts = [], []
    for number in range(part.span.line, part.span.end_line + 1):
        first = part.span.column if number == part.span.line else 1
        last = part.span.end_column if number == part.span.end_line else None
        texts.append(source.line(number)[first - 1 : last and last - 1])
        rows.append((number, first))
    if isinstance(part, Line) or all(isinstance(node, Paragraph) for node in part.nodes):
        return (_paragraph(texts, rows),)
    return tuple(_paragraph(*lines) for lines in _apart(texts, rows))


def _is_as_typed(part: Part) -> bool:
    """Whether a part is one line of text without any mark, as most are."""
    match part:
        case (
            Block(nodes=(Paragraph(inlines=(Text(text=text),)),)) | Line(inlines=(Text(text=text),))
        ):
            is_whole = text == part.markdown and part.span.line == part.span.end_line
            return is_whole and not any(mark in text for mark in _UNREAD)
        case _:
            return False


def _front_matter_line(issue: Issue, key: str) -> Line | None:
    """A value of the front matter, where it stands there as it is: unquoted, on one line."""
    entry = issue.front_matter.get(key)
    if entry is None or entry.value_span.line != entry.value_span.end_line:
        return None
    span = entry.value_span
    if issue.source.line(span.line)[span.column - 1 : span.end_column - 1] != entry.value:
        return None
    return Line(text=entry.value, inlines=(), markdown=entry.value, span=span)


def _shown(blocks: Sequence[Block]) -> tuple[Block, ...]:
    return tuple(block for block in blocks if not block.comment)


def _apart(
    texts: Sequence[str], rows: Sequence[tuple[int, int]]
) -> Iterator[tuple[list[str], list[tuple[int, int]]]]:
    """The lines of a block paragraph by paragraph: list items, quotes and headings apart."""
    kept: list[str] = []
    places: list[tuple[int, int]] = []
    depth = 0
    for text, (number, column) in zip(texts, rows, strict=True):
        at, quotes, is_item = _opening(text)
        heading = _HEADING.match(text, at)
        at = heading.end() if heading else at
        begins = is_item or quotes > depth or heading or not text[at:].strip()
        if begins and kept:
            yield kept, places
            kept, places = [], []
        depth = quotes
        if text[at:].strip():
            kept.append(text[at:])
            places.append((number, column + at))
        if heading:
            yield kept, places
            kept, places = [], []
    if kept:
        yield kept, places


def _opening(text: str) -> tuple[int, int, bool]:
    """Where a line's words begin, how many quotes it is in, and whether it opens a list item."""
    at, quotes, is_item = 0, 0, False
    while match := _CONTAINER.match(text, at):
        is_item = is_item or match["item"] is not None
        quotes += match["item"] is None
        at = match.end()
    return at, quotes, is_item


def _paragraph(texts: Sequence[str], places: Sequence[tuple[int, int]]) -> Prose:
    raw = "\n".join(texts)
    rows, at = [], 0
    for text, (number, column) in zip(texts, places, strict=True):
        rows.append((at, number, column))
        at += len(text) + 1
    if not _HAS_MARKS.search(raw):
        return Prose(text=raw, offsets=(0,), starts=(0,), rows=rows)
    runs = _Runs(raw)
    runs.cut()
    offsets, total = [], 0
    for text, _ in runs.kept:
        offsets.append(total)
        total += len(text)
    return Prose(
        text="".join(text for text, _ in runs.kept),
        offsets=offsets or (0,),
        starts=[start for _, start in runs.kept] or (0,),
        rows=rows,
        escaped=runs.escaped,
    )


@dataclass
class _Runs:
    """Cuts Markdown into the runs of characters that are shown, each with where it begins.

    `brackets` are those not closed yet: where in `kept` each stands, and whether it is an image's.
    """

    raw: str
    kept: list[tuple[str, int]] = field(default_factory=list)
    brackets: list[tuple[int, bool]] = field(default_factory=list)
    escaped: set[int] = field(default_factory=set)

    def cut(self) -> None:
        done = 0
        for match in _MARKS.finditer(self.raw):
            self._keep(done, match.start())
            self._mark(match)
            done = match.end()
            if match["escape"]:
                done = match.end("escape")
                self.escaped.add(done)
        self._keep(done, len(self.raw))
        self.kept = [run for run in self.kept if run[0]]

    def _keep(self, start: int, end: int) -> None:
        if start < end:
            self.kept.append((self.raw[start:end], start))

    def _mark(self, match: re.Match[str]) -> None:
        if match["object"]:
            self.kept.append((OBJECT, match.start()))
        elif match["open"]:
            self.brackets.append((len(self.kept), match["open"] == "!["))
            self._keep(match.start(), match.end())
        elif match["target"]:
            self._close(match)
        elif match["emphasis"] and self._is_plain(match):
            self._keep(match.start(), match.end())

    def _close(self, match: re.Match[str]) -> None:
        """The end of a link takes its bracket away; the end of an image, all of the image."""
        if not self.brackets:
            self._keep(match.start(), match.end())
            return
        at, is_image = self.brackets.pop()
        start = self.kept[at][1]
        if is_image:
            del self.kept[at:]
            self.kept.append((OBJECT, start))
        else:
            self.kept[at] = ("", start)

    def _is_plain(self, match: re.Match[str]) -> bool:
        """Whether asterisks or underscores mark nothing: they stand alone, or inside a word."""
        before = self.raw[match.start() - 1 : match.start()]
        after = self.raw[match.end() : match.end() + 1]
        if not before.strip() and not after.strip():
            return True
        return match[0].startswith("_") and before.isalnum() and after.isalnum()
