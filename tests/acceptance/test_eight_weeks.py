"""Eight weeks of a publication under a fake clock: the installed commands, a real relay, its log.

Spring 2026 in London has it all: the clocks go forward on March 29, and April 3 is Good Friday.
What each week brings is told where it happens; in the end the relay's log is the judge.
"""

import asyncio
import os
import shutil
import signal
import sqlite3
from collections import Counter
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from tests.acceptance.publication import Publication, clean_environment
from tests.acceptance.schedule_world import needs_faketime
from tests.acceptance.weeks import READERS, SCHEDULE, TEAM, Weeks
from tests.faults.peer import Peer, Point

pytestmark = pytest.mark.slow

ORDINARY, VOIDED, TWO_DAEMONS = date(2026, 3, 13), date(2026, 3, 20), date(2026, 3, 27)
MAUNDY_THURSDAY, MISSED, NOTHING = date(2026, 4, 2), date(2026, 4, 10), date(2026, 4, 17)
KILLED, CORRECTED = date(2026, 4, 24), date(2026, 5, 1)


@pytest.fixture
def weeks(tmp_path: Path) -> Weeks:
    publication = Publication(tmp_path, clean_environment())
    publication.lay_out()
    (tmp_path / "issues/2021-11-26.md").unlink()
    settings = tmp_path / "newsletter.toml"
    settings.write_text(without_schedule(settings.read_text()) + SCHEDULE)
    people = tmp_path / "people.csv"
    people.write_text(
        "email,first_name,consent\n" + "".join(f"{reader},Reader,fair\n" for reader in READERS)
    )
    done = publication.run("subscribers", "import", people, "--yes")
    assert 0 == done.status, done.err
    return Weeks(publication, Peer())


def without_schedule(text: str) -> str:
    """The example's settings up to its section, whose place ours takes, and those behind it."""
    sections = text.split("\n[")
    kept = [
        part
        for part in sections
        if part.split("]")[0] not in {"schedule", "approval", "notifications"}
    ]
    return "\n[".join(kept)


@needs_faketime
@pytest.mark.timeout(900)
def test_eight_weeks_bring_every_reader_each_sent_issue_once(weeks: Weeks) -> None:
    async def scenario() -> None:
        async with weeks.relay:
            await an_ordinary_friday(weeks)
            await an_approval_is_voided(weeks)
            await two_daemons_and_one_is_killed(weeks)
            await good_friday_after_the_clocks_went_forward(weeks)
            await a_slot_is_missed(weeks)
            await nothing_is_scheduled(weeks)
            await a_daemon_is_killed_and_another_goes_on(weeks)
            await a_backup_is_restored_and_a_correction_is_sent(weeks)

    asyncio.run(scenario())

    once = Counter(READERS)
    for day in (ORDINARY, VOIDED, TWO_DAEMONS, MAUNDY_THURSDAY, MISSED, KILLED, CORRECTED):
        assert once == weeks.sent(day), day
    assert once == weeks.sent(CORRECTED, mark="Correction: ")
    assert Counter() == weeks.sent(NOTHING)
    verified = weeks.publication.run("log", "--verify")
    assert 0 == verified.status, verified


async def an_ordinary_friday(weeks: Weeks) -> None:
    """Drafted on Wednesday, approved and scheduled on Thursday; cron looks every minute."""
    path = weeks.draft(ORDINARY)
    by_the_author = await weeks.at("2026-03-12 14:00:00", "approve", path, "--by", "ada lovelace")
    approved = await weeks.at("2026-03-12 15:00:00", "approve", path, "--by", "Grace Hopper")
    scheduled = await weeks.at("2026-03-12 15:01:00", "schedule", path)
    early = await weeks.at("2026-03-13 06:59:50", "due")
    assert Counter() == weeks.sent(ORDINARY)
    on_time = await weeks.at("2026-03-13 07:00:05", "due")
    later = await weeks.at("2026-03-13 07:01:00", "due")

    assert 0 != by_the_author.status, by_the_author
    assert [0, 0, 0, 0, 0] == [
        each.status for each in (approved, scheduled, early, on_time, later)
    ], (approved, scheduled, early, on_time, later)
    assert "2026-03-13 07:00" in scheduled.out
    assert Counter(READERS) == weeks.sent(ORDINARY)


