"""A quota is kept by whoever claims: over runs, owners, processes and restarts."""

import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from newsletter.addresses import AddrSpec
from newsletter.books import Attempt, DeliveryState, NewRun, Outcome, Quota, Run, WarmUp
from newsletter.store import Database
from newsletter.subscribers import AudienceMember
from tests.turns import begin, settle

NOW = datetime(2026, 11, 27, 7, 0, tzinfo=UTC)
LEASE = timedelta(minutes=5)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
RELAY = "smtp://ada:***@relay.example:587"
QUOTA = Quota(relays=(RELAY,), per_day=3)


def open_run(database: Database, issue: str = "issue", people: int = 10) -> Run:
    audience = [
        AudienceMember(subscriber_id=None, address=AddrSpec(f"r{n}", "example.com"))
        for n in range(people)
    ]
    new = NewRun(issue=issue, digest="d1", subject="Subject", message_date=NOW)
    return database.runs.open(new, audience, NOW, by="ada")


def send(
    database: Database,
    run: Run,
    count: int,
    at: datetime = NOW,
    *,
    code: int | None = 250,
    transport: str = f"{RELAY}?connections=2",
    quota: Quota | None = QUOTA,
) -> int:
    """Claim up to so many under the quota, and hear that answer for each; how many there were."""
    claims = database.journal.claim(run.id, "me", at, LEASE, count, (quota,) if quota else ())
    for claim in claims:
        begin(database, [claim], at)
        attempt = Attempt(
            started_at=at,
            ended_at=at,
            stage="final-dot",
            code=code,
            enhanced_code="",
            text="said",
            transport=transport,
        )
        state = DeliveryState.IN_DOUBT if code is None else DeliveryState.ACCEPTED
        due = None
        if code is not None and code >= 400:
            state, due = DeliveryState.DEFERRED, at + DAY * 9
        outcome = Outcome(delivery=claim, state=state, attempt=attempt, next_attempt_at=due)
        settle(database, [outcome], at)
    return len(claims)


def left(database: Database, at: datetime = NOW, quota: Quota = QUOTA) -> list[int]:
    return [room.left for room in database.journal.rooms([quota], at)]


def test_no_more_is_claimed_than_the_quota_has_room_for(database: Database) -> None:
    run = open_run(database)

    assert [3, 0, 0] == [send(database, run, 5) for _ in range(3)]
    assert [0] == left(database)


def test_a_day_later_there_is_room_again(database: Database) -> None:
    run = open_run(database)
    send(database, run, 2, NOW)
    send(database, run, 2, NOW + HOUR)

    assert 0 == send(database, run, 5, NOW + DAY - HOUR)
    assert 2 == send(database, run, 5, NOW + DAY)
    assert 1 == send(database, run, 5, NOW + DAY + HOUR)


def test_all_runs_over_a_relay_share_its_quota_whatever_its_options(database: Database) -> None:
    first, second = open_run(database, "first"), open_run(database, "second")
    send(database, first, 2, transport=f"{RELAY}?connections=9&rate=5")

    assert 1 == send(database, second, 5)


def test_another_relay_has_a_quota_of_its_own(database: Database) -> None:
    run = open_run(database)
    send(database, run, 3, transport="smtp://relay.example:587", quota=None)
    send(database, run, 1, transport=f"{RELAY}0", quota=None)

    assert 3 == send(database, run, 5)


def test_of_several_relays_the_busiest_decides(database: Database) -> None:
    run = open_run(database)
    send(database, run, 2, transport="smtp://one", quota=None)
    send(database, run, 1, transport="smtp://two", quota=None)

    both = Quota(relays=("smtp://one", "smtp://two"), per_day=3)

    assert 1 == send(database, run, 5, quota=both)


@pytest.mark.parametrize(("code", "room"), [(550, 3), (451, 3), (250, 1), (None, 1)])
def test_what_the_relay_did_not_take_does_not_count(
    database: Database, code: int | None, room: int
) -> None:
    run = open_run(database)
    send(database, run, 2, code=code)

    assert [room] == left(database)


def test_the_narrower_of_two_ceilings_decides(database: Database) -> None:
    run, quota = open_run(database), Quota(relays=(RELAY,), per_day=5, per_hour=2)

    moments = [NOW, NOW + HOUR / 2, NOW + HOUR, NOW + HOUR * 2, NOW + HOUR * 3]

    assert [2, 0, 2, 1, 0] == [send(database, run, 9, at, quota=quota) for at in moments]
    assert [0, 1] == left(database, NOW + HOUR * 2, quota)


def test_what_is_in_hand_or_may_be_on_its_way_counts(database: Database) -> None:
    run = open_run(database)
    first, *_ = database.journal.claim(run.id, "me", NOW, LEASE, 2, [QUOTA])

    claimed = left(database)
    begin(database, [first], NOW)

    assert [1] == claimed
    assert [1] == left(database)


def test_what_a_dead_process_had_in_hand_does_not_count(database: Database) -> None:
    run = open_run(database)
    database.journal.claim(run.id, "dead", NOW, LEASE, 3, [QUOTA])

    assert 3 == len(database.journal.claim(run.id, "me", NOW + LEASE * 2, LEASE, 5, [QUOTA]))


