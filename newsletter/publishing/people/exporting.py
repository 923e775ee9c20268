"""The list written to a file: the people, the suppression list, or both; and that it was.

Where the octets go is the front's.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from newsletter.books import AuditAction, Deed
from newsletter.publishing.publication import Books
from newsletter.subscribers import Segment, Suppression, list_json, people_csv, suppressions_csv

T = TypeVar("T")


class ExportFormat(StrEnum):
    """CSV has the people in one file and the suppression list in another; JSON has both."""

    CSV = "csv"
    JSON = "json"


@dataclass
class Count:
    """How many went out, known when all are."""

    people: int = 0
    suppressions: int = 0


class Exporting:
    """One export. Its pieces are read once; `done` writes down that they were."""

    def __init__(self, books: Books, segment: Segment | None = None) -> None:
        self._books, self._segment = books, segment
        self.count = Count()

    def people(self, format_: ExportFormat) -> Iterator[bytes]:
        """The people; as JSON the suppression list too. In flat memory."""
        people = self._counted("people", self._books.database.exports.people(self._segment))
        if format_ is ExportFormat.CSV:
            return people_csv(people)
        return list_json(people, self._stops())

    def suppressions(self) -> Iterator[bytes]:
        """The suppression list as CSV, hashes and all."""
        return suppressions_csv(self._stops())

    def done(self, name: str) -> None:
        """To be called when all has gone out; `name` is the file's, for the log."""
        whom = f" ({self._segment})" if self._segment else ""
        stops = f"{self.count.suppressions:,} suppressions"
        words = f"{name}: {self.count.people:,} people{whom}, {stops}"
        deed = Deed(
            by=self._books.by,
            action=AuditAction.EXPORTED,
            issue="",
            at=self._books.now(),
            detail=words,
        )
        self._books.database.audit.append(deed)

    def _stops(self) -> Iterator[Suppression]:
        return self._counted("suppressions", self._books.database.suppressions.all())

    def _counted(self, what: str, rows: Iterable[T]) -> Iterator[T]:
        for row in rows:
            setattr(self.count, what, getattr(self.count, what) + 1)
            yield row
