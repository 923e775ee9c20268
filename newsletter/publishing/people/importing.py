"""Files of people brought onto the list: read, compared with it, and written once somebody agrees.

Nobody comes without a word on how they said yes. What the plan looks like, and who is asked, is the
front's.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from newsletter.books import AuditAction
from newsletter.errors import SubscriberFileError
from newsletter.publishing.publication import Books
from newsletter.store import Compared, Origin, Replaces
from newsletter.subscribers import (
    EVERYTHING,
    UNTOLD,
    Arrived,
    Choice,
    Consent,
    Difference,
    ImportPlan,
    ListFile,
    Provenance,
    SubscriberFile,
    SuppressionFile,
    SuppressionKind,
    open_list,
    open_subscribers,
    open_suppressions,
)

Report = Callable[[int, int], None]
"""Hears how many octets of how many are read, now and then."""


def unheard(_done: int, _size: int) -> None:
    """For whoever does not want to hear."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """A file to be read: CSV, or our own export as JSON, by its name.

    `encoding` and `provenance` where the file itself does not tell.
    """

    path: Path
    encoding: str = ""
    choice: Choice = EVERYTHING
    provenance: Provenance = UNTOLD


@dataclass(frozen=True, kw_only=True)
class Incoming:
    """A file that was compared with the list, and is not written yet."""

    plan: ImportPlan
    _compared: Compared
    _books: Books
    _action: AuditAction

    def differences(self) -> Iterator[Difference]:
        """What becomes of each person, by address."""
        return self._compared.differences()

    def apply(self, consent: Consent | None = None) -> Arrived:
        """Write it, all or nothing. Raises SubscriberFileError where consent is missing."""
        check_consent(self.plan, consent)
        return self._compared.apply(self._action, self._books.by, consent)


def check_consent(plan: ImportPlan, consent: Consent | None) -> None:
    """Raises SubscriberFileError where nobody has said how the new people said yes."""
    if plan.without_consent and (consent is None or not consent.source):
        raise SubscriberFileError(
            f"nothing says how {counted(plan.without_consent, 'new subscriber')} said yes",
            next_step="say where and when, or give the file a column “consent_source”",
        )


def counted(number: int, what: str) -> str:
    """`1 line`, `2 lines`."""
    return f"{number:,} {what}" if number == 1 else f"{number:,} {what}s"


@contextmanager
def importing(wanted: Wanted, books: Books, report: Report = unheard) -> Iterator[Incoming]:
    """The people of a file. Raises SubscriberFileError for a file that is none."""
    with (
        _read(wanted, books) as file,
        _compared(file, books, AuditAction.IMPORTED, report) as incoming,
    ):
        yield incoming


@contextmanager
def syncing(wanted: Wanted, books: Books, report: Report = unheard) -> Iterator[Incoming]:
    """The people of a file, and nobody else: who is not in it will be taken off the list.

    Who has left and who is suppressed stay so. Raises SubscriberFileError, also for a file with
    lines that cannot be read: whoever is on one would be taken off by mistake.
    """
    with _read(wanted, books) as file:
        replaces = Replaces(tags=file.has_tags, attributes=file.has_attributes)
        with _compared(file, books, AuditAction.SYNCED, report, replaces) as incoming:
            yield incoming


@contextmanager
def stopping(
    wanted: Wanted, kind: SuppressionKind, books: Books, report: Report = unheard
) -> Iterator[Incoming]:
    """A file of addresses, or of their hashes, never to be written to; `kind` where it says none.

    Raises SubscriberFileError for a file that is none.
    """
    lenient = books.settings.limits.lenient_addresses
    with (
        open_suppressions(
            wanted.path, books.now(), kind=kind, encoding=wanted.encoding, lenient=lenient
        ) as file,
        _compared(file, books, AuditAction.IMPORTED, report) as incoming,
    ):
        yield incoming


def check_sync(plan: ImportPlan, *, removes_most: bool) -> None:
    """Raises SubscriberFileError for what a file may not do to a list by mistake."""
    if plan.faults:
        raise SubscriberFileError(
            f"{counted(plan.faults, 'line')} cannot be read: whoever is there would be taken off",
            next_step="mend that first",
        )
    if plan.removes_most and not removes_most:
        raise SubscriberFileError(
            "more than half of the list would be taken off it",
            next_step="look whether this is the whole file",
        )


@contextmanager
def _read(wanted: Wanted, books: Books) -> Iterator[SubscriberFile | ListFile]:
    lenient = books.settings.limits.lenient_addresses
    if wanted.path.suffix == ".json":
        with open_list(wanted.path, lenient=lenient) as export:
            yield export
        return
    with open_subscribers(
        wanted.path,
        encoding=wanted.encoding,
        choice=wanted.choice,
        lenient=lenient,
        provenance=wanted.provenance,
    ) as file:
        yield file


@contextmanager
def _compared(
    file: SubscriberFile | ListFile | SuppressionFile,
    books: Books,
    action: AuditAction,
    report: Report,
    replaces: Replaces | None = None,
) -> Iterator[Incoming]:
    origin = Origin(name=file.name, now=books.now())
    with books.database.imports.compared(
        file.rows(),
        origin,
        replaces=replaces,
        report=lambda: report(file.done, file.size),
    ) as compared:
        plan = replace(compared.plan, columns=file.columns, cut=dict(file.cut))
        yield Incoming(plan=plan, _compared=compared, _books=books, _action=action)
