"""A file of subscribers, person by person, and everything in it that is none, by its line.

Nothing is repaired and nothing is lost: each record is a row or a fault. Repeated addresses are
found where the rows are put down, and what the rows mean for the list is left to `import_plan`.
"""

import io
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePath

from newsletter.errors import Unfit
from newsletter.subscribers.column_names import Meaning
from newsletter.subscribers.columns import (
    EVERYTHING,
    Choice,
    Columns,
    columns_of,
    no_address,
)
from newsletter.subscribers.provenance import UNTOLD, Provenance
from newsletter.subscribers.row import Row
from newsletter.subscribers.row_reader import RowReader
from newsletter.subscribers.table import RowFault, Table, fault, open_table, table_of


@dataclass(frozen=True, kw_only=True)
class SubscriberFile:
    """A file, to be read once. `cut` counts, by column, values that were too long to be kept."""

    table: Table
    columns: Columns
    lenient: bool = False
    provenance: Provenance = UNTOLD
    cut: Counter[str] = field(default_factory=Counter)

    @property
    def path(self) -> str:
        return self.table.path

    @property
    def name(self) -> str:
        """Without its folders, for the books."""
        return PurePath(self.path).name

    @property
    def size(self) -> int:
        """In octets, of which `done` are read."""
        return self.table.size

    @property
    def done(self) -> int:
        return self.table.done

    @property
    def has_tags(self) -> bool:
        return bool(self.columns.of(Meaning.TAGS))

    @property
    def has_attributes(self) -> bool:
        return bool(self.columns.attributes or self.columns.of(Meaning.ATTRIBUTES))

    def rows(self) -> Iterator[Row | RowFault]:
        """Each record in its turn, at least 50,000 a second."""
        reader = RowReader(
            self.columns,
            self.name,
            self.cut,
            lenient=self.lenient,
            provenance=self.provenance,
        )
        for record in self.table.records():
            if isinstance(record, RowFault):
                yield record
                continue
            try:
                yield reader.row(record)
            except Unfit as error:
                yield fault(record.line, record.last, str(error))


@contextmanager
def open_subscribers(
    path: str | Path,
    *,
    encoding: str = "",
    choice: Choice = EVERYTHING,
    lenient: bool = False,
    provenance: Provenance = UNTOLD,
) -> Iterator[SubscriberFile]:
    """A CSV file of people, `lenient` as in `parse_addr_spec`.

    Raises SubscriberFileError when there is no file, no header, no address column, or an encoding
    that is not what it seemed; that also while it is read.
    """
    with open_table(path, encoding) as table:
        yield replace(_file(table, choice, lenient=lenient), provenance=provenance)


def parse_subscribers(
    text: str, *, path: str = "-", choice: Choice = EVERYTHING, lenient: bool = False
) -> SubscriberFile:
    """The same for a text that is at hand already."""
    return _file(table_of(io.StringIO(text, newline=""), path), choice, lenient=lenient)


def _file(table: Table, choice: Choice, *, lenient: bool) -> SubscriberFile:
    columns = columns_of(table.names, table.path, choice)
    if columns.address is None:
        raise no_address(table.names, table.path)
    return SubscriberFile(table=table, columns=columns, lenient=lenient)