async def an_approval_is_voided(weeks: Weeks) -> None:
    """Somebody mends a word after the approval: nothing goes out until it is approved again."""
    path = weeks.draft(VOIDED)
    await weeks.at("2026-03-19 15:00:00", "approve", path, "--by", "Grace Hopper")
    await weeks.at("2026-03-19 15:01:00", "schedule", path)
    weeks.draft(VOIDED, mark="Or so it seems.")
    status = await weeks.at("2026-03-19 16:00:00", "status", VOIDED.isoformat())
    refused = await weeks.at("2026-03-20 07:00:10", "due")
    again = await weeks.at("2026-03-20 07:01:10", "due")
    assert Counter() == weeks.sent(VOIDED)
    told = len([subject for subject in weeks.told() if VOIDED.isoformat() in subject])
    await weeks.at("2026-03-20 07:20:00", "approve", path, "--by", "Grace Hopper")
    sent = await weeks.at("2026-03-20 07:21:00", "due")

    assert path in status.out, status
    assert "Or so it seems." in status.out
    assert [1, 1] == [refused.status, again.status], (refused, again)
    assert 1 == told, weeks.told()
    assert 0 == sent.status, sent


async def two_daemons_and_one_is_killed(weeks: Weeks) -> None:
    """Both look at the same slot. Whoever has it is killed at a RCPT; the other one takes over."""
    path = weeks.draft(TWO_DAEMONS)
    await weeks.at("2026-03-26 15:00:00", "approve", path, "--by", "Grace Hopper")
    await weeks.at("2026-03-26 15:01:00", "schedule", path)
    weeks.move("2026-03-27 06:59:58")
    async with weeks.daemon() as one, weeks.daemon() as other:
        kill_at_a_recipient(weeks, one, other)
        await weeks.until_sent(TWO_DAEMONS, len(READERS))
        await weeks.until_told(TWO_DAEMONS.isoformat())

    assert -signal.SIGKILL in {one.returncode, other.returncode}


async def good_friday_after_the_clocks_went_forward(weeks: Weeks) -> None:
    """Friday is a holiday, so it is Thursday; 07:00 in London is 06:00 UTC by now."""
    path = weeks.draft(MAUNDY_THURSDAY)
    await weeks.at("2026-04-01 15:00:00", "approve", path, "--by", "Grace Hopper")
    scheduled = await weeks.at("2026-04-01 15:01:00", "schedule", path)
    await weeks.at("2026-04-02 05:59:50", "due")
    assert Counter() == weeks.sent(MAUNDY_THURSDAY)
    sent = await weeks.at("2026-04-02 06:00:05", "due")

    assert "2026-04-02 07:00 Europe/London (06:00 UTC)" in scheduled.out, scheduled
    assert 0 == sent.status, sent


async def a_slot_is_missed(weeks: Weeks) -> None:
    """The machine was off until nine: nothing is sent unasked, and the team is told, once."""
    path = weeks.draft(MISSED)
    await weeks.at("2026-04-09 15:00:00", "approve", path, "--by", "Grace Hopper")
    await weeks.at("2026-04-09 15:01:00", "schedule", path)
    late = await weeks.at("2026-04-10 08:00:00", "due")
    await weeks.at("2026-04-10 08:01:00", "due")
    assert Counter() == weeks.sent(MISSED)
    told = len([subject for subject in weeks.told() if MISSED.isoformat() in subject])
    anew = await weeks.at("2026-04-10 08:05:00", "schedule", path, "--at", "2026-04-10 09:30")
    sent = await weeks.at("2026-04-10 08:30:02", "due")

    assert 1 == late.status, late
    assert 1 == told, weeks.told()
    assert [0, 0] == [anew.status, sent.status], (anew, sent)


