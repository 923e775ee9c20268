"""What a tick of the schedule does at each moment, and to each thing that can be wrong then."""

import asyncio
import email
import email.policy
import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count, repeat
from pathlib import Path

import pytest

from newsletter.books import (
    DeliveryState,
    NewRun,
    Outcome,
    RunState,
    SlotState,
    Standing,
    worst,
)
from newsletter.errors import StoreError
from newsletter.publishing.sending import open_run
from newsletter.publishing.tick import Happening, Tick
from newsletter.publishing.witness import check_not_restored, keep_witness
from newsletter.schedule import ApprovalRule
from newsletter.store import open_database
from newsletter.store.runs.freezing import PAGE
from newsletter.subscribers import AudienceMember
from newsletter.transports import RecordingTransport, Reply, Stage
from tests.integration.publishing.conftest import SLOT, World, publication_of
from tests.pace import patience
from tests.people import bring
from tests.turns import settle

pytestmark = pytest.mark.slow

MINUTE = timedelta(minutes=1)
EVERYONE = ["reader0", "reader1", "reader2", "reader3"]


def words(path: Path) -> str:
    """A message's subject and text."""
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    part = message.get_body(("plain",))
    assert part
    return f"{message['Subject']}\n{part.get_content()}"


def test_slot_is_sent_once_from_its_instant_on(ready_world: World) -> None:
    world = ready_world

    early = world.events(-timedelta(seconds=1))
    first = world.events()
    later = [world.events(timedelta(seconds=seconds)) for seconds in (1, 20, 3_600, 86_400)]

    assert [] == early
    assert ["started", "finished"] == first
    assert [[]] * 4 == later
    assert EVERYONE == world.readers
    assert SlotState.DONE is world.state


def test_report_is_told_once(ready_world: World) -> None:
    ready_world.tick()
    ready_world.tick(MINUTE)

    [report] = ready_world.mails("boss")

    assert "[The Friday Five] 2026-11-27 is complete: 4 accepted" in words(report)
    assert "The books balance: 4 = 4." in words(report)
    assert b"text/html" in report.read_bytes()
    assert [] == ready_world.mails("desk")


def test_clock_that_jumps_sends_nothing_twice_and_nothing_early(ready_world: World) -> None:
    hours = (-30, 5, -2, 0, -200, 0, 1, 0)

    found = [ready_world.events(timedelta(hours=hours_off)) for hours_off in hours]

    assert SlotState.MISSED is ready_world.state
    assert ["missed"] == found[1]
    assert not any("started" in events for events in found)
    assert [] == ready_world.readers


def test_issue_that_is_not_approved_is_told_once_and_not_sent(world: World) -> None:
    world.write()
    world.schedule()

    first, second = world.tick(), world.tick(MINUTE)

    assert [("refused", Standing.NEEDS_PERSON)] == [(each.event, each.standing) for each in first]
    assert first == second
    [alert] = world.mails("desk")
    assert "nobody has approved it" in words(alert)
    assert "newsletter approve issues/2026-11-27.md --by NAME" in words(alert)
    assert "Mended by 08:00 UTC" in words(alert)
    assert [] == world.readers


def test_change_after_the_approval_is_named_and_not_sent(ready_world: World) -> None:
    ready_world.write("Added late.")

    events = ready_world.events()

    assert ["refused"] == events
    [alert] = ready_world.mails("desk")
    assert "approved other bytes than these" in words(alert)
    assert "issues/2026-11-27.md" in words(alert)
    assert "Added late." in words(alert)


def test_alert_is_plain_words_dated_by_the_publications_clock(ready_world: World) -> None:
    """A terminal's colours are no words of a mail, and the approval was two days ago here."""
    theme = replace(ready_world.settings.theme, serif="Georgia, serif, fantasy")
    other = replace(ready_world, settings=replace(ready_world.settings, theme=theme))

    assert ["refused"] == other.events()
    [alert] = ready_world.mails("desk")
    assert "The text part is the same: the HTML, the preheader or the sender differs." in words(
        alert
    )
    assert "approved it (2026-11-25 07:00 UTC)" in words(alert)
    assert "[2m" not in words(alert)
    assert "\x1b" not in words(alert)


