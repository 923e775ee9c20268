"""Words for the schedule's moments: a slot, the rule, and what a change of the clocks does."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from newsletter.books import Slot
from newsletter.schedule.due import slot_instant
from newsletter.schedule.friday import WEEKDAYS, ScheduleRule


def slot_words(slot: Slot) -> str:
    """`2026-11-27 07:00 Europe/London (07:00 UTC)`."""
    moment = slot_instant(slot)
    day = "" if moment.date() == slot.local_date else f"{moment.date().isoformat()} "
    return f"{slot} ({day}{moment:%H:%M} UTC)"


def rule_words(rule: ScheduleRule) -> str:
    """`Friday 07:00 Europe/London`."""
    return f"{WEEKDAYS[rule.weekday].capitalize()} {rule.time:%H:%M} {rule.zone}"


def clock_change_note(day: date, at: time, zone: ZoneInfo) -> str:
    """What the clocks of the zone do to a wall time on their day of change; "" on all others."""
    wall = datetime.combine(day, at)
    first, second = wall.replace(tzinfo=zone), wall.replace(tzinfo=zone, fold=1)
    before, after = first.utcoffset(), second.utcoffset()
    if before is None or after is None or before == after:
        return ""
    if before < after:
        shown = (wall + (after - before)).strftime("%Y-%m-%d %H:%M")
        return f"Clocks in {zone} skip {at:%H:%M} on that day: it goes out at {shown}."
    return f"{at:%H:%M} comes twice in {zone} on that day: it goes out at the first one."
