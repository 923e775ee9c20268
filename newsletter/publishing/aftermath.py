"""What the team hears of a run: that it was stopped, its report, and who needs a person at its end.

Each once, whoever sent it, a tick or somebody by hand; and from the next tick, where a process died
before it could tell, or no relay was there. `alerts` has the words, `telling` carries them.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from newsletter.books import AuditAction, Run, Slot, SlotState, needs_person
from newsletter.errors import Act, NewsletterError, Remedy, RunConflictError
from newsletter.publishing import alerts
from newsletter.publishing.letting_out import Refusal
from newsletter.publishing.publication import Books
from newsletter.publishing.refusing import suppress_refused
from newsletter.publishing.sending import Sent, is_over
from newsletter.publishing.telling import News, tell
from newsletter.reports import report_parts

RECENT = timedelta(days=3)
"""For so long a report or an alert that could not be told is tried again."""

_LAST = 50
"""Missed slots that are looked at for that."""


async def tell_of(done: Sent, books: Books) -> Sequence[str]:
    """What is to be told of a send by hand; who could not be told, and why."""
    if is_over(done.run):
        return await tell_end(done.run, books)
    if done.fault is None or isinstance(done.fault, RunConflictError):
        return ()
    told = await tell(_stopped(done, done.fault, books), books)
    return told.faults


async def tell_end(run: Run, books: Books) -> Sequence[str]:
    """The report of a run that is over, and an alert where somebody needs a person; once.

    Whoever was refused for good is suppressed by then.
    """
    suppress_refused(run, books)
    balance = books.database.runs.balance(run.id)
    news = [_report(run, books)]
    if needs_person(balance):
        news.append(alerts.needing(run, balance, books.publication))
    return await _tell_once(f"over {run.issue} {run.finished_at}", news, books)


async def tell_owed(books: Books) -> Sequence[tuple[str, str]]:
    """Whatever has ended or was missed of late and nobody was told of; each issue with its fault.

    A slot that was missed long ago counts from when it was found to be: the machine was off.
    """
    faults = []
    for slot in _missed_of_late(books):
        news = alerts.missed(slot, slot.reason, books.publication)
        told = await _tell_once(f"missed {slot.issue} {slot}", [news], books)
        faults += [(slot.issue, fault) for fault in told]
    for run in books.database.runs.all():
        if run.finished_at and is_over(run) and _is_recent(run.finished_at, books):
            faults += [(run.issue, fault) for fault in await tell_end(run, books)]
    return faults


async def _tell_once(key: str, news: Sequence[News], books: Books) -> Sequence[str]:
    notices = books.database.notices
    if not notices.begin(key, books.now()):
        return ()
    faults = [fault for each in news for fault in (await tell(each, books)).faults]
    if not faults:
        notices.end(key, books.now())
    return faults


def _missed_of_late(books: Books) -> Iterator[Slot]:
    database = books.database
    for slot in database.slots.in_states(SlotState.MISSED)[-_LAST:]:
        entries = database.audit.entries(slot.issue)
        found = [entry.at for entry in entries if entry.action is AuditAction.MISSED]
        if found and _is_recent(found[-1], books):
            yield slot


def _is_recent(moment: datetime, books: Books) -> bool:
    return abs(books.now() - moment) < RECENT


def _report(run: Run, books: Books) -> News:
    database, publication = books.database, books.publication
    more = publication.word(Remedy(Act.SEE_REPORT, run.issue))
    parts = report_parts(database, run, publication.settings.theme, books.now(), more=more)
    balance, slot = database.runs.balance(run.id), database.slots.find(run.issue)
    return alerts.ended(run, slot, balance, publication, parts)


def _stopped(done: Sent, fault: NewsletterError, books: Books) -> News:
    issue = done.run.issue
    refusal = Refusal(
        reason=str(fault),
        step="Mend it and go on, or end it",
        remedies=(Remedy(Act.SEND, issue), Remedy(Act.CANCEL, issue)),
    )
    slot = books.database.slots.find(issue)
    return alerts.halted(issue, slot, refusal, books.publication, done.balance)
