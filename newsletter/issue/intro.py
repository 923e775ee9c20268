"""The names that an intro announces: "... including Walmart, Carrefour, Getir and Richemont."."""

import re

_INCLUDING = re.compile(r"\bincluding\b\s*:?\s*", re.IGNORECASE)
_SENTENCE_END = re.compile(
    r"(?:(?<=\w\w\w)|(?<=[)”’\"]))[.!?][”’\"')]*(?=\s+[“‘\"'(]?[A-Z])"  # not after "L.K."
)
_LAST_AND = re.compile(r"^(.*\S)\s+and\s+(\S.*)$", re.DOTALL)


def intro_names(intro: str) -> tuple[str, ...]:
    """The items of the last list that "including" opens, in order; () where there is none.

    >>> intro_names("Here's the briefing, including Klarna/HERO, Flipkart and Nordstrom/Asos.")
    ('Klarna/HERO', 'Flipkart', 'Nordstrom/Asos')
    """
    opened = list(_INCLUDING.finditer(intro))
    if not opened:
        return ()
    rest = intro[opened[-1].end() :]
    sentence = _SENTENCE_END.split(rest, maxsplit=1)[0]
    items = [item.strip() for item in re.split(r"[,;]\s+", sentence.strip())]
    items[-1:] = _split_last(items[-1])
    return tuple(name for item in items if (name := _clean(item)))


def _split_last(item: str) -> list[str]:
    """The end of the list holds two names ("C and D"), or one after a comma ("and D")."""
    if item.lower().startswith("and "):
        return [item[4:]]
    match = _LAST_AND.match(item)
    return [match[1], match[2]] if match else [item]


def _clean(item: str) -> str:
    return " ".join(item.split()).rstrip(".!?…").strip()
