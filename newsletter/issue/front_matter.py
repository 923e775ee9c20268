"""Front matter: the few lines above an issue, read as keys with one line of text each.

Lines that hold a key and a plain value are read here; whatever else is YAML is left to
`newsletter.issue.yaml_entries`. Faults name the characters that they are about.
"""

import re
from collections.abc import Sequence
from datetime import date

from newsletter.issue.model import Entry, Fault, FrontMatter
from newsletter.issue.pieces import is_blank
from newsletter.issue.source import Source

MAX_CHARACTERS = 64 * 1024
_FENCE = re.compile(r"---\s*")
_CLOSING = re.compile(r"(?:---|\.\.\.)\s*")
_KEY = re.compile(r"[A-Za-z_][\w-]*\s*:(?:\s|$)")
_NUMBERED = re.compile(r"\s{0,3}(?:#{1,6}\s+)?\d{1,2}[.)]\s")
_PLAIN_LINE = re.compile(
    r"([A-Za-z_][A-Za-z0-9_-]{0,60}): ([^\W_][ !-\"$-~\u00a0-\u2027\u202a-\u33ff]*)"
)
"""A key and a value that YAML reads as they stand, quoted by us where there is a colon in it."""
_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_ISSUE_NUMBER = re.compile(r"[1-9][0-9]{0,4}")


def read_front_matter(source: Source) -> tuple[FrontMatter, int]:
    """The front matter and the number of the line after it (1 where there is none)."""
    opening = _opening_line(source, 1)
    end = _closing_line(source, opening) if opening else None
    if opening is None or end is None:
        what, hint = "the front matter is not closed", "put a line “---” below its last key"
        return FrontMatter(faults=_stray(source, 1, what, hint)), 1
    span = source.span_of_lines(opening, end)
    lines = source.lines[opening : end - 1]
    if sum(map(len, lines)) > MAX_CHARACTERS:
        fault = Fault(
            what=f"the front matter is longer than {MAX_CHARACTERS:,} characters",
            hint="keep subject, preheader and date there, and all text below it",
            span=source.span_of_line(opening),
        )
        return FrontMatter(faults=(fault,), span=span), end + 1
    entries, faults = _read(source, opening, lines)
    what, hint = "there is a second front matter", "keep one, with every key in it"
    faults += _stray(source, end + 1, what, hint)
    return FrontMatter(entries=entries, faults=faults, span=span), end + 1


def _opening_line(source: Source, start: int) -> int | None:
    """The first line from `start` on that is not blank, if it is a fence."""
    for number in range(start, len(source.lines) + 1):
        if not is_blank(source.line(number)):
            return number if _FENCE.fullmatch(source.line(number)) else None
    return None


def _closing_line(source: Source, opening: int) -> int | None:
    """A numbered headline ends the search: the next fence would be the one above the footer."""
    for number in range(opening + 1, len(source.lines) + 1):
        if _CLOSING.fullmatch(source.line(number)):
            return number
        if _NUMBERED.match(source.line(number)):
            return None
    return None


def _stray(source: Source, start: int, what: str, hint: str) -> tuple[Fault, ...]:
    """A fault where a fence and a key open the text, which would be mailed as its intro."""
    fence = _opening_line(source, start)
    if fence is None or fence == len(source.lines) or not _KEY.match(source.line(fence + 1)):
        return ()
    return (Fault(what=what, hint=hint, span=source.span_of_line(fence)),)


def _read(
    source: Source, opening: int, lines: Sequence[str]
) -> tuple[tuple[Entry, ...], tuple[Fault, ...]]:
    if entries := _plain_entries(source, opening, lines):
        return entries, ()
    from newsletter.issue.yaml_entries import read_yaml  # PyYAML takes 20 ms to import

    return read_yaml(source, opening, lines)


def _plain_entries(source: Source, opening: int, lines: Sequence[str]) -> tuple[Entry, ...]:
    """The short way: different keys with plain values, or () where any line is not that."""
    matches = [match for line in lines if (match := _PLAIN_LINE.fullmatch(line.rstrip(" ")))]
    matches = [match for match in matches if not match[2][-1].isspace()]  # a fixed space
    if len(matches) < len(lines) or len({match[1] for match in matches}) < len(lines):
        return ()
    return tuple(
        Entry(
            key=match[1],
            value=" ".join(match[2].split()),
            key_span=source.span(number, 1, len(match[1])),
            value_span=source.span(number, match.start(2) + 1, len(match[2])),
        )
        for number, match in enumerate(matches, opening + 1)
    )


def issue_date(source: Source, front_matter: FrontMatter) -> tuple[date | None, Fault | None]:
    """The date from the front matter, else from the file name, else None."""
    entry = front_matter.get("date")
    if entry is None:
        match = _DATE.search(source.name)
        return (_date(match), None) if match else (None, None)
    match = _DATE.fullmatch(entry.value)
    found = _date(match) if match else None
    if found is None:
        what = f"“{entry.value}” is not a date"
        return None, Fault(what=what, hint="write it as 2021-11-26", span=entry.value_span)
    return found, None


def issue_number(front_matter: FrontMatter) -> tuple[int | None, Fault | None]:
    """The edition's number from the front matter, else None."""
    entry = front_matter.get("number")
    if entry is None:
        return None, None
    if not _ISSUE_NUMBER.fullmatch(entry.value):
        what = f"“{entry.value}” is not an issue number"
        hint = "write a whole number such as 46, or take the line out"
        return None, Fault(what=what, hint=hint, span=entry.value_span)
    return int(entry.value), None


def _date(match: re.Match[str]) -> date | None:
    try:
        return date(*map(int, match.groups()))
    except ValueError:
        return None
