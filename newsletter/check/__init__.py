"""The door of the check room: the house format, its rules, and what they find.

What reaches into the web is loaded at the first asking: TLS and HTTP take longer than a check does.
"""

from typing import TYPE_CHECKING

from newsletter.check.choice import switched_off
from newsletter.check.diagnostic import Diagnostic, Edit, Finding, Fix, Severity, at_least
from newsletter.check.engine import check_issue
from newsletter.check.fixes import apply_fixes, fix_text
from newsletter.check.formats import FORMATS, count_line
from newsletter.check.house_format import Calendar, HouseFormat, Lengths, Typography
from newsletter.check.memory import past_stories
from newsletter.check.online import LinkCache, find_dead_links
from newsletter.check.registry import all_rules, find_rule
from newsletter.check.rule import Context, PastStory, Rule
from newsletter.doors import later

if TYPE_CHECKING:
    from newsletter.check.probe import (
        NOT_PUBLIC,
        allowed_addresses,
        connected,
        host_of,
        is_public,
        why_not,
    )

__all__ = [
    "FORMATS",
    "NOT_PUBLIC",
    "Calendar",
    "Context",
    "Diagnostic",
    "Edit",
    "Finding",
    "Fix",
    "HouseFormat",
    "Lengths",
    "LinkCache",
    "PastStory",
    "Rule",
    "Severity",
    "Typography",
    "all_rules",
    "allowed_addresses",
    "apply_fixes",
    "at_least",
    "check_issue",
    "connected",
    "count_line",
    "find_dead_links",
    "find_rule",
    "fix_text",
    "host_of",
    "is_public",
    "past_stories",
    "switched_off",
    "why_not",
]

_OF_THE_WEB = ("NOT_PUBLIC", "allowed_addresses", "connected", "host_of", "is_public", "why_not")

__getattr__ = later(__name__, dict.fromkeys(_OF_THE_WEB, "probe"))
