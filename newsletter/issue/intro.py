"""The names that an intro announces: "... including Walmart, Carrefour, Getir and Richemont."."""

import re

_INCLUDING = re.compile(r"\bincluding\b\s*:?\s*", re.IGNORECASE)
_SENTENCE_END = re.compile(
    r"(?<![\s.(][A-Z])(?<!\b(?:Dr|St|Mr|Ms))(?<!\bMrs)"  # not after "L.K." and "Dr."
    r"[.!?][”’\"')]*(?=\s+[“‘\"'(]?[A-Z])|\s[–—]\s|\n\n"
)
_NO_NAMES = frozenset({"more", "much more", "many more", "lots more", "others", "many others"})
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
    sentence = _SENTENCE_END.split(rest, maxsplit=1)[0].strip().rstrip(".!?…")
    items = [item.strip() for item in re.split(r"[,;]\s+", sentence)]
    if len(items) > 1 and _is_afterthought(items[-1]) and _LAST_AND.match(items[-2]):
        items.pop()
    items[-1:] = _split_last(items[-1])
    names = (_clean(item) for item in items)
    return tuple(name for name in names if name and name.lower() not in _NO_NAMES)


def _is_afterthought(item: str) -> bool:
    """The clause after the list in "A, B and C, so let us begin"."""
    return item[:1].islower() and not item.startswith("and ") and not _LAST_AND.match(item)


def _split_last(item: str) -> list[str]:
    """The end of the list holds two names ("C and D"), or one after a comma ("and D")."""
    if item.lower().startswith("and "):
        return [item[4:]]
    match = _LAST_AND.match(item)
    return [match[1], match[2]] if match else [item]


def _clean(item: str) -> str:
    name = " ".join(item.split())
    return name if "(" in name else name.rstrip(")")
