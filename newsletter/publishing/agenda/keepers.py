"""Who keeps the schedule: daemons by their heartbeats, and whoever has started slots in time.

A timer or cron leaves no heartbeat. That there is one shows in a slot that was started when it was
due, not long ago.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from newsletter.books import Heartbeat, Slot, SlotState, in_words
from newsletter.errors import Act, Remedy
from newsletter.process import is_dead, shown
from newsletter.publishing.agenda.item import Item, Kind, Urgency
from newsletter.publishing.publication import Books
from newsletter.schedule import slot_instant

_BELIEVED = timedelta(days=15)
"""For so long after a slot that was started in time, somebody is taken to keep the schedule."""

_STARTED = (SlotState.STARTED, SlotState.DONE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Keepers:
    """`alive` and `silent` are daemons; `is_timed` is whether slots are started without one.

    `sites` serve the site and keep no schedule; `dead_sites` did, and never said that they end.
    """

    alive: Sequence[Heartbeat]
    silent: Sequence[Heartbeat]
    is_timed: bool
    sites: Sequence[Heartbeat]
    dead_sites: Sequence[Heartbeat]

    @property
    def is_kept(self) -> bool:
        return bool(self.alive) or self.is_timed


def keepers_of(books: Books) -> Keepers:
    beats, now = books.database.heartbeats.known(), books.now()
    gone = [beat for beat in beats if beat.is_silent(now) or is_dead(beat.owner)]
    alive = [beat for beat in beats if beat not in gone]
    daemons = [beat for beat in beats if beat.keeps_schedule]
    return Keepers(
        alive=[beat for beat in alive if beat.keeps_schedule],
        silent=[beat for beat in gone if beat.keeps_schedule],
        is_timed=not daemons and _is_timed(books),
        sites=[beat for beat in alive if beat.serves_site],
        dead_sites=[beat for beat in gone if beat.serves_site],
    )


def keeper_items(keepers: Keepers, books: Books, *, is_near: bool) -> Iterator[Item]:
    """`is_near`: something is to be started soon, or to be gone on with."""
    has_slot = bool(books.database.slots.in_states(SlotState.SCHEDULED))
    wanted = Urgency.NOW if is_near else Urgency.NEXT
    for beat in keepers.silent:
        yield Item(
            kind=Kind.SILENT,
            urgency=Urgency.NOTE if keepers.alive else wanted,
            facts=_facts(beat, books),
            remedy=None if keepers.alive else Remedy(Act.KEEP_SCHEDULE),
        )
    for beat in keepers.alive:
        remedy = Remedy(Act.SEE_STATUS)
        yield Item(kind=Kind.KEPT, urgency=Urgency.NOTE, facts=_facts(beat, books), remedy=remedy)
    for beat in keepers.sites:
        remedy = Remedy(Act.SEE_STATUS)
        yield Item(kind=Kind.SERVED, urgency=Urgency.NOTE, facts=_facts(beat, books), remedy=remedy)
    for beat in () if keepers.sites else keepers.dead_sites:
        remedy = Remedy(Act.SERVE_SITE)
        yield Item(
            kind=Kind.UNSERVED, urgency=Urgency.NOW, facts=_facts(beat, books), remedy=remedy
        )
    if has_slot and not keepers.is_kept and not keepers.silent:
        remedy = Remedy(Act.KEEP_SCHEDULE)
        yield Item(kind=Kind.UNKEPT, urgency=wanted, remedy=remedy)


def _facts(beat: Heartbeat, books: Books) -> dict[str, str]:
    ago = in_words(max(books.now() - beat.beat_at, timedelta()))
    process = shown(beat.owner).partition(" since ")[0]
    return {"process": process, "doing": beat.doing, "last_heard": ago}


def _is_timed(books: Books) -> bool:
    """By hand, nobody sends within a slot's grace period as a rule."""
    slots = books.database.slots.in_states(*_STARTED)
    return any(_was_in_time(slot, books) for slot in slots[-3:])


def _was_in_time(slot: Slot, books: Books) -> bool:
    moment, grace = slot_instant(slot), books.settings.schedule.grace
    if slot.started_at is None or books.now() - moment > _BELIEVED:
        return False
    return moment <= slot.started_at <= moment + grace