def test_what_is_mended_within_the_grace_is_sent_by_the_next_tick(ready_world: World) -> None:
    ready_world.write("Added late.")
    ready_world.tick()
    ready_world.write()

    events = ready_world.events(59 * MINUTE)

    assert ["started", "finished"] == events
    assert EVERYONE == ready_world.readers


def test_other_reason_is_told_again(ready_world: World) -> None:
    ready_world.write("Added late.")
    ready_world.tick()
    ready_world.path.unlink()
    ready_world.tick(MINUTE)

    told = [words(path) for path in ready_world.mails("desk")]

    assert 2 == len(told)
    assert any("no such file" in text for text in told)


def test_vanished_issue_does_not_send_another_one(ready_world: World) -> None:
    ready_world.write(name="2026-11-20")
    ready_world.path.unlink()

    [happening] = ready_world.tick()

    assert "refused" == happening.event
    assert "no such file" in happening.text
    assert [] == ready_world.readers


def test_errors_of_the_check_stop_the_slot(ready_world: World) -> None:
    ready_world.path.write_text("# Nothing\n", encoding="utf-8")

    [happening] = ready_world.tick()

    assert "is not sent: the check has errors" == happening.text
    [alert] = ready_world.mails("desk")
    assert "newsletter check issues/2026-11-27.md" in words(alert)


def test_issue_that_was_dated_otherwise_since_is_not_sent(ready_world: World) -> None:
    text = ready_world.path.read_text(encoding="utf-8")
    ready_world.path.write_text(f"---\ndate: 2026-11-20\n---\n{text}", encoding="utf-8")

    [happening] = ready_world.tick()

    assert "is dated 2026-11-20, and its slot is on 2026-11-27" in happening.text


def test_list_without_people_is_no_slot_used_up(ready_world: World) -> None:
    for number in range(4):
        ready_world.database.suppressions.add(
            f"reader{number}@example.com", "left", ready_world.now
        )

    [happening] = ready_world.tick()

    assert "there is nobody to send it to" in happening.text
    assert SlotState.SCHEDULED is ready_world.state


def test_transport_that_cannot_be_understood_is_no_slot_used_up(ready_world: World) -> None:
    found = ready_world.tick(transport="carrier-pigeon:")

    assert ["refused", "untold"] == [each.event for each in found]
    assert SlotState.SCHEDULED is ready_world.state
    assert Standing.NEEDS_PERSON is worst(each.standing for each in found)


def test_slot_missed_by_more_than_the_grace_asks(ready_world: World) -> None:
    [happening] = ready_world.tick(61 * MINUTE)
    again = ready_world.tick(62 * MINUTE)

    assert ("missed", Standing.NEEDS_PERSON) == (happening.event, happening.standing)
    assert [] == again
    [alert] = ready_world.mails("desk")
    assert "late by 1 h 1 min" in words(alert)
    assert "newsletter send issues/2026-11-27.md" in words(alert)
    assert [] == ready_world.readers


def test_last_minute_of_the_grace_sends(ready_world: World) -> None:
    assert ["started", "finished"] == ready_world.events(60 * MINUTE)


def test_two_hosts_send_it_once(ready_world: World) -> None:
    """Both have decided to start; the book gives the slot to one."""
    world = ready_world
    world.database.slots.start("2026-11-27", "another host's process", SLOT)

    with open_database(f"sqlite:///{world.folder}/newsletter.db") as other:
        twice = [replace_database(world, each).events() for each in (world.database, other)]

    assert EVERYONE == world.readers
    assert 1 == sum(events.count("finished") for events in twice)


def replace_database(world: World, database: object) -> World:
    return replace(world, database=database)  # type: ignore[arg-type]


