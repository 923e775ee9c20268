"""A publication's issues gathered as a shelf shows them: on their way, being written, sent.

The shelf is looked at often and is there at once; what takes time is worked out aside, by
`ShelfKeeper.work_out`, and is on the shelf the next time. No database is made by looking.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from hashlib import sha256

from newsletter.books import OVER, Approval, Run, Slot, SlotState
from newsletter.files import FileState, file_state
from newsletter.publishing.agenda import NextSlot
from newsletter.publishing.agenda.slots import next_slot, rule_slot
from newsletter.publishing.publication import Books, Publication
from newsletter.publishing.shelf.heads import Head, Heads
from newsletter.publishing.shelf.standings import Draft, Sending, Standings, desk_of
from newsletter.store import file_of
from newsletter.subscribers import SubscriberState

SHOWN_SENT = 5
"""Sent issues at once; the others are earlier ones."""

_LATE = timedelta(days=7)
"""For so long an issue that was not sent on its day is one that is still to come."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SlotAhead:
    """When the next issue is to go out, and the one that has the slot, if any."""

    slot: NextSlot
    draft: Draft | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Shelf:
    """`made_at` is in the zone of the schedule.

    `sent` are all sent ones, the newest first, with `Sending`s for the first of them alone;
    `resting` are issues past their day that nobody has sent, the newest first. `subscribers` counts
    the confirmed, None where there is no database. `is_whole` says that nothing more is to be
    worked out.
    """

    made_at: datetime
    ahead: SlotAhead
    going: Sequence[Sending]
    scheduled: Sequence[Draft]
    writing: Sequence[Draft]
    sent: Sequence[Sending]
    earlier: Sequence[Run]
    resting: Sequence[Head]
    heads: Mapping[str, Head]
    subscribers: int | None
    is_whole: bool

    @property
    def is_empty(self) -> bool:
        return not self.heads and not self.sent and not self.going


@dataclass
class ShelfKeeper:
    """The shelf of one publication under the same settings, kept between two looks."""

    publication: Publication
    _heads: Heads = field(init=False)
    _standings: Standings = field(default_factory=Standings)

    def __post_init__(self) -> None:
        self._heads = Heads(self.publication.settings.folder)

    def look(self) -> Shelf:
        """The shelf as far as it is known. Raises StoreError for books that cannot be read."""
        with self.publication.looking() as books:
            found = _gather(self.publication, self._heads.all(), books)
        return self._with_known(found)

    def work_out(self) -> None:
        """What the last look could not know yet; takes its time."""
        desk = desk_of(self.publication)
        with self.publication.looking() as books:
            shelf = _gather(self.publication, self._heads.all(), books)
            for draft in (*shelf.scheduled, *shelf.writing):
                self._standings.work_out(draft, shelf.made_at.date(), books, desk)

    def stamp(self) -> str:
        """Another one where the shelf may look otherwise, be it by a minute that has gone by."""
        files = [(head.path.name, head.state) for head in self._heads.all()]
        minute = int(self.publication.clock().timestamp()) // 60
        seen = (files, minute, _books_state(self.publication))
        return sha256(repr(seen).encode()).hexdigest()[:16]

    def _with_known(self, shelf: Shelf) -> Shelf:
        day = shelf.made_at.date()

        def known(drafts: Sequence[Draft]) -> list[Draft]:
            return [replace(each, found=self._standings.known(each, day)) for each in drafts]

        scheduled, writing = known(shelf.scheduled), known(shelf.writing)
        named = {draft.head.name: draft for draft in (*scheduled, *writing)}
        ahead = replace(shelf.ahead, draft=named.get(shelf.ahead.slot.issue))
        is_whole = all(draft.found for draft in named.values())
        return replace(shelf, scheduled=scheduled, writing=writing, ahead=ahead, is_whole=is_whole)


def _gather(publication: Publication, heads: Sequence[Head], books: Books | None) -> Shelf:
    settings, now = publication.settings, publication.clock()
    slots = books.database.slots.in_states(SlotState.SCHEDULED) if books else []
    runs = books.database.runs.all() if books else []
    first = {run.issue: run for run in runs if run.corrects is None}
    corrected = {run.corrects for run in runs if run.corrects is not None}
    named = {head.name: head for head in reversed(heads)}
    today = now.astimezone(settings.schedule.zone).date()
    drafts = [
        replace(each, given=_approvals(each, books))
        for each in _drafts(heads, {slot.issue: slot for slot in slots}, first, today)
    ]
    newest = sorted(first.values(), key=lambda run: run.started_at, reverse=True)
    over = [run for run in newest if run.state in OVER]

    def sending(run: Run) -> Sending:
        assert books is not None
        return Sending(
            run=run,
            balance=books.database.runs.balance_seen(run.id, now),
            head=named.get(run.issue),
            is_corrected=run.issue in corrected,
        )

    kept = {draft.head.name for draft in drafts} | first.keys()
    upcoming = next_slot(books) if books else rule_slot(settings.schedule, now)
    return Shelf(
        made_at=now.astimezone(settings.schedule.zone),
        ahead=SlotAhead(slot=upcoming, draft=None),
        going=[sending(run) for run in newest if run.state not in OVER],
        scheduled=[draft for draft in drafts if draft.slot],
        writing=[draft for draft in drafts if not draft.slot],
        sent=[sending(run) for run in over[:SHOWN_SENT]],
        earlier=over[SHOWN_SENT:],
        resting=_newest(head for head in heads if head.name not in kept),
        heads=named,
        subscribers=_confirmed(books),
        is_whole=False,
    )


def _drafts(
    heads: Sequence[Head], slots: Mapping[str, Slot], sent: Mapping[str, Run], today: date
) -> Iterator[Draft]:
    """What has a slot, then what is being written, by its day; what has none comes last."""
    coming = [
        Draft(head=head, slot=slots.get(head.name))
        for head in heads
        if head.name not in sent and not head.is_past
    ]
    wanted = [each for each in coming if each.day is None or each.slot or each.day >= today - _LATE]
    yield from sorted(
        wanted, key=lambda each: (each.day is None, each.day or today, each.head.name)
    )


def _approvals(draft: Draft, books: Books | None) -> tuple[Approval, ...]:
    return tuple(books.database.approvals.of(draft.head.name)) if books else ()


def _newest(heads: Iterator[Head]) -> list[Head]:
    return sorted(heads, key=lambda each: (each.day or date.min, each.name), reverse=True)


def _confirmed(books: Books | None) -> int | None:
    return books.database.subscribers.count()[SubscriberState.CONFIRMED] if books else None


def _books_state(publication: Publication) -> tuple[FileState, ...] | int:
    """When the books were last written to; of a server's nobody knows, so it changes by itself."""
    file = file_of(publication.settings.environment.database.reveal())
    if file is None:
        return int(publication.clock().timestamp()) // 10
    log = file_state(file.with_name(f"{file.name}-wal"))
    return (file_state(file), log if log[1] else (0, 0))  # whoever only reads leaves an empty one
