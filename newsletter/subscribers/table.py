"""A table in a text file (RFC 4180 and its cousins): its encoding, its separator, its records.

Commas, semicolons, tabs or bars; Excel's `sep=;` line; UTF-8 and UTF-16 with or without a mark,
UTF-32 with one, or the encoding that is named. What the cells mean is left to `columns`.
"""

import codecs
import csv
import io
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, TextIO

from newsletter.errors import OtherEncoding, SubscriberFileError, reading

MAX_LINE = 100_000
"""Characters: a longer line is not one of a table of names (and csv would stop at 131,072)."""

_SEPARATORS = (",", ";", "\t", "|")
_SEP = re.compile(r"""["']?sep=(.)["']?""", re.IGNORECASE)
_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF32_LE: "utf-32",  # which begins like the next one
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
_BY_NOUGHTS: Mapping[tuple[bool, ...], str] = {
    (False, True, False, True): "utf-16-le",
    (True, False, True, False): "utf-16-be",
}
_OTHER_KINDS = {
    b"PK\x03\x04": "a spreadsheet or an archive",
    b"\xd0\xcf\x11\xe0": "an old spreadsheet",
    b"BEGIN:VCARD": "the cards of an address book",
    b"%PDF": "a PDF",
    b"!BDN": "an Outlook mailbox",
}
"""By the octets that they begin with."""

_LONGEST_MARK = max(map(len, _OTHER_KINDS))
_LINE_END = re.compile(rb"\r\n|\n|\r")


@dataclass(frozen=True, kw_only=True, slots=True)
class RowFault:
    """A record that cannot be taken, and why; `line` is where it begins, from one."""

    line: int
    what: str


