"""The blanks of an issue that is laid out and not yet written, an ellipsis each.

Where the rule empty-slot speaks of one, rules on what is missing there have nothing to add.
"""

from newsletter.check.house_format import HouseFormat
from newsletter.issue import Story

BLANK = "…"
_EMPTY = frozenset({"", BLANK, "..."})


def is_blank(text: str) -> bool:
    return text.strip() in _EMPTY


def is_to_be_written(story: Story, house: HouseFormat) -> bool:
    """Whether the rule empty-slot reports the story by its headline."""
    return is_blank(story.headline.text) and "empty-slot" not in house.switched_off
