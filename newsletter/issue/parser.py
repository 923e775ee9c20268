"""Text to Issue: title, intro, stories, footer, each with its place. Never raises on content.

The same parser reads canonical Markdown and plain text as editors paste it. It decides what the
parts are; what is wrong with them is for `newsletter.check` to say. The cues by which it knows a
footer are the caller's to change for another language.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from newsletter.issue.cues import ENGLISH, Cues
from newsletter.issue.front_matter import issue_date, issue_number, read_front_matter
from newsletter.issue.headlines import Headline, find_headlines, is_marked
from newsletter.issue.intro import intro_names
from newsletter.issue.markdown import parse_inlines, parse_markdown
from newsletter.issue.model import Block, Issue, Line, Sponsor, Story
from newsletter.issue.pieces import Kind, Piece, cut, has_no_blank_lines, split_long_lines
from newsletter.issue.places import Places
from newsletter.issue.plain import plain_inlines, plain_text
from newsletter.issue.source import Source, Span, load_source
from newsletter.issue.sponsors import with_sponsors, without_sponsors
from newsletter.issue.title import title_count

_MAX_FOOTER_WORDS = 40
_MAX_TITLE_WORDS = 30
_MAX_TITLE_LENGTH = 2000
"""Characters of Markdown, addresses included: what is longer is not read to count its words."""

_TITLE_MARK = re.compile(r"\s{0,3}#\s+(?=\S)")
_TOP_TITLE_MARK = re.compile(r"\s{0,3}##?\s+(?=\S)")
_CLOSERS = "”’\"')"
_SENTENCES = re.compile(r"[.!?][”’\"')]*\s+\S")


def parse_issue(source: Source, *, cues: Cues = ENGLISH) -> Issue:
    """Parse an issue. Any text at all gives an Issue; `cues` are the words of its language."""
    front_matter, start = read_front_matter(source)
    day, date_fault = issue_date(source, front_matter)
    number, number_fault = issue_number(front_matter)
    if more := [fault for fault in (date_fault, number_fault) if fault]:
        front_matter = replace(front_matter, faults=(*front_matter.faults, *more))
    parts = _Parts(source, start, cues)
    title, intro = parts.head()
    stories, sponsors, footer, after_footer = parts.stories()
    intro_text = "\n\n".join(block.text for block in intro if not block.comment)
    return Issue(
        source=source,
        front_matter=front_matter,
        title=title,
        title_count=title_count(title.text, cues) if title else None,
        intro=intro,
        intro_names=intro_names(intro_text, cues),
        stories=stories,
        footer=footer,
        after_footer=after_footer,
        date=day,
        number=number,
        sponsors=sponsors,
    )


def load_issue(path: str | Path, *, cues: Cues = ENGLISH) -> Issue:
    """Read and parse a file. Raises IssueFileError where it is not a text file."""
    return parse_issue(load_source(path), cues=cues)


class _Parts:
    """The pieces of one source, and the parts of an issue among them."""

    def __init__(self, source: Source, start: int, cues: Cues) -> None:
        lines_are_blocks = has_no_blank_lines(source, start)
        self._source = source
        self._footer_cue = re.compile(cues.footer, re.IGNORECASE | re.DOTALL)
        self._pieces = cut(source, start, lines_are_blocks=lines_are_blocks)
        pieces = without_sponsors(source, self._pieces, cues.sponsor)
        headlines = find_headlines(source, pieces, lines_are_blocks=lines_are_blocks, cues=cues)
        self._is_marked = is_marked(headlines)
        self._headlines = with_sponsors(source, self._pieces, headlines, cues.sponsor)
        self._firsts = [piece.first for piece in self._pieces]
        self._lasts = [piece.last for piece in self._pieces]
        self._read: dict[
            tuple[int, int], Block
        ] = {}  # the last part is read once more to find its footer

    def head(self) -> tuple[Line | None, tuple[Block, ...]]:
        """Title and intro: what stands before the first headline."""
        end = self._headlines[0].line if self._headlines else len(self._source.lines) + 1
        pieces = self._between(0, end)
        if not self._headlines:
            pieces = pieces[: self._footer_at(pieces)]
        title, rest = self._title(pieces)
        return title, self._blocks(rest)

    def stories(
        self,
    ) -> tuple[tuple[Story, ...], tuple[Sponsor, ...], Block | None, tuple[Block, ...]]:
        """The stories, the sponsors, the footer, and what stands after it."""
        if not self._headlines:
            pieces = self._between(0, len(self._source.lines) + 1)
            return (), (), *self._footer(pieces[self._footer_at(pieces) :])
        ends = [headline.line for headline in self._headlines[1:]]
        bodies = [
            self._between(headline.line, end)
            for headline, end in zip(
                self._headlines, [*ends, len(self._source.lines) + 1], strict=True
            )
        ]
        bodies[-1] = list(self._with_footer_apart(bodies[-1]))
        at = self._footer_at(bodies[-1])
        while at < len(bodies[-1]) and bodies[-1][at].kind is not Kind.TEXT:
            at += 1  # a comment between the break and the footer stays where it is: above it
        tail = bodies[-1][at:]
        bodies[-1] = bodies[-1][:at]
        stories, sponsors = self._told_apart(bodies)
        return stories, sponsors, *self._footer(tail)

    def _told_apart(
        self, bodies: Sequence[Sequence[Piece]]
    ) -> tuple[tuple[Story, ...], tuple[Sponsor, ...]]:
        stories: list[Story] = []
        sponsors: list[Sponsor] = []
        for headline, body in zip(self._headlines, bodies, strict=True):
            if headline.is_sponsor:
                sponsors.append(self._sponsor(headline, body, after=len(stories)))
            else:
                stories.append(self._story(headline, body))
        return tuple(stories), tuple(sponsors)

    def _between(self, after: int, end: int) -> list[Piece]:
        """The pieces below line `after` and above line `end`, cut where they cross."""
        found = []
        begin = bisect_right(self._lasts, after)
        for piece in self._pieces[begin : bisect_left(self._firsts, end)]:
            first, last = max(piece.first, after + 1), min(piece.last, end - 1)
            if first <= last:
                is_whole = first == piece.first and last == piece.last
                found.append(piece if is_whole else Piece(piece.kind, first, last))
        return found

    def _title(self, pieces: list[Piece]) -> tuple[Line | None, list[Piece]]:
        texts = [piece for piece in pieces if piece.kind is Kind.TEXT]
        underlined = {piece.first - 1 for piece in pieces if piece.kind is Kind.UNDERLINE}
        marked = next((p for p in texts if p.last in underlined or self._has_title_mark(p)), None)
        piece = marked or (texts[0] if texts else None)
        last = piece.first if piece and piece is marked else None
        if piece and last is None:
            last = self._title_end(piece, is_followed=len(texts) > 1)
        if piece is None or last is None:
            return None, pieces
        at = pieces.index(piece)
        rest = [Piece(Kind.TEXT, last + 1, piece.last)] if last < piece.last else []
        return self._title_line(piece.first, last), [*pieces[:at], *rest, *pieces[at + 1 :]]

    def _has_title_mark(self, piece: Piece) -> bool:
        return _TITLE_MARK.match(self._source.line(piece.first)) is not None

    def _title_end(self, piece: Piece, *, is_followed: bool) -> int | None:
        """The last line of the title in an unmarked piece, or None where the piece is no title."""
        if _TOP_TITLE_MARK.match(self._source.line(piece.first)):
            return piece.first  # the only heading of level 2 that is no headline
        whole = " ".join(self._source.line(number) for number in piece.numbers)
        if _looks_like_title(whole, is_followed=is_followed):
            return piece.last
        if piece.is_one_line:
            return None
        first = self._source.line(piece.first)
        return piece.first if _looks_like_title(first, is_followed=True) else None

    def _title_line(self, first: int, last: int) -> Line:
        mark = _TOP_TITLE_MARK.match(self._source.line(first))
        column = mark.end() + 1 if mark else 1
        span = self._source.span(first, column, len(self._source.line(first)))
        if last > first:
            span = span.to(self._source.span_of_line(last))
        lines = [self._source.line(number) for number in range(first, last + 1)]
        text = " ".join(line.strip() for line in lines)[column - 1 :]
        return _line(re.sub(r"(?<=\S)\s+#+$", "", text.strip()), span)

    def _story(self, headline: Headline, body: Sequence[Piece]) -> Story:
        return Story(
            number=headline.number,
            marker=headline.marker,
            headline=self._words(headline),
            body=self._blocks(body),
            span=self._source.span_of_line(headline.line),
        )

    def _sponsor(self, headline: Headline, body: Sequence[Piece], *, after: int) -> Sponsor:
        return Sponsor(
            label=headline.marker.strip(" \t#*"),
            marker=headline.marker,
            name=self._words(headline),
            body=self._blocks(body),
            after=after,
            span=self._source.span_of_line(headline.line),
        )

    def _words(self, headline: Headline) -> Line:
        line = self._source.line(headline.line)
        width = headline.end_column - headline.column
        span = self._source.span(headline.line, headline.column, width)
        return _line(line[headline.column - 1 : headline.end_column - 1], span)

    def _footer_at(self, pieces: Sequence[Piece]) -> int:
        """Where in the last part the footer begins, its thematic break included."""
        rules = [index for index, piece in enumerate(pieces) if piece.kind is Kind.RULE]
        has_text_after = bool(rules) and any(
            piece.kind is Kind.TEXT for piece in pieces[rules[-1] :]
        )
        cued = [index for index, piece in enumerate(pieces) if self._is_footer(piece)]
        if has_text_after:
            return next((index for index in cued if index > rules[-1]), rules[-1])
        return cued[-1] if cued else len(pieces)

    def _with_footer_apart(self, pieces: Sequence[Piece]) -> Iterator[Piece]:
        """A footer straight below the end of a sentence is a piece of its own."""
        for piece in pieces:
            last = Piece(piece.kind, piece.last, piece.last)
            if (
                piece.is_one_line
                or not _ends_a_sentence(self._source.line(piece.last - 1))
                or not self._is_footer(last)
            ):
                yield piece
            else:
                yield Piece(piece.kind, piece.first, piece.last - 1)
                yield last

    def _is_footer(self, piece: Piece) -> bool:
        if piece.kind is not Kind.TEXT:
            return False
        text = self._block(piece).text
        return len(text.split()) <= _MAX_FOOTER_WORDS and self._footer_cue.match(text) is not None

    def _footer(self, pieces: Sequence[Piece]) -> tuple[Block | None, tuple[Block, ...]]:
        blocks = self._blocks(pieces)
        at = next((index for index, block in enumerate(blocks) if not block.comment), None)
        if at is None:
            return None, blocks
        return blocks[at], blocks[:at] + blocks[at + 1 :]

    def _blocks(self, pieces: Sequence[Piece]) -> tuple[Block, ...]:
        cut_further = [
            part
            for piece in pieces
            if piece.kind in {Kind.TEXT, Kind.COMMENT}
            for part in self._unwrapped(piece)
        ]
        return tuple(self._block(piece) for piece in cut_further)

    def _unwrapped(self, piece: Piece) -> list[Piece]:
        """Marked files are Markdown, where lines that follow each other are one paragraph."""
        if self._is_marked or piece.kind is not Kind.TEXT:
            return [piece]
        return split_long_lines(self._source, piece)

    def _block(self, piece: Piece) -> Block:
        place = piece.first, piece.last
        if place not in self._read:
            self._read[place] = self._read_block(piece)
        return self._read[place]

    def _read_block(self, piece: Piece) -> Block:
        span = self._source.span_of_lines(piece.first, piece.last)
        markdown = "\n".join(self._source.lines[piece.first - 1 : piece.last])
        if piece.kind is Kind.COMMENT:
            return Block(markdown=markdown, nodes=(), span=span, comment=True)
        places = Places(self._source, piece, piece.first)
        return Block(markdown=markdown, nodes=parse_markdown(markdown, locate=places), span=span)


def _line(markdown: str, span: Span) -> Line:
    inlines = parse_inlines(markdown)
    return Line(text=plain_inlines(inlines), inlines=inlines, markdown=markdown, span=span)


def _ends_a_sentence(line: str) -> bool:
    """Whether the line ends in a closing mark, perhaps with quotation marks or brackets after it.

    Not a pattern: one that looks for these ends tries again from every bracket of a long row.
    """
    line = line.rstrip()
    words = line.rstrip(_CLOSERS)
    return words.endswith((".", "!", "?")) or ")" in line[len(words) :]


def _looks_like_title(text: str, *, is_followed: bool) -> bool:
    """A short line without a full stop, or one short sentence with other text below it."""
    if len(text) > _MAX_TITLE_LENGTH:
        return False
    words = plain_text(parse_markdown(text)).split()
    if not words or len(words) > _MAX_TITLE_WORDS:
        return False
    plain = " ".join(words)
    if not plain.endswith((".", ":", ";", ",")):
        return not _SENTENCES.search(plain)
    return is_followed and len(words) <= _MAX_TITLE_WORDS // 2 and not _SENTENCES.search(plain)
