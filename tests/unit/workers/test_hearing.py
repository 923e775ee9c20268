"""What others say in a worker is one line of its own log each, and bugs stay bugs."""

import asyncio
import gc
import logging
from collections.abc import Callable

import pytest

pytest.importorskip("procrastinate", reason="the extra “workers” is not installed")

from procrastinate.exceptions import ConnectorException

from newsletter.errors import StoreError
from newsletter.publishing.terms import Listener
from newsletter.workers import SharedClock, Working
from newsletter.workers.hearing import heard, words

GONE = "server closed the connection unexpectedly"
TAKEN = 'Job was not found or not in "doing" or "todo" status (job id: 34)'


def raised(cause: Exception) -> ConnectorException:
    """As Procrastinate raises what its database said."""
    try:
        raise ConnectorException from cause
    except ConnectorException as error:
        return error


def timed_out() -> Exception:
    async def waiting() -> None:
        async with asyncio.timeout(0):
            await asyncio.sleep(60)

    with pytest.raises(TimeoutError) as caught:
        asyncio.run(waiting())
    return caught.value


kept: list[asyncio.Task[None]] = []
"""What is forgotten only when the engine's work is over."""


def hearing(happen: Callable[[], None]) -> list[str]:
    """What goes to our log while something happens."""
    found: list[str] = []
    kept.clear()

    def nothing(*_: object) -> None:
        return

    asked = Working(
        open_publication=lambda: pytest.fail("nothing is to be opened"),
        clock=SharedClock(),
        concurrency=1,
        hear=lambda each: found.append(f"{each.event}: {each.text}"),
        well=nothing,
        doing=nothing,
        listener=Listener(),
    )

    async def scenario() -> None:
        with heard(asked):
            happen()
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            gc.collect()
        kept.clear()
        gc.collect()

    asyncio.run(scenario())
    return found


def test_a_job_that_breaks_off_with_its_database_is_one_line(
    capfd: pytest.CaptureFixture[str],
) -> None:
    async def job() -> None:
        raise raised(OSError(GONE))

    def happen() -> None:
        asyncio.create_task(job())  # noqa: RUF006 - that nobody waits for it is the point

    assert [f"engine: OSError: {GONE}"] == hearing(happen)
    assert ("", "") == capfd.readouterr()


def test_a_job_that_is_forgotten_at_the_very_end_is_one_line_too(
    capfd: pytest.CaptureFixture[str],
) -> None:
    async def job() -> None:
        raise raised(OSError(GONE))

    def happen() -> None:
        kept.append(asyncio.create_task(job()))

    assert [f"engine: OSError: {GONE}"] == hearing(happen)
    assert ("", "") == capfd.readouterr()


def test_what_is_logged_is_one_line_and_the_pool_s_warnings_are_none() -> None:
    def happen() -> None:
        logging.getLogger("psycopg.pool").warning("error connecting in 'pool-1': %s", GONE)
        logging.getLogger("procrastinate.worker").error("Side\n  task failed")
        logging.getLogger("procrastinate").error("x", exc_info=raised(OSError(GONE)))

    assert ["engine: Side task failed", f"engine: OSError: {GONE}"] == hearing(happen)


def test_a_bug_of_ours_is_no_line_of_theirs(caplog: pytest.LogCaptureFixture) -> None:
    async def job() -> None:
        raise KeyError("shard")

    def happen() -> None:
        asyncio.create_task(job())  # noqa: RUF006 - as above

    assert [] == hearing(happen)
    assert "Task exception was never retrieved" in caplog.text
    assert "KeyError: 'shard'" in words(KeyError("shard"))


def test_a_job_that_others_were_given_is_said_in_our_words() -> None:
    assert words(raised(OSError(TAKEN))).startswith("this process was silent for so long")
    assert "the database does not answer in time" == words(timed_out())
    assert "the disk is full" == words(StoreError("the disk is full"))
