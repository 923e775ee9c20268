"""The door of the schedule room: when an issue is to go out, and whether it may.

Cheap to import; the holidays package is only loaded when a country is asked for.
"""

from newsletter.schedule.approval import (
    ApprovalRule,
    Judgement,
    changed_inputs,
    is_same_person,
    judge,
)
from newsletter.schedule.due import Decision, Miss, Remind, Resume, Start, decide, slot_instant
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
from newsletter.schedule.moments import clock_change_note, rule_words, slot_words
from newsletter.schedule.timetable import Crowd, Line, Pace, Timetable, beside, draw_up
from newsletter.schedule.window import Window, parse_window
from newsletter.schedule.witness import Witness

__all__ = [
    "WEEKDAYS",
    "ApprovalRule",
    "Crowd",
    "Decision",
    "HolidayRule",
    "Judgement",
    "Line",
    "Miss",
    "Move",
    "Pace",
    "Remind",
    "Resume",
    "ScheduleRule",
    "Start",
    "Timetable",
    "Window",
    "Witness",
    "beside",
    "changed_inputs",
    "clock_change_note",
    "decide",
    "draw_up",
    "holiday_name",
    "instant",
    "is_same_person",
    "iso_week_name",
    "judge",
    "next_date",
    "next_slot_date",
    "parse_window",
    "region_fault",
    "rule_words",
    "slot_instant",
    "slot_words",
    "zone_named",
]
