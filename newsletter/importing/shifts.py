"""Raised and lowered words in the characters that Unicode has for them: 10⁶, m², H₂O.

What has none stands on the line where that is how people write it (1st, Mme).
"""

import re

from newsletter.importing.inlines import Shift

_UP = str.maketrans("0123456789+-−=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿⁱ")
_DOWN = str.maketrans("0123456789+-−=()aeoxhklmnpst", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑₒₓₕₖₗₘₙₚₛₜ")
_TABLES = {Shift.UP: _UP, Shift.DOWN: _DOWN}
_ON_THE_LINE = re.compile(
    r"st|nd|rd|th|[eéè]?[rm]e?s?|res?|er|d|nde?|a|o|ª|º|®|©|™|ste|de|[\s\W]*", re.IGNORECASE
)
"""Endings of ordinals and short forms, in the languages that raise them; signs that are small."""


def shifted(text: str, shift: Shift) -> str | None:
    """The same words without a mark, or None where there are no characters for all of them.

    >>> shifted("2", Shift.UP), shifted("ab", Shift.UP)
    ('²', None)
    """
    if text.strip().upper() in {"TM", "SM"} and shift is Shift.UP:
        return text.replace(text.strip(), {"TM": "™", "SM": "℠"}[text.strip().upper()])
    table = _TABLES[shift]
    if all(ord(sign) in table or sign.isspace() for sign in text):
        return text.translate(table)
    return text if _ON_THE_LINE.fullmatch(text.strip()) else None
