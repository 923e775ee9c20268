"""What the file of an issue is called: its date, or what its link was called; each name once."""

import re
import unicodedata
from collections import Counter

from newsletter.importing.exports.export import PastIssue, Shelf

_LONGEST = 60
_NUMBER = re.compile(
    r"(?:\b(?:issue|edition|nr|no|num|numéro|número|ausgabe|folge|uitgave|nummer|numer|edizione"
    r"|n[º°])\b\.?\s*#?|#)\s?(\d{1,4})\b",
    re.IGNORECASE,
)
_GERMAN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "ø": "o", "æ": "ae", "ł": "l"})


class Names:
    """Gives out names, by shelf; the second issue of a day has a 2 behind it."""

    def __init__(self) -> None:
        self._given: Counter[tuple[Shelf, str]] = Counter()

    def of(self, issue: PastIssue, title: str) -> str:
        """Without a suffix: `2024-03-01`, `2024-03-01-2`, `a-draft`."""
        is_dated = issue.day is not None and issue.shelf is not Shelf.DRAFTS
        wanted = str(issue.day) if is_dated else slug(issue.slug or title)
        name = wanted or "undated"
        self._given[issue.shelf, name] += 1
        count = self._given[issue.shelf, name]
        return name if count == 1 else self._other(issue.shelf, name, count)

    def _other(self, shelf: Shelf, name: str, count: int) -> str:
        """The next number that nothing is called by already."""
        while (shelf, f"{name}-{count}") in self._given:
            count += 1
        self._given[shelf, f"{name}-{count}"] += 1
        return f"{name}-{count}"


def slug(text: str) -> str:
    """The words of a title as a file's name, in plain letters; "" where it has none.

    >>> slug("Größe zählt: 3 Läden & ein Café!")
    'groesse-zaehlt-3-laeden-ein-cafe'
    """
    folded = unicodedata.normalize("NFKD", text.lower().translate(_GERMAN))
    words = re.findall(r"[^\W_]+", "".join(c for c in folded if not unicodedata.combining(c)))
    return "-".join(words)[:_LONGEST].strip("-")


def number_in(title: str) -> int | None:
    """The number that a title gives its issue, if it gives one.

    >>> number_in("The Harbour Letter #46: fish"), number_in("Ausgabe 7"), number_in("5 ways")
    (46, 7, None)
    """
    found = _NUMBER.search(title)
    return int(found[1]) if found and int(found[1]) else None