def test_two_hosts_at_the_same_moment_begin_it_once(ready_world: World) -> None:
    """Each looks at everything, and then one of them has the slot."""
    world, begun_by = ready_world, list[str]()
    barrier = threading.Barrier(2, timeout=patience())

    def host(name: str) -> None:
        with open_database(f"sqlite:///{world.folder}/newsletter.db") as database:
            found: list[Happening] = []
            publication = replace(publication_of(world.settings, lambda: SLOT), owner=name)
            tick = Tick(publication=publication, database=database, hear=found.append)
            barrier.wait()
            asyncio.run(tick.go())
            begun_by.extend(name for each in found if each.event == "started")

    hosts = [threading.Thread(target=host, args=(name,)) for name in ("one", "two")]
    for thread in hosts:
        thread.start()
    for thread in hosts:
        thread.join()
    world.tick(MINUTE)

    slot = world.database.slots.find("2026-11-27")
    assert slot
    assert [slot.started_by] == begun_by
    assert EVERYONE == world.readers


def test_process_that_died_between_claim_and_run_is_taken_over(ready_world: World) -> None:
    ready_world.database.slots.start("2026-11-27", "a dead process", SLOT)

    events = ready_world.events(MINUTE)

    assert ["started", "finished"] == events
    assert EVERYONE == ready_world.readers


def test_of_two_that_begin_a_slot_one_says_that_it_started_and_finished(
    ready_world: World,
) -> None:
    """The other begins it, and sends it, after this one has seen that nobody has."""
    world, heard, theirs = ready_world, list[Happening](), list[str]()
    world.database.slots.start("2026-11-27", "a dead process", SLOT)
    asked = count(1)

    def clock() -> datetime:
        if next(asked) == 2:  # the first decides what is due, this one is of its beginning
            other = threading.Thread(target=lambda: theirs.extend(world.events(MINUTE)))
            other.start()
            other.join()
        return SLOT + MINUTE

    publication = replace(world.publication, clock=clock)
    asyncio.run(Tick(publication=publication, database=world.database, hear=heard.append).go())

    assert ["started", "finished"] == theirs
    assert [] == [each.event for each in heard]
    assert EVERYONE == world.readers


def test_what_was_only_claimed_is_not_begun_after_the_grace(ready_world: World) -> None:
    ready_world.database.slots.start("2026-11-27", "a dead process", SLOT)

    [happening] = ready_world.tick(timedelta(days=3))

    assert ("halted", Standing.NEEDS_PERSON) == (happening.event, happening.standing)
    assert [] == ready_world.readers


def begun(world: World) -> None:
    """Claimed and frozen by a process that died before its first message."""
    world.now = SLOT
    world.database.slots.start("2026-11-27", "a dead process", SLOT)
    ready = world.ready(world.path, SLOT.date())
    open_run(ready, world.books("test"))


def broken_off(world: World, at: datetime, act: Callable[[], object] = lambda: None) -> None:
    """Claimed and frozen in part, of other bytes; `act` comes behind the first page."""
    first = next(world.database.subscribers.audience(at))

    def audience() -> Iterator[AudienceMember]:
        yield from repeat(first, PAGE)
        yield first
        yield from repeat(first, PAGE)
        act()
        raise StoreError("the power failed")

    new = NewRun(issue="2026-11-27", digest="d1", subject="Five", message_date=at)
    with pytest.raises(StoreError, match="the power failed"):
        world.database.runs.open(new, audience(), at, by="test", owner="a process that hangs")


def test_freeze_that_was_broken_off_is_finished_and_sent(ready_world: World) -> None:
    broken_off(ready_world, SLOT)
    (run,) = ready_world.database.runs.all()

    events = ready_world.events(MINUTE)

    assert (RunState.FREEZING, 1) == (run.state, run.frozen)
    assert (["started", "finished"], SlotState.DONE) == (events, ready_world.state)
    assert EVERYONE == ready_world.readers


def test_freeze_that_was_broken_off_before_the_grace_period_ended_needs_a_person(
    ready_world: World,
) -> None:
    broken_off(ready_world, SLOT)

    events = ready_world.events(timedelta(days=2))

    assert ["halted"] == events
    assert [] == ready_world.readers


