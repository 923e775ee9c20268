"""A text and the places in it. Spans count from one, columns in characters (code points).

A byte-order mark belongs to the file, not to the text: it is noted and taken off, so that column
one is what an editor's cursor calls column one. Line ends are LF, CRLF and CR; nothing else.
"""

import re
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from newsletter.errors import IssueFileError, reading
from newsletter.files import is_inside

MAX_BYTES = 2 * 1024 * 1024
"""An issue of five stories is 5 kB; what is larger than this is not an issue."""

_LINE_END = re.compile(r"\r\n|\n|\r")


@dataclass(frozen=True, kw_only=True, slots=True, order=True)
class Span:
    """From `line`:`column` up to, not including, `end_line`:`end_column`."""

    line: int
    column: int
    end_line: int
    end_column: int

    def to(self, other: "Span") -> "Span":
        """The span from my beginning to the other's end."""
        return Span(
            line=self.line,
            column=self.column,
            end_line=other.end_line,
            end_column=other.end_column,
        )


@dataclass(frozen=True)
class Source:
    """The text of one issue file; `path` is how the user called it ("-" for standard input)."""

    path: str
    text: str = field(repr=False)
    has_bom: bool = False

    @cached_property
    def lines(self) -> tuple[str, ...]:
        """The lines without their ends; a text that ends in a line end has no empty last line."""
        lines = _LINE_END.split(self.text)
        if len(lines) > 1 and not lines[-1]:
            lines.pop()
        return tuple(lines)

    @property
    def name(self) -> str:
        return Path(self.path).stem if self.path != "-" else "stdin"

    @property
    def has_crlf(self) -> bool:
        return "\r" in self.text

    def line(self, number: int) -> str:
        return self.lines[number - 1]

    def span_of_line(self, number: int) -> Span:
        return self.span(number, 1, len(self.line(number)))

    def span(self, line: int, column: int, length: int) -> Span:
        """A span on one line, cut to it, so that it always points inside the text."""
        width = len(self.line(line)) + 1
        start = min(max(column, 1), width)
        return Span(
            line=line, column=start, end_line=line, end_column=min(start + max(length, 0), width)
        )

    def span_of_lines(self, first: int, last: int) -> Span:
        return Span(line=first, column=1, end_line=last, end_column=len(self.line(last)) + 1)

    @property
    def end(self) -> Span:
        """The empty span after the last character that is not white space."""
        for number in range(len(self.lines), 0, -1):
            width = len(self.line(number).rstrip())
            if width:
                return self.span(number, width + 1, 0)
        return self.span(1, 1, 0)


def source_from_text(text: str, *, path: str = "-") -> Source:
    """Wrap a text, taking off one byte-order mark."""
    has_bom = text.startswith("\ufeff")
    return Source(path, text.removeprefix("\ufeff"), has_bom)


def source_from_bytes(data: bytes, *, path: str) -> Source:
    """Decode a file's bytes as UTF-8. Raises IssueFileError for what is no text of an issue."""
    if len(data) > MAX_BYTES:
        raise IssueFileError(
            f"the file is larger than {MAX_BYTES // 1024 // 1024} MB, which no issue is",
            where=path,
            next_step="name the issue's text file",
        )
    if b"\x00" in data:
        raise IssueFileError(
            "this is a binary file, not text", where=path, next_step="name the issue's text file"
        )
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        before = source_from_text(data[: error.start].decode("utf-8")).text
        *above, last = _LINE_END.split(before)
        raise IssueFileError(
            f"byte 0x{data[error.start]:02x} is not UTF-8",
            where=f"{path}:{len(above) + 1}:{len(last) + 1}",
            next_step="save the file as UTF-8",
        ) from error
    return source_from_text(text, path=path)


def load_source(path: str | Path) -> Source:
    """Read an issue file. Raises IssueFileError when there is none, or when it is no text.

    No link is followed out of its folder: a link among the issues could lay open any file here.
    """
    _check_name(Path(path))
    with reading(path, IssueFileError, wanted="an issue"), Path(path).open("rb") as file:
        return source_from_bytes(file.read(MAX_BYTES + 1), path=str(path))


def _check_name(path: Path) -> None:
    """Raises IssueFileError for a link that leads away, and for a name that nothing can show."""
    is_ours = not path.is_relative_to("/dev")  # /dev/stdin is a link too, and is meant
    if is_ours and path.is_symlink() and not is_inside(path, path.parent):
        raise IssueFileError(
            "this is a link to a file outside its folder, and is not followed",
            where=str(path),
            next_step="put the file itself there",
        )
    try:
        path.name.encode("utf-8")
    except UnicodeEncodeError as error:
        raise IssueFileError(
            "the name of this file is not UTF-8",
            where=str(path),
            next_step="rename it: the issue is known by its name",
        ) from error
