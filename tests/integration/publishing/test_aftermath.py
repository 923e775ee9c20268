"""What the team hears of every run and of every missed slot, once, whoever sent and whenever."""

import asyncio
import email
import email.policy
from datetime import timedelta
from pathlib import Path

from newsletter.books import DeliveryState, Outcome, Run
from newsletter.errors import RelayFault, RunBusyError
from newsletter.publishing.aftermath import tell_end, tell_of
from newsletter.publishing.sending import open_run, sent
from tests.integration.publishing.conftest import SLOT, World
from tests.turns import begin, settle

MINUTE = timedelta(minutes=1)
LEASE = timedelta(minutes=9)


def words(path: Path) -> str:
    """A message's subject and text."""
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    part = message.get_body(("plain",))
    assert part
    return f"{message['Subject']}\n{part.get_content()}"


def begun(world: World) -> Run:
    """By hand, without a slot."""
    world.write()
    world.now = SLOT
    return open_run(world.ready(world.path, SLOT.date()), world.books())


def over(world: World, *states: DeliveryState) -> Run:
    """A run whose first deliveries came to these states, and whose others were accepted."""
    run = begun(world)
    claims = world.database.journal.claim(run.id, "me", SLOT, LEASE, 10)
    wanted = [*states, *[DeliveryState.ACCEPTED] * (len(claims) - len(states))]
    outcomes = [
        Outcome(delivery=claim, state=state) for claim, state in zip(claims, wanted, strict=True)
    ]
    begin(world.database, claims, SLOT)
    settle(world.database, outcomes, SLOT)
    world.database.journal.release(run.id, "me", SLOT)
    world.database.runs.finish(run.id, "ada", SLOT)
    found = world.database.runs.find(run.issue)
    assert found
    return found


def test_slot_missed_by_days_is_told_when_the_daemon_is_back_and_once(ready_world: World) -> None:
    back = timedelta(days=40)

    first = ready_world.events(back)
    later = [ready_world.events(back + minutes * MINUTE) for minutes in (1, 20, 60 * 24)]

    [alert] = ready_world.mails("desk")
    assert (["missed"], [[]] * 3) == (first, later)
    assert "was not sent: late by" in words(alert)


def test_every_slot_that_was_missed_is_told(world: World) -> None:
    weeks = [SLOT.date() + timedelta(days=7 * number) for number in range(8)]
    for day in weeks:
        world.schedule(day.isoformat(), day)

    events = world.events(timedelta(days=100))

    assert ["missed"] * 8 == events
    assert 8 == len(world.mails("desk"))


def test_missed_slot_that_no_relay_took_is_told_by_a_later_tick(ready_world: World) -> None:
    back = timedelta(days=6)

    first = ready_world.events(back, transport="smtp://127.0.0.1:9?tls=none&timeout=2")
    ready_world.tick(back + 11 * MINUTE)

    assert ["missed", "untold"] == first
    assert 1 == len(ready_world.mails("desk"))


def test_run_by_hand_is_reported_once(world: World) -> None:
    run = over(world)

    told = [asyncio.run(tell_end(run, world.books())) for _ in range(2)]
    world.tick(MINUTE)

    [report] = world.mails("boss")
    assert [[], ()] == told
    assert "2026-11-27 is complete: 4 accepted" in words(report)
    assert [] == world.mails("desk")


def test_run_by_hand_that_nobody_was_told_of_is_told_by_the_next_tick(world: World) -> None:
    over(world, DeliveryState.REFUSED)

    world.tick(MINUTE)
    world.tick(2 * MINUTE)

    assert (1, 1) == (len(world.mails("boss")), len(world.mails("desk")))


def test_doubts_and_refusals_are_an_alert(world: World) -> None:
    run = over(world, DeliveryState.REFUSED, DeliveryState.IN_DOUBT, DeliveryState.IN_DOUBT)

    asyncio.run(tell_end(run, world.books()))

    [alert] = world.mails("desk")
    assert "2026-11-27 needs a person: 2 in doubt, 1 refused" in words(alert)
    assert "newsletter status 2026-11-27 --failed" in words(alert)


def test_stop_of_a_run_by_hand_is_an_alert_once(world: World) -> None:
    run, books = begun(world), world.books()
    fault = RelayFault("550 5.7.1 our mail is not wanted", where="relay.example.com:587")

    faults = [asyncio.run(tell_of(sent(books, run, fault), books)) for _ in range(2)]

    [alert] = world.mails("desk")
    assert [(), ()] == faults
    assert "2026-11-27 is halted: relay.example.com:587: 550 5.7.1" in words(alert)
    assert "newsletter send 2026-11-27" in words(alert)
    assert [] == world.mails("boss")


def test_run_that_another_process_has_is_no_stop(world: World) -> None:
    run, books = begun(world), world.books()

    asyncio.run(tell_of(sent(books, run, RunBusyError("another has it")), books))
    asyncio.run(tell_of(sent(books, run), books))

    assert ([], []) == (world.mails("desk"), world.mails("boss"))
