"""Our own export as JSON, read back: the people and the suppression list, a record a line.

A million of them take no memory, for each line is read by itself; so the line ends must be those of
the export.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import IO, Any

from newsletter.addresses import parse_addr_spec
from newsletter.errors import AddressError, SubscriberFileError, Unfit, reading
from newsletter.subscribers.cells import neutralised
from newsletter.subscribers.columns import Columns, columns_of
from newsletter.subscribers.export_file import BEGIN, BETWEEN, END, PEOPLE, SUPPRESSIONS
from newsletter.subscribers.instants import parse_instant
from newsletter.subscribers.row import Row
from newsletter.subscribers.row_reader import RowReader
from newsletter.subscribers.suppression import Suppression, SuppressionKind, parse_hash
from newsletter.subscribers.table import MAX_LINE, Record, RowFault


@dataclass(frozen=True, kw_only=True)
class ListFile:
    """An export, to be read once; `size` is in octets, of which `done` are read."""

    path: str
    octets: IO[bytes]
    size: int
    lenient: bool = False
    cut: Counter[str] = field(default_factory=Counter)
    columns: Columns = field(default_factory=lambda: columns_of(PEOPLE, "-"))
    has_tags: bool = True
    has_attributes: bool = True

    @property
    def name(self) -> str:
        """Without its folders, for the books."""
        return PurePath(self.path).name

    @property
    def done(self) -> int:
        return min(self.octets.tell(), self.size)

    def rows(self) -> Iterator[Row | Suppression | RowFault]:
        """Each person, and then each suppression."""
        reader = RowReader(self.columns, self.name, self.cut, lenient=self.lenient)
        is_person, number = True, 1
        while line := self.octets.readline(MAX_LINE * 4):
            number += 1
            told = line.strip()
            if told in {BETWEEN.strip(), END.strip()}:
                is_person = False
            elif told:
                yield self._record(told, number, reader if is_person else None)

    def _record(
        self, told: bytes, number: int, reader: RowReader | None
    ) -> Row | Suppression | RowFault:
        try:
            said = json.loads(told.removesuffix(b","))
            if not isinstance(said, dict):
                return RowFault(line=number, what="this is no record")
            if reader is None:
                return _suppression(said, lenient=self.lenient)
            return reader.row(Record(number, number, _cells(said)))
        except (ValueError, RecursionError):
            return RowFault(line=number, what="this is not JSON, or not on one line")
        except (Unfit, AddressError) as error:
            return RowFault(line=number, what=str(error))


@contextmanager
def open_list(path: str | Path, *, lenient: bool = False) -> Iterator[ListFile]:
    """Raises SubscriberFileError for what is no export of ours."""
    with (
        reading(path, SubscriberFileError, wanted="an export"),
        Path(path).open("rb") as octets,
    ):
        if octets.readline(MAX_LINE) != BEGIN:
            raise SubscriberFileError(
                "this is JSON of another kind, or written anew",
                where=f"{path}:1",
                next_step="give the export as it was written, or a CSV file",
            )
        size = Path(path).stat().st_size
        yield ListFile(path=str(path), octets=octets, size=size, lenient=lenient)


def _cells(said: Mapping[str, Any]) -> list[str]:
    """As they stand in the CSV file, for one reader reads both."""
    return [_cell(said.get(name, "")) for name in PEOPLE]


def _cell(value: object) -> str:
    return neutralised(value) if isinstance(value, str) else json.dumps(value)


def _suppression(said: Mapping[str, Any], *, lenient: bool) -> Suppression:
    """Raises Unfit or AddressError."""
    address, kind, reason, created_at = (str(said.get(name, "")) for name in SUPPRESSIONS)
    at = parse_instant(created_at)
    if kind not in _KINDS or at is None:
        raise Unfit("this is no suppression of ours, or has no date")
    key = parse_hash(address) or parse_addr_spec(address, lenient=lenient).key
    return Suppression(address_key=key, kind=SuppressionKind(kind), reason=reason, created_at=at)


_KINDS = tuple(kind.value for kind in SuppressionKind)
