"""The dates and times of tables, in every usual form that can be read one way only.

Which of two numbers is the month is never guessed: 03/04/2021 is no date, 13/04/2021 is one. Where
there are dots, the day goes first everywhere.
"""

import re
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache

_SECONDS = re.compile(r"\d{10}")
_MILLISECONDS = re.compile(r"\d{13}")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = rf"(?P<month>(?:{'|'.join(_MONTHS)})[a-z]{{0,6}}\.?)"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_CLOCK = (
    r"(?:(?:,? (?:at )?|T)(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d)"
    r"(?:\.(?P<fraction>\d{1,9}))?)? ?(?P<half>[ap]\.?m\.?)?"
    r" ?(?P<zone>Z|UTC|GMT|[+-]\d\d:?\d\d(?: \(?[A-Z]{1,5}\)?| [+-]\d{4})?)?)?"
)
"""Go prints a zone twice, and listmonk with it: `10:14:22.31 +0530 IST`."""

_FORMS = tuple(
    re.compile(rf"(?:[a-z]{{3,9}},? )?{form}{_CLOCK}", re.IGNORECASE)
    for form in (
        r"(?P<year>\d{4})[-/](?P<number>\d\d?)[-/](?P<day>\d\d?)",
        r"(?P<day>\d\d?)\. ?(?P<number>\d\d?)\. ?(?P<year>\d{4})",
        rf"{_MONTH} {_DAY},? (?P<year>\d{{4}})",
        rf"{_DAY}\.?[ -]{_MONTH},?[ -](?P<year>\d{{4}})",
        r"(?P<one>\d\d?)(?P<mark>[/-])(?P<two>\d\d?)(?P=mark)(?P<year>\d{4})",
    )
)
_FIRST_YEAR = 1990


@lru_cache(maxsize=4096)  # the same days come again and again
def parse_instant(text: str) -> datetime | None:
    """A date or a time, or seconds or milliseconds since 1970; UTC where no zone is said.

    None for anything else: in 03/04/2021 nobody knows which is the month.

    >>> parse_instant("Mar 1, 2024 10:11 pm").isoformat()
    '2024-03-01T22:11:00+00:00'
    """
    try:
        found = _numbered(text) or _written(text)
        at = None if found is None else found.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return at if at is not None and at.year >= _FIRST_YEAR else None


def _numbered(text: str) -> datetime | None:
    if _SECONDS.fullmatch(text):
        return datetime.fromtimestamp(int(text), UTC)
    if _MILLISECONDS.fullmatch(text):
        return datetime.fromtimestamp(int(text) / 1000, UTC)
    try:
        found = datetime.fromisoformat(text.removesuffix(" UTC"))
    except ValueError:
        return None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found


def _written(text: str) -> datetime | None:
    """Raises ValueError for what is no day or no time."""
    matches = (form.fullmatch(text) for form in _FORMS)
    said = next((match.groupdict() for match in matches if match is not None), None)
    if said is None:
        return None
    month, day = _month_and_day(said)
    return datetime(
        int(said["year"]),
        month,
        day,
        _hour(int(said["hour"] or 0), (said["half"] or "").lower()),
        int(said["minute"] or 0),
        int(said["second"] or 0),
        int((said["fraction"] or "0").ljust(6, "0")[:6]),
        tzinfo=_zone(said["zone"] or ""),
    )


def _month_and_day(said: dict[str, str]) -> tuple[int, int]:
    if "one" in said:
        one, two = int(said["one"]), int(said["two"])
        if one == two or one > 12:
            return two, one
        if two > 12:
            return one, two
        raise ValueError("either may be the month")
    if "number" in said:
        return int(said["number"]), int(said["day"])
    return _MONTHS.index(said["month"][:3].lower()) + 1, int(said["day"])


def _hour(hour: int, half: str) -> int:
    if not half:
        return hour
    if not 1 <= hour <= 12:
        raise ValueError("no such hour")
    return hour % 12 + (12 if half[0] == "p" else 0)


def _zone(said: str) -> timezone:
    if said[:1] not in {"+", "-"}:
        return UTC
    hours, minutes = re.findall(r"\d\d", said)[:2]
    ahead = timedelta(hours=int(hours), minutes=int(minutes))
    return timezone(ahead if said[0] == "+" else -ahead)
