"""The next slot, and those that were missed or that nobody has started."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from newsletter.books import Slot, SlotState
from newsletter.errors import Act, Remedy
from newsletter.publishing.agenda.item import Facts, Item, Kind, Urgency
from newsletter.publishing.publication import Books
from newsletter.schedule import ScheduleRule, instant, next_slot_date, slot_instant

_RECENT = timedelta(days=7)
"""For so long a slot that was missed is worth a word."""

_PROMPT = timedelta(minutes=2)
"""By then whoever keeps the schedule has looked."""

_AHEAD = 4
"""Issues that may have been sent before their time."""

NEAR = timedelta(hours=24)
"""What a slot wants is urgent for so long before it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class NextSlot:
    """When the next issue is to go out, by wall time and zone; `issue` is "" where none is in it.

    `at` is the moment itself, aware.
    """

    day: date
    time: time
    zone: str
    at: datetime
    issue: str = ""

    def is_near(self, now: datetime) -> bool:
        return self.at - now <= NEAR


def rule_slot(rule: ScheduleRule, now: datetime) -> NextSlot:
    """By the rule alone. Raises SettingsError where it has none left within a year."""
    day = next_slot_date(rule, now)
    at = instant(day, rule.time, rule.zone)
    return NextSlot(day=day, time=rule.time, zone=str(rule.zone), at=at)


def slot_near(slot: Slot, now: datetime) -> bool:
    """Whether it is to come within a day, or should have come."""
    return slot_instant(slot) - now <= NEAR


def next_slot(books: Books) -> NextSlot:
    """The first that has an issue, unless the rule has one before it that is empty.

    A day whose issue was sent before its time has none to come.
    """
    now = books.now()
    by_rule = rule_slot(books.settings.schedule, now)
    for _ in range(_AHEAD):
        if books.database.runs.find(by_rule.day.isoformat()) is None:
            break
        by_rule = rule_slot(books.settings.schedule, by_rule.at)
    scheduled = books.database.slots.in_states(SlotState.SCHEDULED)
    coming = sorted((_as_next(slot) for slot in scheduled), key=lambda each: each.at)
    first = next((each for each in coming if each.at > now), None)
    return first if first is not None and first.at <= by_rule.at else by_rule


def slot_items(books: Books) -> Iterator[Item]:
    """What did not go out when it should have."""
    now, grace = books.now(), books.settings.schedule.grace
    for slot in books.database.slots.in_states(SlotState.SCHEDULED):
        late = now - slot_instant(slot)
        if late > _PROMPT:
            remedy = Remedy(Act.SEND_DUE) if late <= grace else Remedy(Act.SEND, slot.issue)
            yield _item(Kind.OVERDUE, slot, remedy)
    for slot in books.database.slots.in_states(SlotState.MISSED):
        is_recent = now - slot_instant(slot) <= _RECENT
        if is_recent and books.database.runs.find(slot.issue) is None:
            yield _item(Kind.MISSED, slot, Remedy(Act.SEND, slot.issue))


def _item(kind: Kind, slot: Slot, remedy: Remedy) -> Item:
    facts: Facts = {"slot": str(slot), "at": slot_instant(slot), "why": slot.reason}
    return Item(kind=kind, urgency=Urgency.NOW, issue=slot.issue, facts=facts, remedy=remedy)


def _as_next(slot: Slot) -> NextSlot:
    return NextSlot(
        day=slot.local_date,
        time=slot.local_time,
        zone=slot.zone,
        at=slot_instant(slot),
        issue=slot.issue,
    )
