"""Every word of ours in an e-mail, so that a publication can say it in its own language.

English is the default; `[words]` of newsletter.toml replaces any of them. What an editor writes is
in the issue, what the frame says of its publication in `publication`; neither is here.
"""

import datetime as dt
import re
from dataclasses import dataclass, fields

from newsletter.errors import RenderError

_FIELD = re.compile(r"\{[^{}]*\}?|\}")
_FIELDS = {
    "date": ("{weekday}", "{day}", "{month}", "{year}"),
    "issue_number": ("{number}",),
    "sponsor": ("{name}",),
    "call_button": ("{name}",),
}
_NEEDED = {"date": ("{day}",), "issue_number": ("{number}",), "sponsor": ("{name}",)}
_COUNTS = {"weekdays": 7, "months": 12}


@dataclass(frozen=True, kw_only=True, slots=True)
class Words:
    """Patterns hold fields in braces: `{number}` is the issue's, `{name}` the publication's or,
    in `sponsor`, the sponsor's.

    Raises RenderError for an empty word, or for a field that its pattern does not know.
    """

    contents: str = "In this issue"
    """Over the list of headlines."""
    date: str = "{weekday} {day} {month} {year}"
    issue_number: str = "Issue {number}"
    sponsor: str = "Sponsored by {name}"
    """Over a sponsor's block; the law of most countries wants it said plainly."""
    advertisement: str = "Advertisement"
    """The same where the sponsor gives no name."""
    correction: str = "Correction"
    """Over what an earlier sending said wrongly."""
    image: str = "Image"
    """Before an image's words in the text part."""
    call_title: str = "Did a colleague send you this?"
    call_button: str = "Get {name}"
    unsubscribe: str = "Unsubscribe"
    preferences: str = "Preferences"
    view_in_browser: str = "View in browser"
    weekdays: tuple[str, ...] = (
        *("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    )
    months: tuple[str, ...] = (
        *("January", "February", "March", "April", "May", "June"),
        *("July", "August", "September", "October", "November", "December"),
    )

    def __post_init__(self) -> None:
        for one in fields(self):
            value = getattr(self, one.name)
            if one.name in _COUNTS:
                _check_names(one.name, value)
            else:
                _check_pattern(one.name, value)

    def dated(self, day: dt.date) -> str:
        """The date as the pattern has it, whatever the machine's locale.

        >>> Words(date="{weekday}, {day}. {month} {year}").dated(dt.date(2021, 11, 26))
        'Friday, 26. November 2021'
        """
        values = {
            "{weekday}": self.weekdays[day.weekday()],
            "{day}": str(day.day),
            "{month}": self.months[day.month - 1],
            "{year}": str(day.year),
        }
        return _FIELD.sub(lambda found: values[found[0]], self.date)

    def numbered(self, number: int) -> str:
        """`Issue 46`."""
        return self.issue_number.replace("{number}", str(number))

    def sponsored(self, name: str) -> str:
        """`Sponsored by Acme Tills`; without a name the block is an advertisement all the same."""
        return self.sponsor.replace("{name}", name) if name else self.advertisement

    @property
    def round_sponsor(self) -> tuple[str, str]:
        """What stands before a sponsor's name, and what after it."""
        before, _, after = self.sponsor.partition("{name}")
        return before.strip(), after.strip()

    def button(self, name: str) -> str:
        """`Get The Friday Five`."""
        return self.call_button.replace("{name}", name)


def date_in_words(day: dt.date, words: Words | None = None) -> str:
    """In English where no words are given.

    >>> date_in_words(dt.date(2021, 11, 26))
    'Friday 26 November 2021'
    """
    return (words or Words()).dated(day)


def _check_pattern(name: str, value: str) -> None:
    if not value.strip():
        raise RenderError("the word is empty", where=f"words {name}", next_step="write one")
    known = _FIELDS.get(name, ())
    found = _FIELD.findall(value)
    if unknown := [field for field in found if field not in known]:
        step = f"it may hold {', '.join(known)}" if known else "take the braces out"
        raise RenderError(
            f"{unknown[0]!r} is not a field of this pattern", where=f"words {name}", next_step=step
        )
    for needed in _NEEDED.get(name, ()):
        if needed not in found:
            raise RenderError(
                f"{value!r} has no {needed}", where=f"words {name}", next_step=f"put {needed} in"
            )


def _check_names(name: str, value: tuple[str, ...]) -> None:
    if len(value) != _COUNTS[name] or not all(one.strip() for one in value):
        raise RenderError(
            f"{len(value)} names are given",
            where=f"words {name}",
            next_step=f"write all {_COUNTS[name]}",
        )
