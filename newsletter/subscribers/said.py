"""What somebody says of a person, held to what the list can keep: a line of text, a tag.

For what is typed one by one, where a mistake is told and not mended. Files have their own reader.
"""

import re
from unicodedata import normalize

from newsletter.errors import PersonError

MAX_TAG = 40
"""Characters of a tag."""

_UNKEPT = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_TAG = re.compile(r"[\w-]+")
_SHOWN = 40


def checked_line(text: str, *, what: str, most: int, step: str = "") -> str:
    """The text without blanks round it. Raises PersonError for more than one line of text.

    `what` names it: "the reason"; it may be empty only where no `step` says how to give one.
    """
    said = text.strip(" ")
    if not said and step:
        raise PersonError(f"{what} is missing", next_step=step)
    if len(said) > most:
        raise PersonError(
            f"{what} has {len(said):,} characters",
            where=shortened(said),
            next_step=f"say it in {most:,} at the most",
        )
    if found := _UNKEPT.search(said):
        raise PersonError(
            f"{what} holds U+{ord(found[0]):04X}, which is no text",
            where=shortened(said),
            next_step="write it on one line",
        )
    return said


def checked_tag(text: str) -> str:
    """A tag as the list has it: NFC, case folded. Raises PersonError for what is none.

    >>> checked_tag("UK"), checked_tag("early-bird")
    ('uk', 'early-bird')
    """
    folded = normalize("NFC", normalize("NFC", text.strip(" ")).casefold())
    if not _TAG.fullmatch(folded) or len(folded) > MAX_TAG:
        raise PersonError(
            "this is not a tag",
            where=f"“{shortened(text)}”",
            next_step=f"use letters, digits, “-” and “_”, {MAX_TAG} at the most",
        )
    return folded


def shortened(text: str) -> str:
    """As much of it as an error shows, on one line."""
    line = _UNKEPT.sub("\ufffd", text[: _SHOWN + 1])
    return line if len(line) <= _SHOWN else f"{line[:_SHOWN]}…"
