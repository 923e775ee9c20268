"""A file of who is never to be written to: addresses, or the hashes of them that others give out.

Our own export of the suppression list, another system's, or a bare list with nothing else in it.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path, PurePath

from newsletter.addresses import parse_addr_spec
from newsletter.errors import AddressError
from newsletter.subscribers.cells import CONTROL, one_line, original
from newsletter.subscribers.column_names import Meaning
from newsletter.subscribers.columns import (
    Columns,
    columns_of,
    no_address,
    plain_name,
    shown_cell,
)
from newsletter.subscribers.instants import parse_instant
from newsletter.subscribers.standing import standing_of
from newsletter.subscribers.suppression import Suppression, SuppressionKind, parse_hash
from newsletter.subscribers.table import Record, RowFault, Table, fault, open_table

_KINDS = {kind.value: kind for kind in SuppressionKind}


@dataclass(frozen=True, kw_only=True)
class SuppressionFile:
    """A file, to be read once. Where it says no more of somebody, they are suppressed as `kind`."""

    table: Table
    kind: SuppressionKind
    now: datetime
    lenient: bool = False
    cut: Counter[str] = field(default_factory=Counter)

    @property
    def name(self) -> str:
        """Without its folders, for the books."""
        return PurePath(self.table.path).name

    @property
    def size(self) -> int:
        """In octets, of which `done` are read."""
        return self.table.size

    @property
    def done(self) -> int:
        return self.table.done

    @property
    def columns(self) -> Columns | None:
        """None: there is nothing in them that the list keeps."""
        return None

    def rows(self) -> Iterator[Suppression | RowFault]:
        """Each record in its turn."""
        reader = self._reader()
        for record in self._records():
            yield record if isinstance(record, RowFault) else reader.read(record)

    def _records(self) -> Iterator[Record | RowFault]:
        if _is_bare(self.table.names):
            yield Record(self.table.before, self.table.before, self.table.names)
        yield from self.table.records()

    def _reader(self) -> "_Reader":
        if _is_bare(self.table.names):
            return _Reader(file=self, of_whom=(0,))
        columns = columns_of(self.table.names, self.table.path)
        of_whom = tuple(each for each in (columns.address, columns.hash) if each is not None)
        if not of_whom:
            raise no_address(self.table.names, self.table.path)
        plain = [plain_name(name) for name in self.table.names]
        at = columns.place_of(Meaning.SUPPRESSED_AT)
        return _Reader(
            file=self,
            of_whom=of_whom,
            kind=_place(plain, "kind", "status", "suppressed"),
            reason=_place(plain, "reason", "suppressed because"),
            at=at if at is not None else columns.place_of(Meaning.CREATED_AT),
        )


@contextmanager
def open_suppressions(
    path: str | Path,
    now: datetime,
    *,
    kind: SuppressionKind = SuppressionKind.BY_HAND,
    encoding: str = "",
    lenient: bool = False,
) -> Iterator[SuppressionFile]:
    """A file of addresses or hashes. Raises SubscriberFileError as `open_subscribers` does."""
    with open_table(path, encoding) as table:
        yield SuppressionFile(table=table, kind=kind, now=now, lenient=lenient)


def _is_bare(names: Sequence[str]) -> bool:
    """Whether the first line names no columns, but is somebody."""
    return len(names) == 1 and ("@" in names[0] or parse_hash(names[0]) is not None)


def _place(plain: Sequence[str], *wanted: str) -> int | None:
    return next((plain.index(name) for name in wanted if name in plain), None)


@dataclass(frozen=True, kw_only=True)
class _Reader:
    """Where in a record stands what; `of_whom` are the columns of addresses and of hashes."""

    file: SuppressionFile
    of_whom: tuple[int, ...]
    kind: int | None = None
    reason: int | None = None
    at: int | None = None

    def read(self, record: Record) -> Suppression | RowFault:
        told = next((text for place in self.of_whom if (text := _cell(record, place))), "")
        word, reason = _cell(record, self.kind), _cell(record, self.reason)
        kind = self._kind(word)
        if kind is None:
            return fault(
                record.line, record.last, f"“{shown_cell(word)}” is no kind of suppression"
            )
        if CONTROL.search(reason):
            return fault(record.line, record.last, "the reason holds a control character")
        try:
            key = parse_hash(told) or parse_addr_spec(told, lenient=self.file.lenient).key
        except AddressError as error:
            what = f"“{shown_cell(told)}”: {error.what}" if told else "no address"
            return fault(record.line, record.last, what)
        return Suppression(
            address_key=key,
            kind=kind,
            reason=reason or f"in {self.file.name}",
            created_at=parse_instant(_cell(record, self.at)) or self.file.now,
        )

    def _kind(self, word: str) -> SuppressionKind | None:
        """Our own word for it, or another system's; None for one that nobody knows."""
        if not word:
            return self.file.kind
        if (kind := _KINDS.get(word.lower())) is not None:
            return kind
        standing = standing_of(word)
        return None if standing is None else standing.suppression or self.file.kind


def _cell(record: Record, place: int | None) -> str:
    if place is None or place >= len(record.cells):
        return ""
    return original(one_line(record.cells[place].strip()))
