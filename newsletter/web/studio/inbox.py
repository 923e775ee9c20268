"""What lists of messages show of an issue: subject and preheader as mail programs cut them.

No program says where it cuts, and each reader's window and letters differ. What stands here is the
room that is left in a list of the usual width once picture, date and margins are off, in letters of
the size that the program begins with: a telephone of 412 (Gmail, Android) or 390 (Apple Mail)
pixels, Outlook's list as wide as it comes, and Gmail in a window of 1280. It is a likeness, and the
page says so. Rules judge lengths by `check.inbox_lines`; nothing here is a finding.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from newsletter.web.studio.letter_widths import width_of


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """Room in pixels for one text, in letters of a size, on so many lines."""

    room: float
    size: float
    is_bold: bool = False
    lines: int = 1


@dataclass(frozen=True, kw_only=True, slots=True)
class Cut:
    """A text of which a list shows the beginning; `rest` is what nobody sees."""

    shown: str
    rest: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Program:
    """A list: `is_one_line` where the preheader has what the subject leaves of one line."""

    name: str
    subject: Line
    preheader: Line
    is_one_line: bool = False


PROGRAMS = (
    Program(
        name="Gmail, phone",
        subject=Line(room=276, size=14, is_bold=True),
        preheader=Line(room=276, size=14),
    ),
    Program(
        name="Apple Mail, phone",
        subject=Line(room=338, size=15, is_bold=True),
        preheader=Line(room=338, size=15, lines=2),
    ),
    Program(
        name="Outlook, desktop",
        subject=Line(room=288, size=13),
        preheader=Line(room=288, size=13),
    ),
    Program(
        name="Gmail, web",
        subject=Line(room=700, size=14, is_bold=True),
        preheader=Line(room=700, size=14),
        is_one_line=True,
    ),
)
_ELLIPSIS = "…"
_LEAST = 24
"""Pixels below which no program begins another text."""


def cut(text: str, line: Line) -> Cut:
    """The text as one list shows it: whole, or as much as fits before an ellipsis."""
    room = line.room * line.lines
    if width_of(text, line.size, is_bold=line.is_bold) <= room:
        return Cut(shown=text, rest="")
    room -= width_of(_ELLIPSIS, line.size, is_bold=line.is_bold)
    used, at = 0.0, 0
    while at < len(text):
        used += width_of(text[at], line.size, is_bold=line.is_bold)
        if used > room:
            break
        at += 1
    return Cut(shown=text[:at], rest=text[at:])


def inbox(subject: str, preheader: str) -> dict[str, Any]:
    """For the page: every program's row, and what of the subject all of them show."""
    rows = [*_rows(subject, preheader)]
    least = min((each["subject"]["shown"] for each in rows), key=len)
    is_cut = len(least) < len(subject)
    return {"rows": rows, "all_show": least if is_cut else None}


def _rows(subject: str, preheader: str) -> Iterator[dict[str, Any]]:
    for program in PROGRAMS:
        first = cut(subject, program.subject)
        second = cut(preheader, _room_beside(first, program))
        yield {
            "program": program.name,
            "subject": _told(first),
            "preheader": _told(second),
            "one_line": program.is_one_line,
            "bold": program.subject.is_bold,
            "said": _said(program, first, second),
        }


def _room_beside(subject: Cut, program: Program) -> Line:
    """The preheader's line, or what the subject and a dash leave of theirs."""
    line = program.preheader
    if not program.is_one_line:
        return line
    taken = width_of(f"{subject.shown} – ", program.subject.size, is_bold=True)
    room = 0 if subject.rest else line.room - taken
    return Line(room=room if room >= _LEAST else 0, size=line.size)


def _told(text: Cut) -> dict[str, str]:
    return {"shown": text.shown, "rest": text.rest}


def _said(program: Program, subject: Cut, preheader: Cut) -> str:
    """`subject cut at 38`: what this list does to these two."""
    if subject.rest:
        return f"subject cut at {len(subject.shown)}"
    if program.is_one_line and not preheader.shown:
        return "no room for the preheader"
    if preheader.rest:
        return f"preheader cut at {len(preheader.shown)}"
    return "both whole"
