"""The words that head a sponsor's block, told by the cue at their beginning."""

import re
from functools import lru_cache

_HEADING = r"\s{0,3}(?:(#{1,6})\s+)?(?:\*\*)?"
_FULL_STOP = re.compile(r"[.;:,!?][\"”’')*]*\s*\Z")
MAX_WORDS = 12
"""Of a line that no mark makes a heading; what is longer is a sentence."""


def heads_sponsor(words: str, cue: str, *, is_heading: bool) -> bool:
    """Whether words without marks head a sponsor's block: those of a heading, or of a line."""
    match = sponsor_pattern(cue).match(words.strip())
    return match is not None and (is_heading or is_like_a_heading(words, match))


@lru_cache(maxsize=8)
def sponsor_pattern(cue: str) -> re.Pattern[str]:
    """Of a line's beginning, marks and all; group 1 is the mark of a heading, if there is one."""
    return re.compile(rf"{_HEADING}(?:{cue})(?:\s+(?=\S)|\s*\Z)", re.IGNORECASE)


def is_like_a_heading(line: str, match: re.Match[str]) -> bool:
    """Short, not closed like a sentence, and with a name behind the cue."""
    is_short = len(line.split(maxsplit=MAX_WORDS)) <= MAX_WORDS
    has_name = match.end() < len(match.string.rstrip())
    return is_short and has_name and not _FULL_STOP.search(line)
