"""The house format as data: what another publication changes instead of the code.

The values here are the defaults; `newsletter.toml`, section [house], replaces any of them.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from newsletter.check.diagnostic import Severity
from newsletter.issue import ENGLISH, Cues

_LAST_WORD = re.compile(r"(\w[\w’'-]*)(\W*)\Z")

FOOTER = "[house] footer in newsletter.toml"
"""Where a publication sets its footer, as hints name it."""

GENERIC_TEXTS = (
    *("click here", "click", "here", "this", "this link", "link", "more", "read more"),
    *("read more here", "learn more", "find out more", "more info", "more information"),
)
STOP_WORDS = (
    *("a", "an", "and", "as", "at", "but", "by", "for", "from", "has", "in", "into", "is", "its"),
    *("of", "off", "on", "or", "out", "over", "the", "their", "to", "up", "with"),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Lengths:
    """Good lengths, the least and the most. Characters for `subject` and `preheader`.

    Beyond `subject_most` characters a subject is cut by most mail programs; `paragraph` is in
    characters too.
    """

    subject: tuple[int, int] = (30, 60)
    subject_most: int = 78
    preheader: tuple[int, int] = (40, 110)
    headline_words: int = 20
    story_blocks: int = 8
    intro_blocks: int = 3
    paragraph: int = 1_200
    images_per_story: int = 1


@dataclass(frozen=True, kw_only=True, slots=True)
class Calendar:
    """The words for the days from Monday, the months from January, and the endings of a day."""

    weekdays: tuple[str, ...] = (
        *("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    )
    months: tuple[str, ...] = (
        *("January", "February", "March", "April", "May", "June", "July", "August"),
        *("September", "October", "November", "December"),
    )
    ordinals: tuple[str, ...] = ("st", "nd", "rd", "th")


@dataclass(frozen=True, kw_only=True, slots=True)
class Typography:
    """How a language is set.

    `abbreviations` keep their full stop at a headline's end, `doubled` are words that may rightly
    stand twice, and `quotes` are pairs of an opening and a closing double quotation mark.
    """

    abbreviations: tuple[str, ...] = (
        *("U.S.", "U.K.", "Inc.", "Co.", "Corp.", "Ltd.", "Bros.", "Jr.", "Sr.", "St.", "etc."),
    )
    doubled: tuple[str, ...] = (
        *("that", "had", "her", "very", "no", "so", "now", "there", "bye", "blah", "ha", "win"),
    )
    quotes: tuple[str, ...] = ("“”",)


@dataclass(frozen=True, kw_only=True, slots=True)
class HouseFormat:
    """What a sound issue looks like.

    `language` is the BCP 47 tag of what the issues are written in. `stories` is the least and
    the most number of stories. `titles` are the house titles, where `{count}` stands for a
    number word and `*` for anything; none means any. `intro` is a regular expression that the
    intro must match, None for any. `footer` is the footer's wording; its link is compared with
    `footer_link` where that is set. `memory` is how many earlier issues to compare with.
    `allowed_links` are prefixes of addresses that no link rule looks at. `generic_texts` are
    link texts that say nothing of where they lead, and `stop_words` the words that two
    headlines may share and still have nothing in common. `merge_fields` are the attributes of
    subscribers that issues may merge. `severities` overrides rules by slug; `switched_off` silences
    them.
    """

    language: str = "en"
    stories: tuple[int, int] = (5, 5)
    titles: tuple[str, ...] = ()
    intro: str | None = None
    footer: str = "Sign up for our free retail technology newsletter here."
    footer_link: str | None = None
    memory: int = 10
    allowed_links: tuple[str, ...] = ()
    generic_texts: tuple[str, ...] = GENERIC_TEXTS
    stop_words: tuple[str, ...] = STOP_WORDS
    merge_fields: tuple[str, ...] = ()
    lengths: Lengths = Lengths()
    calendar: Calendar = Calendar()
    typography: Typography = Typography()
    cues: Cues = ENGLISH
    severities: Mapping[str, Severity] = field(default_factory=dict)
    switched_off: frozenset[str] = frozenset({"apostrophes"})

    @property
    def linked_footer(self) -> str:
        """The footer with the link on its last word: `newsletter [here](https://example.com).`."""
        if not self.footer_link:
            return self.footer
        link = self.footer_link
        return _LAST_WORD.sub(lambda end: f"[{end[1]}]({link}){end[2]}", self.footer)