@dataclass(frozen=True, slots=True)
class Record:
    """The cells of one record that begins on `line` and ends on `last`."""

    line: int
    last: int
    cells: list[str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Table:
    """A table that is read once, from its first line to its last.

    `names` is its header, which took the first `before` lines.
    """

    path: str
    names: list[str]
    lines: Iterator[str]
    separator: str
    before: int
    octets: IO[bytes] | None = None
    size: int = 0

    @property
    def done(self) -> int:
        """Octets read of `size`."""
        return 0 if self.octets is None else min(self.octets.tell(), self.size)

    def records(self) -> Iterator[Record | RowFault]:
        """Every record that is not blank, or what is wrong with it."""
        # strict: without it a quotation mark that is never closed swallows the rest in silence.
        reader = csv.reader(self.lines, delimiter=self.separator, strict=True)
        while True:
            line = self.before + reader.line_num + 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                yield fault(line, self.before + reader.line_num, _malformed(error))
                continue
            if any(cells):
                yield Record(line, self.before + reader.line_num, cells)


def fault(first: int, last: int, what: str) -> RowFault:
    """A fault; where its record took in more lines than one, a reader must know which are lost."""
    lines = f"; none of the lines {first} to {last} is read" if last > first else ""
    return RowFault(line=first, what=what + lines)


def _malformed(error: csv.Error) -> str:
    if "end of data" in str(error) or "field limit" in str(error):
        return "a quotation mark is opened and never closed"
    return f"not CSV (RFC 4180): {error}"


@contextmanager
def open_table(path: str | Path, encoding: str = "") -> Iterator[Table]:
    """A file as a table. Raises SubscriberFileError for what is none, also while it is read."""
    with reading(path, SubscriberFileError, wanted="a CSV file"), Path(path).open("rb") as octets:
        begin = octets.peek(_LONGEST_MARK)
        _refuse_other_kind(begin, str(path))
        known = _encoding(begin, encoding, str(path))
        try:
            with io.TextIOWrapper(octets, encoding=known, newline="") as text:
                size = os.fstat(octets.fileno()).st_size
                yield replace(table_of(text, str(path)), octets=octets, size=size)
        except UnicodeDecodeError as error:
            raise _undecodable(error, Path(path), known) from error


def table_of(file: TextIO, path: str) -> Table:
    """The table in a text that is opened with its line ends as they are."""
    lines = _lines(file, path)
    before, header, separator = 0, "", ""
    for line in lines:
        before += 1
        if before == 1 and (told := _SEP.fullmatch(line.strip("\ufeff\r\n"))):
            separator = told[1]
        elif line.strip():
            header = line.removeprefix("\ufeff")
            break
    if not header:
        raise SubscriberFileError(
            "the file is empty", where=path, next_step="give it a first line “email,first_name”"
        )
    names, taken = _header(header, lines, separator, f"{path}:1")
    return Table(
        path=path,
        names=names,
        lines=lines,
        separator=separator or _separator_of(header),
        before=before + taken,
    )


def _header(first: str, rest: Iterator[str], separator: str, where: str) -> tuple[list[str], int]:
    """The names, and how many lines more than one they took: Excel's may hold line breaks."""
    more: list[str] = []

    def lines() -> Iterator[str]:
        yield first
        for line in rest:
            more.append(line)
            yield line

    reader = csv.reader(lines(), delimiter=separator or _separator_of(first), strict=True)
    try:
        names = next(reader)
    except csv.Error as error:
        raise SubscriberFileError(
            f"not CSV (RFC 4180): {error}", where=where, next_step="mend the first line"
        ) from error
    return names, len(more)


def _separator_of(header: str) -> str:
    """What parts the header into most names; a comma where nothing parts it."""
    unquoted = re.sub(r'"(?:[^"]|"")*"', "", header)
    return max(_SEPARATORS, key=unquoted.count)


def _lines(file: TextIO, path: str) -> Iterator[str]:
    number = 0
    while line := file.readline(MAX_LINE):
        number += 1
        if len(line) == MAX_LINE:
            raise SubscriberFileError(
                f"the line has {MAX_LINE:,} characters or more: this is not a file of subscribers",
                where=f"{path}:{number}",
                next_step="give a CSV file with one person a line",
            )
        yield line.lstrip("\ufeff")  # where files were joined end to end, marks stand within


def _refuse_other_kind(begin: bytes, path: str) -> None:
    what = next((kind for mark, kind in _OTHER_KINDS.items() if begin.startswith(mark)), "")
    if what:
        raise SubscriberFileError(
            f"this is {what}, and not a CSV file",
            where=path,
            next_step="open it where it was made, and save or export it as CSV in UTF-8",
        )


def _encoding(begin: bytes, named: str, path: str) -> str:
    if not named:
        return next(
            (known for mark, known in _MARKS.items() if begin.startswith(mark)), _bare(begin)
        )
    try:
        b"a".decode(named, "replace")
    except (LookupError, ValueError) as error:
        raise SubscriberFileError(
            f"no encoding is called “{named}”", where=path, next_step="try utf-8, utf-16 or cp1252"
        ) from error
    return named


def _bare(begin: bytes) -> str:
    """Where no mark says it: of each Latin letter, UTF-16 has one octet that is nought."""
    return _BY_NOUGHTS.get(tuple(octet == 0 for octet in begin[:4]), "utf-8")


def _undecodable(error: UnicodeDecodeError, path: Path, encoding: str) -> OtherEncoding:
    is_utf8 = encoding.startswith("utf-8")
    return OtherEncoding(
        f"byte 0x{error.object[error.start]:02x} is not {'UTF-8' if is_utf8 else encoding}",
        where=f"{path}:{_undecodable_line(path)}" if is_utf8 else str(path),
        next_step="save the file as UTF-8, or say which encoding it has: Excel's is often cp1252",
    )


def _undecodable_line(path: Path) -> int:
    line = 1
    with path.open("rb") as file:
        for raw in file:
            try:
                raw.decode("utf-8")
            except UnicodeDecodeError as error:
                return line + len(_LINE_END.findall(raw[: error.start]))
            line += len(_LINE_END.findall(raw))
    return line
