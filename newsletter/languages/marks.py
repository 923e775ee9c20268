"""The quotation marks of languages: for the most part those of the Unicode CLDR, `delimiters`."""

import re
from dataclasses import dataclass
from functools import cache

from newsletter.languages.language import primary_of

_THIN = "\u202f"
"""French sets its marks off by a narrow space that no line breaks at."""


@dataclass(frozen=True, slots=True)
class Marks:
    """What opens and closes a quotation, and one inside of it. A mark may bring a space along."""

    opening: str
    closing: str
    inner_opening: str
    inner_closing: str

    @property
    def in_order(self) -> list[str]:
        return [self.opening, self.closing, self.inner_opening, self.inner_closing]

    @property
    def pair(self) -> str:
        """The two marks round a quotation, alone: `«»`."""
        return self.opening.strip(_THIN) + self.closing.strip(_THIN)


_ENGLISH = Marks("“", "”", "‘", "’")
_LOW = Marks("„", "“", "‚", "‘")
_LOW_HIGH = Marks("„", "”", "«", "»")
_LOW_TURNED = Marks("„", "”", "»", "«")
_RAISED = Marks("”", "”", "’", "’")
_ANGLED = Marks("«", "»", "“", "”")
_ANGLED_LOW = Marks("«", "»", "„", "“")
_ANGLED_HIGH = Marks("«", "»", "‘", "’")
_ANGLED_TWICE = Marks("«", "»", "‹", "›")
_SPACED = Marks(f"«{_THIN}", f"{_THIN}»", "“", "”")
_CORNERS = Marks("「", "」", "『", "』")

# Ours are the double marks of Dutch, for an editor who types double ones means them, and the
# Swiss marks of German, which its press has.
_MARKS = {
    **dict.fromkeys(("en", "es", "nl", "pt", "gl", "ga", "da", "lv", "sq"), _ENGLISH),
    **dict.fromkeys(("tr", "zh", "ko", "vi", "id", "hi", "th"), _ENGLISH),
    **dict.fromkeys(("de", "cs", "sk", "sl", "hr", "bg", "mk", "is", "lt", "et", "lb"), _LOW),
    **dict.fromkeys(("pl", "ro"), _LOW_HIGH),
    **dict.fromkeys(("sr", "bs"), Marks("„", "”", "’", "’")),
    **dict.fromkeys(("sv", "fi", "he"), _RAISED),
    **dict.fromkeys(("it", "ca", "eu", "el", "pt-pt"), _ANGLED),
    **dict.fromkeys(("ru", "uk", "be", "hy"), _ANGLED_LOW),
    **dict.fromkeys(("no", "nb", "nn"), _ANGLED_HIGH),
    **dict.fromkeys(("fa", "de-ch", "fr-ch"), _ANGLED_TWICE),
    **dict.fromkeys(("ja", "zh-hant", "zh-tw", "zh-hk"), _CORNERS),
    "fr": _SPACED,
    "hu": _LOW_TURNED,
    "ar": Marks("”", "“", "’", "‘"),
}

_ELIDED_ANYWHERE = ("tis", "twas", "n'(?=\\s)")
_ELIDED = {
    "en": ("twere", "twill", "em", "til", "bout", "cuz", "cos", "n"),
    "nl": ("s", "t", "n", "m", "k", "r", "ns"),
    "de": ("s", "n", "ne", "nen", "nem", "ner"),
}
"""Words that lost their first letters: an apostrophe before one opens no quotation. A few English
ones are quoted in other languages, too."""


def marks_of(tag: str) -> Marks | None:
    """The marks of a language, by its whole BCP 47 tag if that is known, else by its first part.

    None for a language we do not know: its straight marks are then left as they are.

    >>> marks_of("de-AT").pair, marks_of("de-CH").pair, marks_of("fr").pair, marks_of("tlh")
    ('„“', '«»', '«»', None)
    """
    whole = tag.replace("_", "-").lower()
    return _MARKS.get(whole) or _MARKS.get(primary_of(tag))


@cache
def leading_apostrophes(tag: str) -> re.Pattern[str]:
    """The straight apostrophes at the beginning of a year or a word: before 90s, before tis.

    Where a mark follows the word as well, the two are a quotation, but for an n between words.
    """
    elided = "|".join((*_ELIDED_ANYWHERE, *_ELIDED.get(primary_of(tag), ())))
    before = rf"\d\ds?\b(?!')|(?:{elided})(?!\w|')"
    return re.compile(rf"(?<!\w)'(?={before})|(?<=\s['’]n)'(?=\s)", re.IGNORECASE)
