"""What a file of a stranger says, held to what it should be: a line of text, a colour, a number.

What it is not is "" or None, never a fault: an export is taken as far as it goes.
"""

import re

_LONGEST = 500
_COLOUR = re.compile(r"#?([0-9a-fA-F]{6})")
_SHORT_COLOUR = re.compile(r"#?([0-9a-fA-F])([0-9a-fA-F])([0-9a-fA-F])")
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]+")
_NUMBER = re.compile(r"[1-9][0-9]{0,4}")


def line(value: object) -> str:
    r"""A text on one line, without what cannot be seen.

    >>> line(" The\nHarbour  Letter ")
    'The Harbour Letter'
    """
    if not isinstance(value, str):
        return ""
    return " ".join(_UNSEEN.sub(" ", value[: 4 * _LONGEST]).split())[:_LONGEST]


def colour(value: object) -> str:
    """A colour in six figures; "" for what is none.

    >>> colour("FF1A75"), colour("#abc"), colour("red")
    ('#ff1a75', '#aabbcc', '')
    """
    text = value.strip() if isinstance(value, str) else ""
    if found := _COLOUR.fullmatch(text):
        return f"#{found[1].lower()}"
    if short := _SHORT_COLOUR.fullmatch(text):
        return "#" + "".join(figure * 2 for figure in short.groups()).lower()
    return ""


def number(value: object) -> int | None:
    """The number of an issue; None for what is none."""
    text = str(value) if isinstance(value, int | str) and not isinstance(value, bool) else ""
    return int(text) if _NUMBER.fullmatch(text.strip()) else None
