"""Where the front matter of a text begins and ends, whatever its fences look like.

A fence is a line `---`. Word processors make a dash of it, editors of other programs write `+++`,
chats hand invisible characters along; what looks like a fence and keys is a header all the same,
for as text it would be mailed. How far it is from the right form is for `front_matter` to say.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches

from newsletter.issue.pieces import is_blank
from newsletter.issue.source import Source

KEYS = ("subject", "preheader", "date", "number", "author", "correction")
"""What a key may be; the order is that of a new issue."""

INVISIBLE = "\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff"
_GONE = re.compile(rf"[\s{INVISIBLE}]+")
_UNSEEN = re.compile(f"[{INVISIBLE}]+")
_DASHES = "\\-\u2010-\u2015\u2043\u2212\u2500\u2501\u2550\ufe58\ufe63\uff0d"
_FENCE = re.compile(rf"(?:[{_DASHES}*_=+~`#•·\\]+(?:ya?ml|toml)?|\.\.\.)", re.IGNORECASE)
_OPENS_FENCE = re.compile(rf"[\s{INVISIBLE}]*[{_DASHES}*_=+~`#•·\\.]")
"""What most lines fail at their first letter."""
_EXACT = {"---"}
_EXACT_CLOSING = {"---", "..."}

_NUMBERED = re.compile(r"\s{0,3}(?:#{1,6}\s+)?\d{1,2}[.)]\s|\s{0,3}##\s*\S")
"""A headline: what follows is the issue, and the next fence is the one above its footer."""
_KEY_LIKE = re.compile(
    rf"[\s{INVISIBLE}]*(?:[-*]\s+)?[\"']?[^\W\d_][\w-]*[\"']?\s*(?:[:=]\s|:$|：)"
)
_KNOWN = re.compile(
    rf"[\s{INVISIBLE}]*(?:[-*]\s+)?[\"']?(?:{'|'.join(KEYS)})[\"']?\s*[:=：]", re.IGNORECASE
)
_KNOWN_AS_TYPED = re.compile(rf"(?:{'|'.join(KEYS)})\s*[:：]")
_TYPED = re.compile(rf"(?:{'|'.join(KEYS)}): ")
_WITHOUT_COLON = re.compile(rf"(?:{'|'.join(KEYS)})\s")
_WORD = re.compile(rf"[\s{INVISIBLE}]*[\"']?([^\W\d_][\w -]*)")


@dataclass(frozen=True, slots=True)
class Header:
    """Lines, counted from one: those of the fences, and what stands between (each may be empty)."""

    opening: range
    lines: range
    closing: range

    @property
    def first(self) -> int:
        return (self.opening or self.lines).start

    @property
    def last(self) -> int:
        return (self.closing or self.lines or self.opening).stop - 1


def find_header(source: Source) -> Header | None:
    """The header on top of a text, below blank lines at the most, or None where there is none."""
    if (canonical := _canonical(source)) is not None:
        return canonical
    first = next_line(source, 1)
    if first is None:
        return None
    if not is_fence(source.line(first)):
        return _bare(source, first)
    start = first + 1
    if _is_code(source.line(first)) and start <= len(source.lines):
        start += is_fence(source.line(start))
    return _fenced(source, range(first, start))


def _canonical(source: Source) -> Header | None:
    """The header as it should be: our keys between two fences, from the first line on."""
    lines = source.lines
    if lines[:1] != ("---",):
        return None
    last = next((n for n in range(1, len(lines)) if not _TYPED.match(lines[n])), 1)
    is_closed = 1 < last < len(lines) and lines[last] == "---"
    return Header(range(1, 2), range(2, last + 1), range(last + 1, last + 2)) if is_closed else None


def next_line(source: Source, start: int) -> int | None:
    """The first line from `start` on that is not blank."""
    numbers = range(start, len(source.lines) + 1)
    return next((number for number in numbers if not is_blank(source.line(number))), None)


def is_fence(line: str) -> bool:
    return bool(_OPENS_FENCE.match(line)) and _FENCE.fullmatch(_GONE.sub("", line)) is not None


def is_exact(line: str, *, closes: bool = False) -> bool:
    """Whether it is a fence as it should be, but for characters that nobody sees."""
    return _UNSEEN.sub("", line).strip() in (_EXACT_CLOSING if closes else _EXACT)


def is_near_key(word: str) -> bool:
    return bool(get_close_matches(word.strip().lower(), KEYS, n=1, cutoff=0.75))


def stray_key(source: Source, start: int) -> int | None:
    """A line with a key of ours from `start` on that opens the text or stands below a fence.

    Only what stands before the first headline is looked at: no story opens like this.
    """
    above_is_fence = True
    for number in range(start, len(source.lines) + 1):
        line = source.line(number)
        if above_is_fence and _KNOWN_AS_TYPED.match(line):
            return number
        if _NUMBERED.match(line):
            return None
        above_is_fence = is_fence(line) or (above_is_fence and is_blank(line))
    return None


def _is_code(line: str) -> bool:
    return line.lstrip().startswith(("```", "~~~"))


def _bare(source: Source, first: int) -> Header | None:
    """Keys without a fence above: two of ours, or one as it should be typed."""
    if not _KNOWN.match(source.line(first)):
        return None
    lines, closing = _walk(source, first)
    known = sum(_KNOWN.match(source.line(number)) is not None for number in lines)
    if known > 1 or _KNOWN_AS_TYPED.match(source.line(first)):
        return Header(range(first, first), lines, closing)
    return None


def _fenced(source: Source, opening: range) -> Header | None:
    lines, closing = _walk(source, opening.stop)
    if closing and _is_code(source.line(opening.start)):
        more = closing.stop
        if more <= len(source.lines) and _is_code(source.line(more)):
            closing = range(closing.start, more + 1)
    words = [source.line(number) for number in lines if not is_blank(source.line(number))]
    if not _is_header(source, opening, words, closing):
        return None
    return Header(opening, lines, closing)


def _is_header(source: Source, opening: range, words: list[str], closing: range) -> bool:
    """Whether what stands below a fence is a header, and not prose below a thematic break."""
    keys = [line for line in words if _KEY_LIKE.match(line)]
    if not closing:
        return bool(words) and (_KNOWN.match(words[0]) is not None or len(keys) == len(words) > 1)
    if any(map(_is_strong, words)):
        return True
    if not all(is_exact(source.line(number)) for number in opening):
        return len(keys) == len(words) > 1
    is_exactly_closed = is_exact(source.line(closing.start), closes=True)
    has_blank = len(words) < closing.start - opening.stop
    return is_exactly_closed and (not has_blank or len(keys) == len(words) > 0 or _notes(words))


def _notes(words: list[str]) -> bool:
    return all(line.startswith("#") for line in words) and bool(words)


def _is_strong(line: str) -> bool:
    """Whether a line has a key of ours, perhaps misspelt, perhaps without its colon."""
    if _KNOWN.match(line) or _WITHOUT_COLON.match(line):
        return True
    if not _KEY_LIKE.match(line) or (word := _WORD.match(line)) is None:
        return False
    return is_near_key(word[1])


def _walk(source: Source, start: int) -> tuple[range, range]:
    """The lines from `start` on that may belong to a header, and its closing fence, if any."""
    last = start - 1
    for paragraph in _paragraphs(source, start):
        number = paragraph.start
        if is_fence(source.line(number)):
            return range(start, number), range(number, number + 1)
        if not _belongs(source, paragraph):
            break
        last = paragraph.stop - 1
        follows = source.line(last + 1) if last < len(source.lines) else ""
        if not is_fence(follows):
            last = _last_key(source, paragraph)
            if last < paragraph.stop - 1:
                break
    return range(start, last + 1), range(last + 1, last + 1)


def _paragraphs(source: Source, start: int) -> Iterator[range]:
    """Runs of lines without a blank one, fences apart, up to the first headline."""
    first = None
    for number in range(start, len(source.lines) + 1):
        line = source.line(number)
        is_end = _NUMBERED.match(line) is not None
        if is_end or is_blank(line) or is_fence(line):
            if first is not None:
                yield range(first, number)
                first = None
            if is_end:
                return
            if not is_blank(line):
                yield range(number, number + 1)
        elif first is None:
            first = number
    if first is not None:
        yield range(first, len(source.lines) + 1)


def _belongs(source: Source, paragraph: range) -> bool:
    """Whether a run of lines holds keys, or is directly fenced, or only notes (`# …`)."""
    lines = [source.line(number) for number in paragraph]
    if any(_is_strong(line) or _KEY_LIKE.match(line) for line in lines):
        return True
    follows = next_line(source, paragraph.stop)
    is_closed = follows is not None and is_fence(source.line(follows))
    if all(line.startswith("#") for line in lines):
        return follows is not None and (is_closed or _is_strong(source.line(follows)))
    return is_closed and follows == paragraph.stop


def _last_key(source: Source, paragraph: range) -> int:
    """The last line of a run that is a key or goes on with one; prose may follow at once."""
    last = paragraph.start
    for number in paragraph:
        line = source.line(number)
        is_whole = _KEY_LIKE.match(line) or _is_strong(line)
        if is_whole or (number == last + 1 and line[:1].isspace()):
            last = number
        elif not line.startswith("#"):
            break
    return last
