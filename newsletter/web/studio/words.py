"""Moments, numbers and refusals as the studio's pages say them, in the zone of [schedule]."""

from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from newsletter.errors import NewsletterError
from newsletter.publishing.publication import Publication
from newsletter.web.studio.refusals import line_of

_NUMBERS = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def day_words(day: date) -> str:
    """`Friday 19 June`."""
    return f"{day:%A} {day.day} {day:%B}"


def slot_words(at: datetime, zone: ZoneInfo) -> str:
    """`Fri 19 June 07:00`."""
    wall = at.astimezone(zone)
    return f"{wall:%a} {wall.day} {wall:%B} {wall:%H:%M}"


def clock_words(at: datetime, now: datetime, zone: ZoneInfo) -> str:
    """`11:20`, with its day where that is not today."""
    wall = at.astimezone(zone)
    if wall.date() == now.astimezone(zone).date():
        return f"{wall:%H:%M}"
    return f"{wall:%a} {wall.day} {wall:%B} {wall:%H:%M}"


def place_words(zone: ZoneInfo) -> str:
    """`London`, of Europe/London."""
    return str(zone).rpartition("/")[2].replace("_", " ")


def number_words(count: int) -> str:
    """`two`; in figures from eleven on."""
    return _NUMBERS[count] if count < len(_NUMBERS) else f"{count:,}"


def counted(count: int, noun: str) -> str:
    """`one change`, `two changes`."""
    return f"{number_words(count)} {noun}" if count == 1 else f"{number_words(count)} {noun}s"


def sentence(text: str) -> str:
    """With a capital, and a full stop."""
    return f"{text[:1].upper()}{text[1:]}".removesuffix(".") + "."


def refusal(error: NewsletterError, publication: Publication, file: Path | None = None) -> str:
    """What the command would say, without the place where that is the issue in question.

    `line 9: there is half a character here; delete it` is left of a place within it.
    """
    said = line_of(error, publication)
    places = {str(file), file.stem, str(_within(file, publication))} if file else set()
    for place in places:
        behind = error.where.removeprefix(place)
        line = behind.removeprefix(":").partition(":")[0]
        if not behind:
            return said.removeprefix(f"{error.where}: ")
        if error.where == f"{place}{behind}" and behind.startswith(":") and line.isdigit():
            return f"line {line}: {said.removeprefix(f'{error.where}: ')}"
    return said


def _within(file: Path, publication: Publication) -> Path:
    folder = publication.settings.folder
    return file.relative_to(folder) if file.is_relative_to(folder) else file
