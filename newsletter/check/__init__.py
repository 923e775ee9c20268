"""The door of the check room: the house format, its rules, and what they find."""

from newsletter.check.diagnostic import Diagnostic, Edit, Finding, Fix, Severity, at_least
from newsletter.check.engine import check_issue
from newsletter.check.formats import FORMATS, count_line
from newsletter.check.house_format import Calendar, HouseFormat, Lengths
from newsletter.check.registry import all_rules, find_rule
from newsletter.check.rule import Context, PastStory, Rule

__all__ = [
    "FORMATS",
    "Calendar",
    "Context",
    "Diagnostic",
    "Edit",
    "Finding",
    "Fix",
    "HouseFormat",
    "Lengths",
    "PastStory",
    "Rule",
    "Severity",
    "all_rules",
    "at_least",
    "check_issue",
    "count_line",
    "find_rule",
]
