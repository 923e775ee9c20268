"""A name or a word as it is compared: without case, accents, marks, and whatever cannot be seen."""

import re
from unicodedata import normalize

_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_ACCENT = re.compile(r"[\u0300-\u036f]")
_UNSEEN = re.compile(r"[\u00ad\u200b-\u200f\u2060\ufeff]")
_WORD = re.compile(r"[^\W_]+")
_WHOLE = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe"})
"""Letters that Unicode does not take apart."""


def plain_words(text: str) -> str:
    """Its words with one blank between them; "" where there are none.

    >>> plain_words("unsubscribedAt (UTC)"), plain_words("Désabonné le")
    ('unsubscribed at utc', 'desabonne le')
    """
    parted = _CAMEL.sub(" ", _UNSEEN.sub("", text))
    bare = normalize("NFC", _ACCENT.sub("", normalize("NFKD", parted)))
    return " ".join(_WORD.findall(bare.casefold().translate(_WHOLE)))
