"""The readers of an export onto the list of a new publication, each with what they are there.

Who has gone comes first, so that no other file of the export brings them back. Each file is copied
out of the export under its own name, for the list's reader streams files, and the books name them.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from newsletter.errors import ExportError, OtherEncoding, SubscriberFileError
from newsletter.files import write_new
from newsletter.importing.exports import Container, PeopleFile, Standing, System
from newsletter.publishing.people.counting import Counts, count
from newsletter.publishing.people.importing import Report, Wanted, importing, unheard
from newsletter.publishing.publication import Books
from newsletter.subscribers import Choice, ImportPlan, Provenance, RowFault, Verdict, csv_lines
from newsletter.subscribers import Standing as OnTheList

_AT_BEST: Mapping[Standing, OnTheList] = {
    Standing.AS_TOLD: OnTheList.CONFIRMED,
    Standing.GONE: OnTheList.UNSUBSCRIBED,
    Standing.BOUNCED: OnTheList.BOUNCE,
    Standing.COMPLAINED: OnTheList.COMPLAINT,
}
_ODD = re.compile(r"[^\w.() -]+")
_LONGEST_NAME = 100
_GONE_FIRST = re.compile(r"unsub|cleaned|suppress|bounce|complain", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True, slots=True)
class BadRow:
    """A row that is nobody: where it stands, and what is wrong with it."""

    file: str
    fault: RowFault


@dataclass(frozen=True, kw_only=True, slots=True)
class Readers:
    """What became of the people of an export. `unconfirmed` are left out: nobody writes to them."""

    counts: Counts
    unconfirmed: int
    faults: int
    duplicates: int
    first_faults: Sequence[BadRow]
    attributes: Sequence[str]


def bring_readers(
    people: Sequence[PeopleFile],
    container: Container,
    system: System,
    *,
    workspace: Path,
    books: Books,
    report: Report = unheard,
) -> Readers:
    """All files, each in one go. Raises ExportError, also for a file that is none of people.

    `workspace` is a folder for its owner alone, for copies.
    """
    source = f"reader at {system.called}"
    plans: list[tuple[PeopleFile, ImportPlan]] = []
    for place, file in enumerate(sorted(people, key=lambda file: not _is_of_gone(file))):
        wanted = Wanted(
            path=_copied(file, container, workspace / str(place)),
            choice=Choice(without=file.without),
            provenance=Provenance(source=source, at_best=_AT_BEST[file.standing]),
        )
        with _named(file, wanted.path), importing(wanted, books, report) as incoming:
            incoming.apply()
            plans.append((file, incoming.plan))
    return _counted(plans, count(books))


@contextmanager
def _named(file: PeopleFile, copy: Path) -> Iterator[None]:
    """A fault of the copy is told of the file, which is there afterwards."""
    try:
        yield
    except SubscriberFileError as error:
        is_other = isinstance(error, OtherEncoding)
        raise ExportError(
            error.what,
            where=error.where.replace(str(copy), file.name),
            next_step="save the file as UTF-8" if is_other else error.next_step,
        ) from error


def _counted(plans: Sequence[tuple[PeopleFile, ImportPlan]], counts: Counts) -> Readers:
    columns = [plan.columns.attributes if plan.columns else () for _, plan in plans]
    return Readers(
        counts=counts,
        unconfirmed=sum(plan.count(Verdict.KEPT_UNCONFIRMED) for _, plan in plans),
        faults=sum(plan.faults for _, plan in plans),
        duplicates=sum(plan.duplicates for _, plan in plans),
        first_faults=[
            BadRow(file=file.name, fault=fault)
            for file, plan in plans
            for fault in plan.first_faults
        ],
        attributes=sorted({column.name for each in columns for column in each}),
    )


def _is_of_gone(file: PeopleFile) -> bool:
    return file.standing is not Standing.AS_TOLD or _GONE_FIRST.search(file.name) is not None


def _copied(file: PeopleFile, container: Container, folder: Path) -> Path:
    """The file, or the rows it is made of, beside nothing else in a folder of its own."""
    base = _ODD.sub("_", PurePosixPath(file.name).stem)[-_LONGEST_NAME:].strip(". ") or "people"
    path = folder / f"{base}.csv"
    if file.rows is None:
        write_new(path, container.chunks(container.members[file.name]))
    else:
        names = list(file.rows[0])
        write_new(path, csv_lines(names, ([row[name] for name in names] for row in file.rows)))
    return path
