"""A file of subscribers (RFC 4180) as rows, and everything in it that is not one, by its line.

Nothing is repaired and nothing is lost: each record is a row, a fault or a duplicate. What the
rows mean for the list is left to `import_plan`.
"""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from newsletter.addresses import AddrSpec, parse_addr_spec
from newsletter.errors import AddressError, SubscriberFileError, reading

MAX_LINE = 100_000
"""Characters: a longer line is not one of a table of names (and csv would stop at 131,072)."""

MAX_FIRST_NAME = 200
"""Characters: as many as a message will show."""

# In the order of preference: beside "email", an "address" is one of bricks.
_ADDRESS_COLUMNS = ("email", "e-mail", "email address", "e-mail address", "address")
_NAME_COLUMNS = ("first_name", "first name", "name")

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_LINE_END = re.compile(rb"\r\n|\n|\r")


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One person in the file; `line` is where the record begins, from one."""

    line: int
    address: AddrSpec
    first_name: str


@dataclass(frozen=True, kw_only=True, slots=True)
class RowFault:
    """A record that cannot be taken, and why."""

    line: int
    what: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Duplicate:
    """A record whose address stood in the file before, on `first_line`; the first one counts."""

    line: int
    first_line: int
    address: AddrSpec


@dataclass(frozen=True, kw_only=True, slots=True)
class SubscriberFile:
    """All records of a file: rows with different addresses, and those that are none."""

    path: str
    rows: tuple[Row, ...]
    faults: tuple[RowFault, ...]
    duplicates: tuple[Duplicate, ...]


@dataclass(frozen=True, slots=True)
class _Columns:
    width: int
    address: int
    first_name: int | None


def read_subscriber_file(path: str | Path, *, lenient: bool = False) -> SubscriberFile:
    """Read a CSV file, at least 50,000 rows a second; `lenient` as in `parse_addr_spec`.

    Raises SubscriberFileError when there is no file, no UTF-8, no header or no address column.
    """
    with reading(path, SubscriberFileError, wanted="a CSV file"):
        try:
            with Path(path).open(encoding="utf-8-sig", newline="") as file:
                return _read(file, str(path), lenient=lenient)
        except UnicodeDecodeError as error:
            raise SubscriberFileError(
                f"byte 0x{error.object[error.start]:02x} is not UTF-8",
                where=f"{path}:{_undecodable_line(Path(path))}",
                next_step="save the file as UTF-8",
            ) from error


def parse_subscribers(text: str, *, path: str = "-") -> SubscriberFile:
    """The same for a text that is at hand already."""
    return _read(io.StringIO(text.removeprefix("\ufeff"), newline=""), path)


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
        yield line


def _read(file: TextIO, path: str, *, lenient: bool = False) -> SubscriberFile:
    # strict: without it a quotation mark that is never closed swallows the rest in silence.
    reader = csv.reader(_lines(file, path), strict=True)
    columns = _header(reader, path)
    rows: dict[str, Row] = {}
    faults: list[RowFault] = []
    duplicates: list[Duplicate] = []
    while True:
        line = reader.line_num + 1
        try:
            record = next(reader)
        except StopIteration:
            break
        except csv.Error as error:
            faults.append(_fault(line, reader.line_num, _malformed(error)))
            continue
        if not any(record):
            continue
        row = _row(record, columns, line, lenient=lenient)
        if isinstance(row, str):
            faults.append(_fault(line, reader.line_num, row))
            continue
        first = rows.setdefault(row.address.key, row)
        if first is not row:
            duplicates.append(Duplicate(line=line, first_line=first.line, address=row.address))
    return SubscriberFile(
        path=path,
        rows=tuple(rows.values()),
        faults=tuple(faults),
        duplicates=tuple(duplicates),
    )


def _fault(first: int, last: int, what: str) -> RowFault:
    """A fault; where its record took in more lines than one, a reader must know which are lost."""
    lines = f"; none of the lines {first} to {last} is read" if last > first else ""
    return RowFault(line=first, what=what + lines)


def _malformed(error: csv.Error) -> str:
    if "end of data" in str(error) or "field limit" in str(error):
        return "a quotation mark is opened and never closed"
    return f"not CSV (RFC 4180): {error}"


def _header(reader: Iterator[list[str]], path: str) -> _Columns:
    where = f"{path}:1"
    try:
        names = next((record for record in reader if any(record)), None)
    except csv.Error as error:
        raise SubscriberFileError(
            f"not CSV (RFC 4180): {error}", where=where, next_step="mend the first line"
        ) from error
    if names is None:
        raise SubscriberFileError(
            "the file is empty", where=path, next_step="give it a first line “email,first_name”"
        )
    found = [name.strip().lower() for name in names]
    address = _column(found, _ADDRESS_COLUMNS, path)
    if address is None:
        shown = ", ".join(f"“{_shown(name)}”" for name in names[:8])
        raise SubscriberFileError(
            f"no column “email”; the first line names {shown}",
            where=where,
            next_step=_header_advice(names),
        )
    return _Columns(len(names), address, _column(found, _NAME_COLUMNS, path))


def _column(found: list[str], wanted: tuple[str, ...], path: str) -> int | None:
    name = next((name for name in wanted if name in found), None)
    if name is None:
        return None
    if found.count(name) > 1:
        raise SubscriberFileError(
            f"two columns are named “{name}”", where=f"{path}:1", next_step="rename one of them"
        )
    return found.index(name)


def _shown(text: str) -> str:
    text = _CONTROL.sub("�", text)
    return text if len(text) <= 40 else text[:39] + "…"


def _header_advice(names: list[str]) -> str:
    if len(names) == 1 and (";" in names[0] or "\t" in names[0]):
        return "separate the columns by commas"
    return "begin the file with a line “email,first_name”"


def _control_character(record: list[str]) -> str | None:
    if "".join(record).isprintable():  # nearly always, and far cheaper than looking
        return None
    for number, value in enumerate(record, start=1):
        if found := _CONTROL.search(value):
            return f"column {number} holds a control character (U+{ord(found[0]):04X})"
    return None


def _row(record: list[str], columns: _Columns, line: int, *, lenient: bool) -> Row | str:
    """The row, or what is wrong with it."""
    if what := _control_character(record):
        return what
    if len(record) > columns.width:
        return f"{len(record)} columns where the first line has {columns.width}"
    # A record may be shorter than the header: what is missing is empty.
    text = record[columns.address].strip() if columns.address < len(record) else ""
    if not text:
        return "no address"
    at = columns.first_name
    first_name = record[at].strip() if at is not None and at < len(record) else ""
    if len(first_name) > MAX_FIRST_NAME:
        return f"the first name is longer than {MAX_FIRST_NAME} characters"
    try:
        address = parse_addr_spec(text, lenient=lenient)
        return Row(line=line, address=address, first_name=first_name)
    except AddressError as error:
        return f"“{_shown(text)}”: {error.what}"
