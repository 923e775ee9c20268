"""The options of `newsletter send`, and their values: paces, moments, counts."""

import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from newsletter.cli.formats import Format
from newsletter.cli.issue_files import ISSUE
from newsletter.cli.segments import SegmentText
from newsletter.errors import Act, NewsletterError, Remedy
from newsletter.subscribers import Segment as ASegment

MAX_CONNECTIONS = 100
_RATE = re.compile(r"(\d+(?:\.\d+)?)(?:/([sm]))?")
_LONGEST_WAIT = 31 * 24 * 3600
"""Seconds. Whoever waits longer has written something else than was meant."""

_SPAN = re.compile(r"(\d{1,9})\s*(s|m|h)?")
_SECONDS = {"s": 1, "m": 60, "h": 3_600, None: 60}
_TIME = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")

IssuePath = Annotated[Path, ISSUE]
DryRun = Annotated[
    bool, typer.Option("--dry-run", help="Show everything, open no socket, send nothing.")
]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]
DateIsRight = Annotated[
    bool,
    typer.Option(
        "--date-is-right", help="Send it now, though it is dated later than tomorrow; with --yes."
    ),
]
Test = Annotated[
    bool,
    typer.Option("--test", help="Send a test to the recipients of [test] in newsletter.toml."),
]
To = Annotated[
    list[str] | None,
    typer.Option(
        metavar="ADDRESS",
        help="Send a test to this address, outside the journal; may be repeated. With --test, too.",
        show_default=False,
    ),
]
Subscribers = Annotated[
    Path | None,
    typer.Option(metavar="FILE.csv", help="Import this file first.", show_default=False),
]
Extend = Annotated[
    bool, typer.Option("--extend", help="Also send to those who joined since the run began.")
]
RetryNow = Annotated[
    bool, typer.Option("--retry-now", help="Try deferred recipients again before they are due.")
]
Segment = SegmentText
Out = Annotated[
    Path, typer.Option("--out", help="Where a dry run writes the first recipient's .eml.")
]
Rate = Annotated[
    str | None,
    typer.Option(
        metavar="N/s", help="Messages a second at most, or N/m a minute.", show_default=False
    ),
]
Connections = Annotated[
    int | None,
    typer.Option(min=1, max=MAX_CONNECTIONS, help="Sessions at once.", show_default=False),
]
Limit = Annotated[
    int | None,
    typer.Option(min=1, help="Stop after this many deliveries.", show_default=False),
]
Until = Annotated[
    str | None,
    typer.Option(
        metavar="HH:MM",
        help="Wait for deferred recipients, or the relay, until this time by this machine's clock.",
        show_default=False,
    ),
]
Wait = Annotated[
    str | None,
    typer.Option(
        metavar="30m",
        help="How long to wait for deferred recipients, a limit or the relay (s, m, h).",
        show_default=False,
    ),
]
JsonLines = Annotated[
    bool,
    typer.Option("--json-lines", help="Only JSON on standard output: one object a second."),
]
Correction = Annotated[
    bool,
    typer.Option(
        "--correction", help="Send the corrected issue to those who have the first version."
    ),
]
Force = Annotated[
    bool, typer.Option("--force", help="Send without the approvals that [approval] asks for.")
]
Reason = Annotated[
    str, typer.Option("--reason", help="Why, for the log; with --force.", show_default=False)
]


def check_one_output(format_: Format, *, is_stream: bool) -> None:
    """A stream of objects, or one at the end. Raises NewsletterError for both at once."""
    if is_stream and format_ is Format.JSON:
        raise NewsletterError(
            "--json-lines tells programs while it sends, --format json at the end",
            next_step="use one of them",
        )


def check_whom(
    segment: ASegment | None,
    subscribers: Path | None,
    *,
    is_test: bool,
    is_correction: bool,
    is_extended: bool,
) -> None:
    """Raises NewsletterError for options that each say who gets it."""
    if is_correction and (segment or subscribers or is_extended or is_test):
        raise NewsletterError(
            "a correction goes to those who have the first version, and to nobody else",
            where="--correction",
            next_step="leave out --segment, --subscribers, --extend, --test and --to",
        )
    if segment and is_test:
        raise NewsletterError(
            "a test goes to the test recipients, whoever is on the list",
            where="--segment with --test or --to",
            next_step="leave out one of them",
        )
    if segment and subscribers:
        raise NewsletterError(
            "who is in the file may be in the segment or not",
            where="--segment with --subscribers",
            next_step="import the file first",
            remedy=Remedy(Act.IMPORT_SUBSCRIBERS),
        )


def rate_of(text: str | None) -> float | None:
    """Messages per second of `50`, `50/s` or `300/m`."""
    if text is None:
        return None
    found = _RATE.fullmatch(text)
    rate = float(found[1]) / (60 if found[2] == "m" else 1) if found else 0.0
    if not rate:
        raise NewsletterError(
            f"--rate {text}: not a rate",
            next_step="write messages a second or a minute: 50/s, 300/m",
        )
    return rate


def deadline(until: str | None, wait: str | None, now: datetime) -> datetime | None:
    """The moment up to which deferred recipients are waited for; `until` may be tomorrow's."""
    if until is not None and wait is not None:
        raise NewsletterError("--until and --wait do the same job", next_step="use one of them")
    if wait is not None:
        found = _SPAN.fullmatch(wait)
        seconds = int(found[1]) * _SECONDS[found[2]] if found else 0
        if found is None or seconds > _LONGEST_WAIT:
            what = "not a duration" if found is None else "longer than a month"
            raise NewsletterError(f"--wait {wait}: {what}", next_step="write 90s, 30m or 2h")
        return now + timedelta(seconds=seconds)
    return _next(until, now) if until is not None else None


def _next(until: str, now: datetime) -> datetime:
    found = _TIME.fullmatch(until)
    if found is None:
        raise NewsletterError(f"--until {until}: not a time of day", next_step="write it as 18:30")
    here = now.astimezone()
    moment = here.replace(hour=int(found[1]), minute=int(found[2]), second=0, microsecond=0)
    return moment if moment > here else moment + timedelta(days=1)
