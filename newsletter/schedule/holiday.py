"""The days on which the newsletter does not go out, and what becomes of that week's issue.

The days are the publication's own, and those of a country by the holidays package, which is only
imported where a country is set. Which day a week's issue has is `friday`'s to say.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from difflib import get_close_matches
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING

from newsletter.errors import SettingsError

if TYPE_CHECKING:
    from holidays import HolidayBase

_WEEKEND = frozenset({5, 6})
_DAY = timedelta(days=1)
_REACH = 6
"""Days: one more, and the issue would have the day of the week before or after."""


class Move(StrEnum):
    """What a holiday does to the issue of its week."""

    SKIP = "skip"
    BEFORE = "before"
    AFTER = "after"


@dataclass(frozen=True, kw_only=True, slots=True)
class HolidayRule:
    """`country` and `subdivision` are ISO 3166's codes, "GB" and "ENG"; empty is none."""

    country: str = ""
    subdivision: str = ""
    days: frozenset[date] = frozenset()
    move: Move = Move.SKIP


def holiday_name(rule: HolidayRule, day: date) -> str:
    """What the day is called in its country; "" where it is no holiday.

    Raises SettingsError for a country that the holidays package does not know.
    """
    if rule.country and (name := _calendar(rule.country, rule.subdivision).get(day)):
        return name
    return "a holiday" if day in rule.days else ""


def moved(rule: HolidayRule, day: date) -> date | None:
    """The day itself, unless it is a holiday: then the nearest working day, or None for none.

    A move stays within six days, so that two weeks' issues never come together or change places.
    """
    if not holiday_name(rule, day):
        return day
    if rule.move is Move.SKIP:
        return None
    step = _DAY if rule.move is Move.AFTER else -_DAY
    nearest = (day + count * step for count in range(1, _REACH + 1))
    return next((each for each in nearest if _is_working_day(rule, each)), None)


def _is_working_day(rule: HolidayRule, day: date) -> bool:
    return day.weekday() not in _weekend(rule) and not holiday_name(rule, day)


def _weekend(rule: HolidayRule) -> frozenset[int]:
    if not rule.country:
        return _WEEKEND
    return frozenset(_calendar(rule.country, rule.subdivision).weekend)


def region_fault(country: str, subdivision: str = "") -> str:
    """Why there are no holidays to be known of this region, with near ones; "" if there are.

    >>> region_fault("GB", "EGN")
    'GB has no part EGN with holidays of its own; did you mean ENG?'
    """
    from holidays import country_holidays, list_supported_countries

    with suppress(NotImplementedError):
        country_holidays(country, subdiv=subdivision or None)
        return ""
    known = list_supported_countries()  # loads every country there is: a third of a second
    if country not in known:
        return f"no holidays are known for {country}; {_near(country, list(known))}"
    parts = known[country]
    if subdivision and subdivision not in parts:
        what = f"{country} has no part {subdivision} with holidays of its own"
        return f"{what}; {_near(subdivision, parts)}" if parts else what
    return ""


def _near(word: str, known: Sequence[str]) -> str:
    by_upper = {each.upper(): each for each in known}
    found = get_close_matches(word.upper(), by_upper, n=3, cutoff=0.4)
    if not found:
        return f"the codes are {', '.join(sorted(known))}"
    return f"did you mean {' or '.join(by_upper[each] for each in found)}?"


@lru_cache(maxsize=8)
def _calendar(country: str, subdivision: str) -> "HolidayBase":
    from holidays import country_holidays

    try:
        return country_holidays(country, subdiv=subdivision or None)
    except NotImplementedError as error:
        raise SettingsError(
            [f"[schedule] holidays: {region_fault(country, subdivision) or error}"],
            where="newsletter.toml",
            next_step="give ISO 3166 codes, such as GB or GB-ENG",
        ) from error
