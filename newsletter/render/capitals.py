"""Capitals as a language writes them (Unicode Standard, 3.13 and 5.18; CLDR's upper-case rules)."""

import re
import unicodedata

_DOTTED = frozenset({"tr", "az", "crh", "gag", "tt", "ba"})
"""Languages with two letters i, with a dot and without; Kazakh in Latin letters is one as well."""
_NO_TONOS = str.maketrans("ΆΈΉΊΌΎΏ", "ΑΕΗΙΟΥΩ")
_DOTS = str.maketrans({"i": "İ", "ı": "I"})
_COMBINED_DOT = re.compile("i\u0307")


def upper(text: str, language: str = "") -> str:
    """In capitals; `language` is a BCP 47 tag, "" for none in particular.

    >>> upper("istanbul’da ılık", "tr-TR")
    'İSTANBUL’DA ILIK'
    """
    primary, *subtags = language.lower().replace("_", "-").split("-")
    if primary in _DOTTED or (primary == "kk" and "latn" in subtags):
        text = unicodedata.normalize("NFC", _COMBINED_DOT.sub("i", text)).translate(_DOTS)
    elif primary == "lt":
        text = _COMBINED_DOT.sub("i", text)
    capitals = text.upper()
    return _without_tonos(capitals) if primary == "el" else capitals


def _without_tonos(capitals: str) -> str:
    """Greek capitals bear no accent; a diaeresis stays."""
    plain = unicodedata.normalize("NFC", capitals).translate(_NO_TONOS)
    decomposed = unicodedata.normalize("NFD", plain).replace("\u0301", "")
    return unicodedata.normalize("NFC", decomposed)
