"""The door of the check room: the house format, its rules, and what they find."""

from newsletter.check.blanks import BLANK
from newsletter.check.choice import switched_off
from newsletter.check.diagnostic import Diagnostic, Edit, Finding, Fix, Severity, at_least
from newsletter.check.engine import check_issue
from newsletter.check.fixes import apply_fixes, fix_text
from newsletter.check.formats import FORMATS, Look, count_line, format_text
from newsletter.check.house_format import Calendar, HouseFormat, Lengths, Typography
from newsletter.check.html_weight import NEAR_BUDGET
from newsletter.check.issue_links import PlacedLink, images_of, links_of
from newsletter.check.memory import PastStory, past_stories
from newsletter.check.online import LinkCache, find_dead_links
from newsletter.check.registry import all_rules, find_rule
from newsletter.check.roots import without_followers
from newsletter.check.rule import Context, Rule
from newsletter.check.web_address import is_web_address, without_tracking

__all__ = [
    "BLANK",
    "FORMATS",
    "NEAR_BUDGET",
    "Calendar",
    "Context",
    "Diagnostic",
    "Edit",
    "Finding",
    "Fix",
    "HouseFormat",
    "Lengths",
    "LinkCache",
    "Look",
    "PastStory",
    "PlacedLink",
    "Rule",
    "Severity",
    "Typography",
    "all_rules",
    "apply_fixes",
    "at_least",
    "check_issue",
    "count_line",
    "find_dead_links",
    "find_rule",
    "fix_text",
    "format_text",
    "images_of",
    "is_web_address",
    "links_of",
    "past_stories",
    "switched_off",
    "without_followers",
    "without_tracking",
]
