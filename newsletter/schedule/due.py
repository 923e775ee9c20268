"""What must be done now: start, go on with, or give up an issue; remind people of an empty slot.

Pure: it is told the slots and the time and decides, alike on every host and at every tick. That a
slot starts once, and a notice goes out once, the books see to. Where the clock jumps
it decides by what the clock says: nothing starts outside its window.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from newsletter.books import TAKEN, Slot, SlotState
from newsletter.schedule.friday import ScheduleRule, instant, next_slot_date, zone_named


@dataclass(frozen=True, kw_only=True, slots=True)
class Start:
    """The slot is open, from its instant until the grace has run out, both included."""

    issue: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Resume:
    """It was started and is not done: go on with it, whatever the time."""

    issue: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Miss:
    """The slot went by, `late` ago, and must not be sent without being asked."""

    issue: str
    late: timedelta


@dataclass(frozen=True, kw_only=True, slots=True)
class Remind:
    """Nothing is scheduled for that day of the rule, and it is near."""

    local_date: date


Decision = Start | Resume | Miss | Remind


def slot_instant(slot: Slot) -> datetime:
    """When the slot is, by its zone's rules of today. Raises SettingsError for a zone unknown."""
    return instant(slot.local_date, slot.local_time, zone_named(slot.zone))


def decide(slots: Iterable[Slot], rule: ScheduleRule, now: datetime) -> tuple[Decision, ...]:
    """What is to be done at this moment: what was started first, then by the slots' instants."""
    known = sorted(
        slots, key=lambda slot: (slot.state is not SlotState.STARTED, slot_instant(slot))
    )
    decided = [each for slot in known if (each := _decide(slot, rule, now)) is not None]
    reminder = _reminder(known, rule, now)
    return (*decided, reminder) if reminder else tuple(decided)


def _decide(slot: Slot, rule: ScheduleRule, now: datetime) -> Decision | None:
    if slot.state is SlotState.STARTED:
        return Resume(issue=slot.issue)
    if slot.state is not SlotState.SCHEDULED:
        return None
    late = now - slot_instant(slot)
    if late < timedelta():
        return None
    return Start(issue=slot.issue) if late <= rule.grace else Miss(issue=slot.issue, late=late)


def _reminder(slots: Iterable[Slot], rule: ScheduleRule, now: datetime) -> Remind | None:
    if rule.remind_before <= timedelta():
        return None
    day = next_slot_date(rule, now)
    if instant(day, rule.time, rule.zone) - now > rule.remind_before:
        return None
    taken = {slot.local_date for slot in slots if slot.state in TAKEN}
    return None if day in taken else Remind(local_date=day)
