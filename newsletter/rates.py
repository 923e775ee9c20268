"""A rate as somebody writes it: `20`, `20/s`, `600/m` or `3000/h`, in messages."""

import math
import re

RATE_FORM = "messages per second, minute or hour, above 0: 50, 50/s, 300/m or 3000/h"
"""What may be written."""

_RATE = re.compile(r"(?P<number>[0-9]+(?:\.[0-9]+)?)(?:/(?P<unit>[smh]))?")
_SECONDS_OF = {"s": 1, "m": 60, "h": 3600}


def parse_rate(text: str) -> float | None:
    """Messages per second; None for what is no rate.

    >>> parse_rate("300/m")
    5.0
    """
    found = _RATE.fullmatch(text)
    if found is None:
        return None
    per_second = float(found["number"]) / _SECONDS_OF[found["unit"] or "s"]
    return per_second if per_second > 0 and math.isfinite(per_second) else None


def rate_words(per_second: float) -> str:
    """A rate for people, in the unit in which it is a plain number.

    >>> rate_words(5), rate_words(0.2), rate_words(0.005)
    ('5/s', '12/m', '18/h')
    """
    unit = next((each for each in "sm" if per_second * _SECONDS_OF[each] >= 1), "h")
    return f"{per_second * _SECONDS_OF[unit]:.4g}/{unit}"