def test_freeze_of_another_is_left_to_it(ready_world: World) -> None:
    found: list[Happening] = []
    broken_off(ready_world, SLOT, lambda: found.extend(ready_world.tick(MINUTE)))

    [busy] = found

    assert ("busy", Standing.DONE) == (busy.event, busy.standing)
    assert "its audience is being frozen by a process that hangs" == busy.text
    assert [] == ready_world.readers


def test_freeze_that_was_paused_stands_still_when_it_is_whole(ready_world: World) -> None:
    world = ready_world
    broken_off(world, SLOT, lambda: world.database.runs.pause("2026-11-27", "ada", SLOT))

    [paused] = world.tick(MINUTE)
    (run,) = world.database.runs.all()
    world.database.runs.resume("2026-11-27", "ada", SLOT)
    later = world.events(2 * MINUTE)

    assert ("paused", Standing.WAITING) == (paused.event, paused.standing)
    assert (RunState.PAUSED, len(EVERYONE)) == (run.state, run.frozen)
    assert ["resumed", "finished"] == later
    assert EVERYONE == world.readers


def test_run_that_was_begun_is_gone_on_with_however_late(ready_world: World) -> None:
    begun(ready_world)

    events = ready_world.events(timedelta(days=2))

    assert ["resumed", "finished"] == events
    assert EVERYONE == ready_world.readers


def test_issue_that_changed_under_its_run_halts_it(ready_world: World) -> None:
    begun(ready_world)
    ready_world.write("Added late.")

    first, second = ready_world.tick(MINUTE), ready_world.tick(2 * MINUTE)

    assert ["halted"] == [each.event for each in first]
    assert first == second
    [alert] = ready_world.mails("desk")
    assert "it has changed since its run began" in words(alert)
    assert "Added late." in words(alert)
    assert "4 to be sent" in words(alert)


def test_paused_run_waits(ready_world: World) -> None:
    begun(ready_world)
    ready_world.database.runs.pause("2026-11-27", "ada", SLOT)

    [happening] = ready_world.tick(MINUTE)

    assert ("paused", Standing.WAITING) == (happening.event, happening.standing)


def test_cancelled_run_is_over_and_reported(ready_world: World) -> None:
    begun(ready_world)
    ready_world.database.runs.cancel("2026-11-27", "ada", SLOT)

    events = ready_world.events(MINUTE)

    assert (["finished"], SlotState.DONE) == (events, ready_world.state)
    assert "is cancelled" in words(ready_world.mails("boss")[0])
    assert [] == ready_world.readers


def test_issue_that_was_sent_by_hand_meanwhile_is_neither_missed_nor_sent_again(
    ready_world: World,
) -> None:
    """As an older version of this program would leave it: with a run, and the slot not taken."""
    world = ready_world
    world.now = SLOT
    ready = world.ready(world.path, SLOT.date())
    audience = world.database.subscribers.audience(SLOT)
    world.database.runs.open(
        NewRun(
            issue=ready.name,
            digest=ready.digest,
            subject="Subject",
            message_date=SLOT,
            text=ready.rendered.text,
        ),
        audience,
        SLOT,
        by="ada",
    )

    events = world.events(timedelta(hours=3))

    assert ["resumed", "finished"] == events
    assert EVERYONE == world.readers


def test_relay_that_refuses_us_is_told_and_tried_again(ready_world: World) -> None:
    found = ready_world.tick(transport="smtp://127.0.0.1:9?tls=none&timeout=2")
    stopped = next(each for each in found if each.event == "stopped")

    again = ready_world.events(MINUTE)

    assert Standing.UNABLE is stopped.standing
    assert "untold" in [each.event for each in found]
    assert ["resumed", "finished"] == again
    assert EVERYONE == ready_world.readers


def test_reminder_comes_once_and_in_time(world: World) -> None:
    early = world.events(-timedelta(hours=19))
    first, second = world.events(-timedelta(hours=17)), world.events(-timedelta(hours=16))

    assert ([], ["reminded"]) == (early, first)
    assert ["reminded"] == second
    [alert] = world.mails("desk")
    assert "nothing is scheduled for Friday 2026-11-27, 07:00 Europe/London" in words(alert)


