"""Raised and lowered words where there is nothing but characters: `m²`, `CO₂`, `1st`, `x^(n+k)`."""

_SIGNS = "0123456789+-−=()"
_UP = dict(zip(_SIGNS + "in", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁱⁿ", strict=True))
_DOWN = dict(zip(_SIGNS, "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎", strict=True))
_AS_WORDS = frozenset(
    {"st", "nd", "rd", "th", "er", "re", "e", "ère", "ème", "o", "a", "º", "ª", "tm", "sm", "r"}
    | {"me", "mme", "lle", "mlle", "os", "as", "de", "ste", "bis", "ter"}
)
"""Ends of ordinals, marks of trade: on the line they say the same."""


def raised(text: str) -> str:
    """The words as characters that stand high, where there are such.

    >>> raised("2"), raised("st"), raised("n+k")
    ('²', 'st', '^(n+k)')
    """
    if text.casefold() in _AS_WORDS:
        return text
    return _shifted(text, _UP, "^")


def lowered(text: str) -> str:
    """The same for what stands low.

    >>> lowered("2"), lowered("i"), lowered("max")
    ('₂', '_i', '_(max)')
    """
    return _shifted(text, _DOWN, "_")


def _shifted(text: str, characters: dict[str, str], mark: str) -> str:
    if all(character in characters for character in text):
        return "".join(characters[character] for character in text)
    return f"{mark}{text}" if len(text) == 1 else f"{mark}({text})"
