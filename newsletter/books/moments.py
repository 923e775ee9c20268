"""Words for time, the same in every report, message and table: a moment in UTC, and how long.

A slot's wall time is the schedule's to say; the Date of a message (RFC 5322) is the composer's.
"""

from datetime import UTC, datetime, timedelta


def minute(moment: datetime) -> str:
    """`2026-11-27 07:00 UTC`, whatever zone the moment was given in."""
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def second(moment: datetime) -> str:
    """`2026-11-27 07:00:05 UTC`."""
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


def in_words(duration: timedelta) -> str:
    """How long, in two figures at most.

    >>> in_words(timedelta(hours=1, minutes=5, seconds=9))
    '1 h 5 min'
    """
    minutes, seconds = divmod(round(duration.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    figures = [
        (days, "day" if days == 1 else "days"),
        (hours, "h"),
        (minutes, "min"),
        (seconds, "s"),
    ]
    while len(figures) > 1 and not figures[0][0]:
        del figures[0]
    first, *others = (f"{count:,} {unit}" for count, unit in figures[:2])
    return " ".join([first, *(each for each in others if not each.startswith("0 "))])


def in_time(moment: datetime, now: datetime) -> str:
    """`in 3 days 4 h`, `in 2 h 5 min`, `in 40 s`, `5 min ago`: no seconds beside minutes."""
    seconds = round(abs((moment - now).total_seconds()))
    words = in_words(timedelta(seconds=seconds if seconds < 60 else seconds - seconds % 60))
    return f"in {words}" if moment >= now else f"{words} ago"
