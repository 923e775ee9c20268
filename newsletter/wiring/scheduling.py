"""Slots by the publication's settings: the next free one, and the issue dated by it."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING

from newsletter.errors import NewsletterError
from newsletter.issue import Issue

if TYPE_CHECKING:
    from newsletter.books import SlotRow
    from newsletter.schedule import ScheduleRule
    from newsletter.settings import Settings
    from newsletter.store import Slots

_MOST_TRIED = 1_000
"""Slots looked at for a free one: nineteen years of Fridays."""


def slot_path(slot: "SlotRow", settings: "Settings") -> Path:
    return settings.folder / slot.path


def dated(issue: Issue, day: date | None) -> Issue:
    """The issue with the date of its slot, where it has none of its own."""
    return issue if issue.date or day is None else replace(issue, date=day)


def date_in_book(slots: "Slots", issue: str) -> date | None:
    """The day of the issue's slot, over or not; None where it never had one or lost it."""
    from newsletter.books import SlotState

    slot = slots.find(issue)
    is_lost = slot is None or slot.state is SlotState.CANCELLED
    return None if slot is None or is_lost else slot.local_date


def next_free(
    rule: "ScheduleRule", taken: Iterable["SlotRow"], after: datetime, own_date: date | None
) -> tuple[date, time]:
    """The rule's next slot that no issue has; for an issue with a date, none before that day.

    Raises NewsletterError where years of slots are taken, or the rule has none at all.
    """
    from newsletter.schedule import instant, next_slot_date

    zone = str(rule.zone)
    occupied = {(slot.local_date, slot.local_time, slot.zone) for slot in taken}
    for _ in range(_MOST_TRIED):
        day = next_slot_date(rule, after)
        is_free = (day, rule.time, zone) not in occupied
        if is_free and (own_date is None or day >= own_date):
            return day, rule.time
        after = instant(day, rule.time, rule.zone)
    raise NewsletterError(
        "there is no free slot in sight",
        where="[schedule]",
        next_step='name a moment: --at "2026-11-27 07:00"',
    )