async def nothing_is_scheduled(weeks: Weeks) -> None:
    """Nobody has written anything: a reminder the day before, and never last week's issue."""
    before = len(weeks.relay.log)
    reminded = await weeks.at("2026-04-16 12:30:00", "due")
    await weeks.at("2026-04-16 13:30:00", "due")
    friday = await weeks.at("2026-04-17 06:00:05", "due")

    assert [0, 0] == [reminded.status, friday.status], (reminded, friday)
    assert [TEAM] == [taken.recipient for taken in weeks.relay.log[before:]], weeks.told()


async def a_daemon_is_killed_and_another_goes_on(weeks: Weeks) -> None:
    path = weeks.draft(KILLED)
    await weeks.at("2026-04-23 15:00:00", "approve", path, "--by", "Grace Hopper")
    await weeks.at("2026-04-23 15:01:00", "schedule", path)
    weeks.move("2026-04-24 05:59:59")
    async with weeks.daemon() as one:
        kill_at_a_recipient(weeks, one)
        await one.wait()
    assert 0 < sum(weeks.sent(KILLED).values()) < len(READERS)
    async with weeks.daemon():
        await weeks.until_sent(KILLED, len(READERS))
        await weeks.until_told(KILLED.isoformat())


async def a_backup_is_restored_and_a_correction_is_sent(weeks: Weeks) -> None:
    """The books of Thursday come back on Friday: they know nothing of the send, so all stops."""
    path = weeks.draft(CORRECTED)
    await weeks.at("2026-04-30 15:00:00", "approve", path, "--by", "Grace Hopper")
    await weeks.at("2026-04-30 15:01:00", "schedule", path)
    folder = weeks.publication.folder
    shutil.copy(folder / "newsletter.db", folder / "backup.db")
    await weeks.at("2026-05-01 06:00:05", "due")
    shutil.copy(folder / "newsletter.db", folder / "friday.db")
    shutil.copy(folder / "backup.db", folder / "newsletter.db")
    restored = await weeks.at("2026-05-01 06:10:00", "due")
    assert Counter(READERS) == weeks.sent(CORRECTED)
    shutil.copy(folder / "friday.db", folder / "newsletter.db")

    weeks.draft(CORRECTED, correction="An earlier version named another till.")
    await weeks.at("2026-05-01 09:50:00", "approve", path, "--by", "Grace Hopper")
    corrected = await weeks.at("2026-05-01 10:00:00", "send", "--correction", path, "--yes")
    twice = await weeks.at("2026-05-01 10:10:00", "send", "--correction", path, "--yes")

    assert restored.status in {1, 2}, restored
    assert "restored" in restored.out + restored.err
    assert [0, 0] == [corrected.status, twice.status], (corrected, twice)


def kill_at_a_recipient(weeks: Weeks, *daemons: asyncio.subprocess.Process) -> None:
    """At the third RCPT after now, kill -9 whichever daemon holds the run: nobody is in doubt."""
    seen = 0

    def watch(point: Point) -> None:
        nonlocal seen
        seen += point is Point.RCPT
        if point is Point.RCPT and seen == 6:
            os.kill(holder(weeks, daemons).pid, signal.SIGKILL)

    weeks.relay.watch = watch


def holder(
    weeks: Weeks, daemons: tuple[asyncio.subprocess.Process, ...]
) -> asyncio.subprocess.Process:
    """The daemon whose process has the connection: its number is in the journal's lease."""
    with closing(sqlite3.connect(weeks.publication.folder / "newsletter.db")) as connection:
        owners = [
            row[0] for row in connection.execute("SELECT owner FROM shards WHERE owner <> ''")
        ]
    return next(
        each for each in daemons if any(f"process {each.pid} " in owner for owner in owners)
    )
