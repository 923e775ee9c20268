"""An issue put into a slot, or taken out of it; and a database from a backup accepted as the book.

What is due in a slot, and what is done then, is the tick's to find.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

from newsletter.books import TAKEN, AuditAction, Deed, NewSlot, Run, RunEvents, Slot, SlotState
from newsletter.errors import Act, NewsletterError, Remedy, StoreError
from newsletter.issue import Issue
from newsletter.publishing.dating import dated
from newsletter.publishing.issues import publication_path, read_issue
from newsletter.publishing.publication import Books, Publication
from newsletter.publishing.ready import Ready, Unready, make_ready
from newsletter.publishing.witness import check_own_log, keep_witness
from newsletter.schedule import ScheduleRule, instant, next_slot_date, slot_instant
from newsletter.subscribers import Segment

_MOST_TRIED = 1_000
"""Slots looked at for a free one: nineteen years of Fridays."""

_TO_BE_PAUSED = RunEvents.FREEZE.before | RunEvents.PAUSE.before
_FARTHEST = timedelta(days=366)


@dataclass(frozen=True, kw_only=True, slots=True)
class Scheduled:
    """The slot that an issue has now, and the issue as it would be sent in it."""

    slot: Slot
    ready: Ready


@dataclass(frozen=True, kw_only=True, slots=True)
class Accepted:
    """A database from a backup that is the right one now.

    `paused` are its unfinished runs, `missed` the slots in it whose time is past.
    """

    database: str
    paused: Sequence[Run]
    missed: Sequence[Slot]


def schedule(
    path: Path, at: tuple[date, time] | None, books: Books, segment: Segment | None = None
) -> Scheduled | Ready | Unready:
    """Put an issue into the next free slot of the rule, or into another wall time.

    It is for everybody, or for a segment of the list.
    An issue with errors is given back as it is, and has no slot. Raises StoreError where it has a
    slot or was sent, NewsletterError for a moment that is past or not the issue's day.
    """
    settings = books.settings
    issue = read_issue(path, settings.house)
    _check_free_to_schedule(issue, books)
    day, clock_time = _moment_wanted(issue, at, books)
    zone = settings.schedule.zone
    check_ahead(instant(day, clock_time, zone), f"{day} {clock_time:%H:%M} {zone}", books.now())
    to = str(segment or "")
    ready = make_ready(dated(issue, day), books.publication, segment=to)
    if isinstance(ready, Unready) or ready.has_errors:
        return ready
    wanted = NewSlot(
        issue=issue.name,
        path=publication_path(path, settings.folder),
        local_date=day,
        local_time=clock_time,
        zone=str(zone),
        digest=ready.digest,
        segment=to,
    )
    return Scheduled(slot=books.database.slots.schedule(wanted, books.by, books.now()), ready=ready)


def unschedule(issue: str, reason: str, books: Books) -> Slot:
    """Take an issue out of its slot. Raises StoreError where it has none, or one that has begun."""
    said = " ".join(reason.split())
    return books.database.slots.unschedule(issue, books.by, books.now(), said)


def accept_restored(publication: Publication, reason: str) -> Accepted:
    """Take this database, from a backup, as the right one from now on.

    A run that is unfinished in it, be it only frozen in part, may have been sent to its end since,
    so it is paused until a person resumes or ends it; a slot that is past may have been used since,
    so it is given up: nobody gets an issue twice by our doing. Raises OutputError where the witness
    cannot be written: then the database is not accepted.
    """
    with publication.reading() as books:
        check_own_log(books.database, publication.settings.witness_folder)
        runs, audit = books.database.runs, books.database.audit
        running = [run for run in runs.all() if run.state in _TO_BE_PAUSED]
        paused = [runs.pause(run.issue, books.by, books.now()) for run in running]
        missed = [
            slot
            for slot in books.database.slots.in_states(SlotState.SCHEDULED)
            if _is_given_up(slot, books)
        ]
        deed = Deed(
            by=books.by, action=AuditAction.RESTORED, issue="", at=books.now(), detail=reason
        )
        audit.append(deed)
        if fault := keep_witness(audit, publication.settings.witness_folder, anew=True):
            raise fault
        return Accepted(database=books.database.name, paused=paused, missed=missed)


def _is_given_up(slot: Slot, books: Books) -> bool:
    """Whether its time is past; then nobody will start it any more without being asked."""
    if slot_instant(slot) > books.now():
        return False
    reason = "the database came from a backup, in which it had not been sent yet"
    return books.database.slots.miss(slot.issue, books.now(), reason, by=books.by)


def check_ahead(moment: datetime, shown: str, now: datetime) -> None:
    """Raises NewsletterError for a slot in the past, or so far ahead that the year is wrong."""
    if moment <= now:
        raise NewsletterError(
            f"{shown} is in the past: it is {now:%Y-%m-%d %H:%M} UTC now",
            next_step="name a moment in the future, or send it now",
        )
    if moment - now > _FARTHEST:
        raise NewsletterError(f"{shown} is more than a year ahead", next_step="is the year right?")


def next_free(
    rule: ScheduleRule, taken: Iterable[Slot], after: datetime, own_date: date | None
) -> tuple[date, time]:
    """The rule's next slot that no issue has; for an issue with a date, none before that day.

    Raises NewsletterError where years of slots are taken, or the rule has none at all.
    """
    zone = str(rule.zone)
    occupied = {(slot.local_date, slot.local_time, slot.zone) for slot in taken}
    for _ in range(_MOST_TRIED):
        day = next_slot_date(rule, after)
        is_free = (day, rule.time, zone) not in occupied
        if is_free and (own_date is None or day >= own_date):
            return day, rule.time
        after = instant(day, rule.time, rule.zone)
    raise NewsletterError(
        "there is no free slot for years",
        where="[schedule]",
        next_step="name a moment",
        remedy=Remedy(Act.NAME_MOMENT),
    )


def _check_free_to_schedule(issue: Issue, books: Books) -> None:
    """Said before anything is worked out; the book itself holds to it too."""
    slot = books.database.slots.find(issue.name)
    if slot is not None and slot.state is SlotState.SCHEDULED:
        raise StoreError(
            f"it is already scheduled for {slot}",
            where=issue.name,
            next_step="take it out of that slot first",
            remedy=Remedy(Act.UNSCHEDULE, issue.name),
        )
    if books.database.runs.find(issue.name) is not None:
        raise StoreError(
            "it has been sent, and an issue is sent once",
            where=issue.name,
            remedy=Remedy(Act.SEE_STATUS, issue.name),
        )


def _moment_wanted(issue: Issue, at: tuple[date, time] | None, books: Books) -> tuple[date, time]:
    """Raises NewsletterError where the issue is dated another day than its slot."""
    if at is not None:
        day, clock_time = at
    else:
        taken = books.database.slots.in_states(*TAKEN)
        day, clock_time = next_free(books.settings.schedule, taken, books.now(), issue.date)
    if issue.date is not None and issue.date != day:
        what = "the slot" if at is not None else "the next free slot"
        raise NewsletterError(
            f"the issue is dated {issue.date:%A} {issue.date}, and {what} is {day:%A} {day}",
            where=issue.path,
            next_step=f"write `date: {day}` in the issue, or name a moment on its own day",
            remedy=Remedy(Act.NAME_MOMENT, issue.path),
        )
    return day, clock_time
