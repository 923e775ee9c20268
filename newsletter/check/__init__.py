"""The door of the check room: the house format, its rules, and what they find."""

from newsletter.check.diagnostic import Diagnostic, Finding, Severity, at_least
from newsletter.check.engine import check_issue
from newsletter.check.formats import FORMATS, count_line
from newsletter.check.house_format import HouseFormat
from newsletter.check.registry import all_rules, find_rule
from newsletter.check.rule import Context, Rule

__all__ = [
    "FORMATS",
    "Context",
    "Diagnostic",
    "Finding",
    "HouseFormat",
    "Rule",
    "Severity",
    "all_rules",
    "at_least",
    "check_issue",
    "count_line",
    "find_rule",
]
