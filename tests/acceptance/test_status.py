"""What `status`, `scheduled` and `log` say of slots and people, over books that are known whole."""

import os
import pty
import subprocess
import termios
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

import pytest

from newsletter.addresses import AddrSpec
from newsletter.books import DeliveryState, NewRun, NewSlot, Outcome
from newsletter.store import Database, open_database
from newsletter.subscribers import AudienceMember
from tests.acceptance.publication import COMMAND, Publication
from tests.turns import begin, settle

pytestmark = pytest.mark.slow

NAME = "2026-11-27"
SLOT = datetime(2026, 11, 27, 7, 0, tzinfo=UTC)
FRIDAY = SLOT.date()
BEFORE = SLOT - timedelta(days=5)


@pytest.fixture
def database(publication: Publication) -> Iterator[Database]:
    with open_database(f"sqlite:///{publication.folder}/newsletter.db") as database:
        yield database


def scheduled(database: Database, day: date = FRIDAY) -> None:
    slot = NewSlot(
        issue=NAME,
        path=f"issues/{NAME}.md",
        local_date=day,
        local_time=time(7, 0),
        zone="Europe/London",
        digest="d",
    )
    database.slots.schedule(slot, "ada", BEFORE)


def sent(database: Database) -> None:
    """By hand, days before its slot: one has it, one was refused, one had written before."""
    audience = [
        AudienceMember(subscriber_id=None, address=AddrSpec(name, "example.com"), first_name="")
        for name in ("ada", "bob", "cyd")
    ]
    database.suppressions.add("cyd@example.com", "wrote: please take me off", BEFORE)
    new = NewRun(issue=NAME, digest="d", subject="Five stories", message_date=BEFORE)
    run = database.runs.open(new, audience, BEFORE, by="ada")
    claims = database.journal.claim(run.id, "me", BEFORE, timedelta(minutes=9), 3)
    begin(database, claims, BEFORE)
    states = (DeliveryState.ACCEPTED, DeliveryState.REFUSED)
    outcomes = zip(claims, states, strict=True)
    settle(database, [Outcome(delivery=claim, state=state) for claim, state in outcomes], BEFORE)
    database.journal.release(run.id, "me", BEFORE)
    database.runs.finish(run.id, "ada", BEFORE)


def test_status_failed_names_who_is_suppressed_behind_those_who_need_a_person(
    publication: Publication, database: Database
) -> None:
    sent(database)

    done = publication.run("status", NAME, "--failed")

    named = [line.split()[:2] for line in done.out.splitlines() if "@example.com" in line]
    assert [["bob@example.com", "refused"], ["cyd@example.com", "suppressed"]] == named
    assert "cyd@example.com  suppressed  wrote: please take me off" in done.out


def test_issue_that_was_taken_out_is_not_to_come(
    publication: Publication, database: Database
) -> None:
    scheduled(database, date(2099, 11, 27))

    assert 0 == publication.run("cancel", NAME, "--yes").status
    status, slots = publication.run("status", NAME), publication.run("scheduled", "--all")

    assert "  cancelled  2099-11-27 07:00 Europe/London (07:00 UTC)  by ada\n" in status.out
    assert "2099-11-27 07:00 UTC  cancelled\n" in slots.out


def test_issue_sent_before_its_slot_says_when(publication: Publication, database: Database) -> None:
    scheduled(database)
    sent(database)

    status, slots = publication.run("status", NAME), publication.run("scheduled", "--all")
    log = publication.run("log", NAME).out.splitlines()

    at = "2026-11-22 07:00 UTC"
    assert f"  done  sent at {at}, before its slot of 2026-11-27 07:00 Europe/London" in status.out
    assert f"  sent {at}  done\n" in slots.out
    assert (
        "2026-11-22 07:00:00 UTC  finished      2026-11-27  its slot: 2026-11-27 07:00" in log[-1]
    )
    assert {len("2026-11-22 07:00:00 UTC  finished      ")} == {
        line.index(NAME, 20) for line in log
    }


@pytest.mark.parametrize("width", [80, 120])
def test_log_keeps_its_columns_on_a_terminal(
    publication: Publication, database: Database, width: int
) -> None:
    scheduled(database)
    sent(database)

    lines = on_terminal(publication, width, "log")

    assert width >= max(map(len, lines))
    assert any(
        line.startswith("2026-11-22 07:00:00 UTC  finished      2026-11-27") for line in lines
    )
    assert all(line.startswith(("2026-11-22 07:00:00 UTC  ", " " * 25)) for line in lines)


def on_terminal(publication: Publication, width: int, *arguments: str) -> list[str]:
    """The lines of a command whose output is a terminal of so many columns."""
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (24, width))
    environment = {**publication.environment, "NO_COLOR": "1", "TERM": "xterm"}
    with subprocess.Popen(
        [COMMAND, *arguments],
        cwd=publication.folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=theirs,
    ) as process:
        os.close(theirs)
        octets = b""
        while piece := _read(ours):
            octets += piece
        process.wait()
    os.close(ours)
    return octets.decode().splitlines()


def _read(terminal: int) -> bytes:
    """Nothing where the last who had it open has closed it (EIO)."""
    try:
        return os.read(terminal, 65_536)
    except OSError:
        return b""
