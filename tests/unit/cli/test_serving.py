"""What breaks off goes on again, beside what goes on; and the site does not repeat itself."""

import asyncio
import io
from contextlib import redirect_stderr
from datetime import UTC, datetime

import pytest

from newsletter.cli import serving
from newsletter.cli.daemon_log import DaemonLog, LogFormat
from newsletter.cli.serving import SiteLog, kept_going

NOON = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)


def log(log_format: LogFormat = LogFormat.TEXT) -> DaemonLog:
    return DaemonLog(log_format, clock=lambda: NOON)


def test_kept_going_begins_again_what_broke_off_and_tells_it_on_one_line(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(serving, "AGAIN", 0.01)
    begun: list[str] = []

    async def other() -> None:
        await asyncio.sleep(0.05)
        begun.append("other")

    async def work() -> None:
        begun.append("work")
        if len(begun) == 1:
            raise ZeroDivisionError("our bug")

    async def both() -> None:
        stop = asyncio.Event()
        await asyncio.gather(
            kept_going("the site", work, stop, log()), kept_going("the rest", other, stop, log())
        )

    with redirect_stderr(io.StringIO()) as said:
        asyncio.run(both())

    assert ["work", "work", "other"] == begun
    lines = said.getvalue().splitlines()
    assert 1 == len(lines)
    assert "Z error error: the site broke off, and is begun again in 0.01 s: Traceback" in lines[0]
    assert lines[0].endswith("ZeroDivisionError: our bug")


def test_kept_going_ends_by_the_wish_to_stop_while_it_waits() -> None:
    async def work() -> None:
        raise ZeroDivisionError

    async def stopped() -> None:
        stop = asyncio.Event()
        asyncio.get_running_loop().call_later(0.05, stop.set)
        await kept_going("the site", work, stop, log(LogFormat.JSON))

    with redirect_stderr(io.StringIO()) as said:
        asyncio.run(stopped())

    assert 1 == len(said.getvalue().splitlines())


def test_site_log_says_a_line_once_a_minute() -> None:
    moment = [0.0]
    site = SiteLog(log(), clock=lambda: moment[0])

    with redirect_stderr(io.StringIO()) as said:
        for moment[0] in (0.0, 1.0, 59.0, 60.0, 61.0):
            site.hear("the database is away")
        site.hear("letters wait")

    lines = said.getvalue().splitlines()
    away = "2026-11-27 12:00:00Z warning site: the database is away"
    assert [away, away, "2026-11-27 12:00:00Z warning site: letters wait"] == lines