def test_scheduled_issue_needs_no_reminder(ready_world: World) -> None:
    assert [] == ready_world.events(-timedelta(hours=17))


def test_restored_database_sends_nothing_and_asks(ready_world: World) -> None:
    """A backup from before the send; without a witness everyone would have it twice."""
    world = ready_world
    keep_witness(world.database.audit, world.folder)
    backup = world.folder / "backup.db"
    with open_database(f"sqlite:///{world.folder}/newsletter.db"):
        shutil.copy(world.folder / "newsletter.db", backup)
        shutil.copy(world.folder / "newsletter.db-wal", f"{backup}-wal")
    world.tick()

    with open_database(f"sqlite:///{backup}") as restored:
        old = replace(world, database=restored)
        [happening] = old.tick(5 * MINUTE)
        old.tick(6 * MINUTE)
        with pytest.raises(StoreError, match="restored from a backup"):
            check_not_restored(restored, world.folder)

    assert ("restored", Standing.UNABLE) == (happening.event, happening.standing)
    assert EVERYONE == world.readers
    [alert] = world.mails("desk")
    said = words(alert)
    accept = said.index("newsletter due --accept-restored --reason TEXT")
    assert said.index("newsletter status") < accept < said.index("newsletter cancel ISSUE")


def test_deferred_recipients_are_sent_to_when_they_are_due(ready_world: World) -> None:
    world = ready_world
    begun(world)
    run = world.database.runs.find("2026-11-27")
    assert run
    [claim] = world.database.journal.claim(run.id, "dead", SLOT, timedelta(minutes=9), 1)
    due = SLOT + 5 * MINUTE
    outcome = Outcome(delivery=claim, state=DeliveryState.DEFERRED, next_attempt_at=due)
    settle(world.database, [outcome], SLOT)
    world.database.journal.release(run.id, "dead", SLOT)

    first = world.tick(MINUTE)
    waiting = world.tick(4 * MINUTE)
    last = world.events(5 * MINUTE)

    assert ["resumed", "waiting"] == [each.event for each in first]
    assert [("waiting", Standing.WAITING)] == [(each.event, each.standing) for each in waiting]
    assert "Deferred until 2026-11-27 07:05 UTC." in waiting[0].text
    assert (["resumed", "finished"], EVERYONE) == (last, world.readers)


def test_no_approval_is_asked_for_where_none_is_required(world: World) -> None:
    world.write()
    world.schedule()
    rule = ApprovalRule(required=0)

    events = replace(world, settings=replace(world.settings, approval=rule)).events()

    assert ["started", "finished"] == events


def test_run_that_met_a_daily_limit_rests_until_the_next_day(ready_world: World) -> None:
    """Nobody is refused for it, the relay is left alone, and the run goes on by itself."""
    world, relay = ready_world, RecordingTransport()
    people = [f"ada@shop{number}.example" for number in range(20)]
    bring(world.database, "email\n" + "".join(f"{each}\n" for each in people), world.now)
    capped = Reply(
        code=550, enhanced_code="5.4.5", text="Daily sending limit exceeded", stage=Stage.RCPT
    )
    for reader in people:
        relay.tell(reader, capped)

    def tick(after: timedelta) -> list[Happening]:
        world.now = SLOT + after
        found: list[Happening] = []
        publication = replace(world.publication, open_transport=lambda: relay)
        tick = Tick(publication=publication, database=world.database, hear=found.append)
        asyncio.run(tick.go())
        return found

    tick(timedelta())
    asked = len(relay.attempts)
    resting = tick(timedelta(hours=3))
    rested = len(relay.attempts)
    relay.relent()
    last = tick(timedelta(days=1, hours=1))

    run = world.database.runs.find("2026-11-27")
    assert run
    assert 4 < asked < 24
    assert asked == rested
    assert [("waiting", True)] == [
        (each.event, "Daily sending limit exceeded" in each.text) for each in resting
    ]
    assert "finished" in [each.event for each in last]
    assert {DeliveryState.ACCEPTED: 24} == dict(world.database.runs.balance(run.id).counts)