def test_what_was_written_under_a_clock_that_was_ahead_is_no_hindrance(database: Database) -> None:
    run = open_run(database)
    send(database, run, 2, NOW + DAY * 400, quota=None)

    assert 3 == send(database, run, 5)


@pytest.mark.parametrize("ahead", [timedelta(milliseconds=1), timedelta(minutes=5)])
def test_what_another_sent_meanwhile_or_under_a_clock_ahead_of_ours_counts(
    database: Database, ahead: timedelta
) -> None:
    """Whoever claims has a moment of its own, and may wait for another's claim behind it."""
    run = open_run(database)
    send(database, run, 2, NOW + ahead, quota=None)

    assert 1 == send(database, run, 5, NOW)
    assert [0] == left(database, NOW)


def test_a_run_may_go_on_when_a_tenth_of_the_quota_is_free(database: Database) -> None:
    run, quota = open_run(database, people=30), Quota(relays=(RELAY,), per_day=20)
    for minute in range(20):
        send(database, run, 1, NOW + timedelta(minutes=minute), quota=quota)

    [room] = database.journal.rooms([quota], NOW + HOUR)

    assert NOW + DAY + timedelta(minutes=1) == room.opens_at
    assert not room.is_enough_for(10)
    [room] = database.journal.rooms([quota], NOW + DAY + timedelta(minutes=1))
    assert room.opens_at is None
    assert room.is_enough_for(10)


def test_processes_that_claim_at_once_keep_to_the_quota_together(database: Database) -> None:
    runs = [open_run(database, f"issue{n}", people=40) for n in range(3)]
    quota = Quota(relays=(RELAY,), per_day=50)
    claimed: list[int] = []

    def work(run: Run) -> None:
        while taken := database.journal.claim(run.id, f"me{run.id}", NOW, LEASE, 7, [quota]):
            claimed.append(len(taken))

    threads = [threading.Thread(target=work, args=[run]) for run in runs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert 50 == sum(claimed)


BERLIN = ZoneInfo("Europe/Berlin")
FIRST = WarmUp(since=NOW.date(), first_day=4, times=1.5)
MIDNIGHT = datetime(2026, 11, 27, 23, 0, tzinfo=UTC)
"""That of the day after, in Berlin."""


def open_grouped_run(database: Database) -> Run:
    """Four people at gmail.com, six elsewhere."""
    domains = ["gmail.com"] * 4 + ["example.com"] * 6
    audience = [
        AudienceMember(subscriber_id=None, address=AddrSpec(f"r{n}", domain))
        for n, domain in enumerate(domains)
    ]
    groups = {"gmail.com": "gmail.com"}
    new = NewRun(issue="i", digest="d1", subject="Subject", message_date=NOW, groups=groups)
    return database.runs.open(new, audience, NOW, by="ada")


def test_a_day_of_a_warm_up_ends_at_midnight_in_its_zone(database: Database) -> None:
    run, quota = open_run(database), Quota(relays=(RELAY,), warm_up=FIRST, zone=BERLIN)
    moments = [NOW, MIDNIGHT - timedelta(seconds=1), MIDNIGHT]

    assert 4 == send(database, run, 9, moments[0], quota=quota)
    [room] = database.journal.rooms([quota], moments[1])
    assert (0, MIDNIGHT, "4 on day 1 of the warm-up") == (room.left, room.opens_at, room.words)
    assert [0, 6] == [send(database, run, 9, at, quota=quota) for at in moments[1:]]


def test_relays_share_the_day_of_a_warm_up(database: Database) -> None:
    run = open_run(database)
    send(database, run, 2, transport="smtp://one", quota=None)
    send(database, run, 1, transport="smtp://two", quota=None)

    both = Quota(relays=("smtp://one", "smtp://two"), warm_up=FIRST)

    assert 1 == send(database, run, 5, quota=both)


def test_a_quota_of_a_group_holds_it_alone_back(database: Database) -> None:
    run = open_grouped_run(database)
    quotas = (
        Quota(relays=(RELAY,), per_day=8),
        Quota(relays=(RELAY,), warm_up=replace(FIRST, first_day=1), group="gmail.com"),
    )

    claimed = database.journal.claim(run.id, "me", NOW, LEASE, 10, quotas)
    more = database.journal.claim(run.id, "me", NOW, LEASE, 10, quotas)
    rooms = database.journal.rooms(quotas, NOW)
    left = database.runs.groups_left(run.id)

    domains = [delivery.recipient.domain for delivery in claimed]
    assert (1, 6, []) == (domains.count("gmail.com"), domains.count("example.com"), more)
    assert [(None, 1), ("gmail.com", 0)] == [(room.group, room.left) for room in rooms]
    assert [("", 6), ("gmail.com", 4)] == [(each.group, each.unfinished) for each in left]


def test_what_a_group_was_sent_counts_for_it_until_the_next_day(database: Database) -> None:
    run = open_grouped_run(database)
    quota = Quota(relays=(RELAY,), warm_up=replace(FIRST, first_day=2), group="gmail.com")

    assert 8 == send(database, run, 10, quota=quota)
    assert [0] == left(database, NOW, quota)
    assert [(0, 2)] == [
        (room.left, room.limit) for room in database.journal.rooms([quota], NOW + HOUR)
    ]
    assert 2 == send(database, run, 10, NOW + DAY, quota=quota)
