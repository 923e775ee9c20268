"""The door of the schedule room: when an issue is to go out, and whether it may.

Cheap to import; the holidays package is only loaded when a country is asked for.
"""

from typing import TYPE_CHECKING

from newsletter.doors import later
from newsletter.schedule.friday import (
    WEEKDAYS,
    ScheduleRule,
    instant,
    iso_week_name,
    next_date,
    next_slot_date,
    zone_named,
)
from newsletter.schedule.holiday import HolidayRule, Move, holiday_name, region_fault

if TYPE_CHECKING:
    from newsletter.schedule.approval import ApprovalRule, Verdict, changes, judge
    from newsletter.schedule.due import (
        Decision,
        Miss,
        Remind,
        Resume,
        Start,
        decide,
        slot_instant,
    )
    from newsletter.schedule.moments import clock_change_note, rule_words, slot_words
    from newsletter.schedule.witness import Witness

__all__ = [
    "WEEKDAYS",
    "ApprovalRule",
    "Decision",
    "HolidayRule",
    "Miss",
    "Move",
    "Remind",
    "Resume",
    "ScheduleRule",
    "Start",
    "Verdict",
    "Witness",
    "changes",
    "clock_change_note",
    "decide",
    "holiday_name",
    "instant",
    "iso_week_name",
    "judge",
    "next_date",
    "next_slot_date",
    "region_fault",
    "rule_words",
    "slot_instant",
    "slot_words",
    "zone_named",
]

__getattr__ = later(
    __name__,
    {
        "ApprovalRule": "approval",
        "Decision": "due",
        "Miss": "due",
        "Remind": "due",
        "Resume": "due",
        "Start": "due",
        "Verdict": "approval",
        "Witness": "witness",
        "changes": "approval",
        "clock_change_note": "moments",
        "decide": "due",
        "judge": "approval",
        "rule_words": "moments",
        "slot_instant": "due",
        "slot_words": "moments",
    },
)
