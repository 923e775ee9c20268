"""Runs that somebody has to look at, or that go on by themselves; and who is in doubt."""

from collections.abc import Iterator
from datetime import datetime

from newsletter.books import OVER, Balance, DeliveryState, Run, RunState
from newsletter.errors import Act, NewsletterError, Remedy
from newsletter.process import shown
from newsletter.publishing.agenda.item import Facts, Item, Kind, Urgency
from newsletter.publishing.publication import Books
from newsletter.publishing.resting import rest_of
from newsletter.publishing.restoring import is_held


def run_items(books: Books, *, is_kept: bool) -> Iterator[Item]:
    """`is_kept`: somebody keeps the schedule, and goes on with what has a slot."""
    for run in books.database.runs.all():
        if run.state not in OVER:
            yield from _unfinished(run, books, is_kept=is_kept)
    for issue, count in books.database.statistics.in_state(DeliveryState.IN_DOUBT).items():
        run = books.run_of(issue)
        if not books.database.runs.holders(run.id, books.now()):  # else they are under way
            remedy = Remedy(Act.PROVE_BY_LOG, issue)
            yield _item(Kind.DOUBTS, Urgency.NOW, run, {"people": count}, remedy)


def _unfinished(run: Run, books: Books, *, is_kept: bool) -> Iterator[Item]:
    balance = books.database.runs.balance_seen(run.id, books.now())
    if not balance.balanced:
        sums = {"frozen": balance.frozen, "counted": sum(balance.counts.values())}
        yield _item(Kind.UNBALANCED, Urgency.NOW, run, sums, Remedy(Act.RESTORE))
    if run.state is RunState.PAUSED:
        yield _paused(run, balance)
    elif holders := books.database.runs.holders(run.id, books.now()):
        facts: Facts = {**_left(balance), "by": shown(holders[0].owner)}
        remedy = Remedy(Act.SEE_STATUS, run.issue)
        yield _item(Kind.SENDING, Urgency.NOTE, run, facts, remedy)
    else:
        yield _resting(run, balance, books, is_kept=is_kept)


def _paused(run: Run, balance: Balance) -> Item:
    facts: Facts = {**_left(balance), "by": run.controlled_by or ""}
    if is_held(run):
        return _item(Kind.HELD, Urgency.NOW, run, facts, Remedy(Act.PROVE_BY_LOG, run.issue))
    return _item(Kind.PAUSED, Urgency.NOW, run, facts, Remedy(Act.RESUME, run.issue))


def _resting(run: Run, balance: Balance, books: Books, *, is_kept: bool) -> Item:
    """Nobody has it in hand: it waits for its time, for whoever keeps the schedule, or for us."""
    until, why = _rest(run, balance, books)
    goes_on = is_kept and books.database.slots.find(run.issue) is not None
    facts: Facts = {**_left(balance), "until": until, "why": why}
    if goes_on:
        return _item(Kind.WAITING, Urgency.NOTE, run, facts, Remedy(Act.SEE_STATUS, run.issue))
    kind, urgency = (Kind.WAITING, Urgency.NEXT) if until else (Kind.INTERRUPTED, Urgency.NOW)
    return _item(kind, urgency, run, facts, Remedy(Act.SEND, run.issue))


def _rest(run: Run, balance: Balance, books: Books) -> tuple[datetime | None, str]:
    """Until when nothing can be sent, and why; None where it may go on at once."""
    try:
        rest = rest_of(run, books, books.publication.open_transport())
    except NewsletterError:  # of the transport, which is told by itself
        rest = None
    if rest is not None and rest.until > books.now():
        return rest.until, rest.why
    due = books.database.journal.next_due(run.id)
    is_all_deferred = balance.unfinished == balance[DeliveryState.DEFERRED]
    if is_all_deferred and due is not None and due > books.now():
        return due, ""
    return None, ""


def _left(balance: Balance) -> dict[str, int]:
    return {"left": balance.unfinished, "audience": balance.frozen}


def _item(kind: Kind, urgency: Urgency, run: Run, facts: Facts, remedy: Remedy) -> Item:
    return Item(kind=kind, urgency=urgency, issue=run.issue, facts=facts, remedy=remedy)
