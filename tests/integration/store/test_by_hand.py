"""What a list keeper does to one person, over both databases, beside a neighbour."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from newsletter.addresses import parse_addr_spec
from newsletter.books import Attempt, AuditAction, DeliveryState, NewRun, Outcome
from newsletter.store import Database, Preferences, Wish, open_database
from newsletter.subscribers import (
    Consent,
    PersonEventKind,
    SubscriberState,
    Suppression,
    SuppressionKind,
    hashed,
)
from tests.neighbour import OURS
from tests.turns import begin, settle

ADA = "ada@example.com"


def add(database: Database, now: datetime, address: str = ADA, name: str = "Ada") -> bool:
    consent = Consent(source="by telephone", at=now)
    return database.membership.add(parse_addr_spec(address), name, consent, now, by="keeper")


def ask(database: Database, now: datetime, address: str = ADA) -> None:
    spec = parse_addr_spec(address)
    database.membership.ask(
        Wish(address=spec, first_name="", limit_key=spec.key, source="the form"), now
    )


def logged(database: Database) -> list[tuple[AuditAction, str, str]]:
    return [(entry.action, entry.by, entry.detail) for entry in database.audit.entries()]


def found(database: Database, key: str = ADA) -> Suppression:
    suppression = database.suppressions.find(key)
    assert suppression is not None
    return suppression


def test_what_a_keeper_does_is_logged_without_the_address(
    database: Database, now: datetime
) -> None:
    membership, suppressions = database.membership, database.suppressions

    assert add(database, now)
    assert membership.leave(ADA, now, by="keeper")
    assert membership.return_(ADA, f"ADA@Example.com rang, said {hashed(ADA)}", now, by="keeper")
    assert suppressions.add(ADA, "Ada of example.com", now, by="keeper")
    assert suppressions.lift(ADA, "ＡＤＡ＠example.com", now, by="keeper")
    assert membership.remove(ADA, now, by="keeper")
    assert database.person_files.forget(ADA, now, by="keeper")

    someone = "(an address)"
    assert [
        (AuditAction.ADDED, "keeper", "an address: by telephone"),
        (AuditAction.UNSUBSCRIBED, "keeper", "an address"),
        (AuditAction.RESUBSCRIBED, "keeper", f"an address: {someone} rang, said {someone}"),
        (AuditAction.SUPPRESSED, "keeper", f"an address: by hand: {someone} of {someone}"),
        (AuditAction.UNSUPPRESSED, "keeper", f"an address: {someone}"),
        (AuditAction.REMOVED, "keeper", "an address"),
        (AuditAction.ERASED, "keeper", "an address"),
    ] == logged(database)
    assert database.audit.verify() is None


def test_what_a_keeper_does_twice_is_done_once(database: Database, now: datetime) -> None:
    membership, suppressions = database.membership, database.suppressions

    assert [True, False] == [add(database, now) for _ in range(2)]
    assert [True, False] == [membership.leave(ADA, now, by="keeper") for _ in range(2)]
    assert [True, False] == [membership.return_(ADA, "rang", now, by="keeper") for _ in range(2)]
    assert [True, False] == [suppressions.add(ADA, "rang", now, by="keeper") for _ in range(2)]
    assert [True, False] == [
        suppressions.lift(ADA, "rang", now, by="keeper") is not None for _ in range(2)
    ]
    assert [True, False] == [membership.remove(ADA, now, by="keeper") for _ in range(2)]
    assert [True, False] == [database.person_files.forget(ADA, now, by="keeper") for _ in range(2)]
    assert 7 == len(logged(database))


@pytest.mark.parametrize("key", [ADA, hashed(ADA)])
def test_nobody_is_added_past_a_suppression(database: Database, now: datetime, key: str) -> None:
    database.suppressions.add(key, "elsewhere", now, by="keeper")

    assert not add(database, now)
    assert {} == database.subscribers.find([ADA])


def test_what_people_do_themselves_is_not_in_the_log(database: Database, now: datetime) -> None:
    ask(database, now)
    database.membership.confirm(ADA, "the form", now)
    database.membership.leave(ADA, now)
    database.membership.leave("stranger@example.com", now)

    assert [] == logged(database)


@pytest.mark.parametrize("key", [ADA, hashed(ADA)])
def test_a_keepers_word_takes_the_place_of_one_that_the_person_could_take_back(
    database: Database, now: datetime, key: str
) -> None:
    database.suppressions.add(key, "complained", now, kind=SuppressionKind.COMPLAINT, by="keeper")

    assert database.suppressions.add(key, "abuse", now, by="keeper")
    assert not database.suppressions.add(
        key, "again", now, kind=SuppressionKind.COMPLAINT, by="keeper"
    )
    assert (SuppressionKind.BY_HAND, "abuse") == (found(database).kind, found(database).reason)


def test_a_suppressed_hash_tells_no_address(database: Database, now: datetime) -> None:
    database.suppressions.add(hashed(ADA), f"{ADA} wrote from elsewhere", now, by="keeper")

    assert "(an address) wrote from elsewhere" == found(database).reason


def test_lifting_a_hash_lifts_the_members_own_row(database: Database, now: datetime) -> None:
    add(database, now)
    database.suppressions.add(hashed(ADA), "elsewhere", now, by="keeper")

    assert database.suppressions.lift(hashed(ADA), "a mistake", now, by="keeper")
    assert database.suppressions.find(ADA) is None
    assert 1 == database.subscribers.audience_counts(now).owed


def test_a_member_under_a_hash_gets_a_row_of_their_own(database: Database, now: datetime) -> None:
    """However they came: a send asks by address alone."""
    ask(database, now)
    database.membership.confirm(ADA, "the form", now)
    database.person_files.forget(ADA, now, by="keeper")
    ask(database, now + timedelta(days=2))

    assert database.suppressions.add(ADA, "once more", now, by="keeper")
    assert ADA in {row.address_key for row in database.suppressions.all()}


def test_what_is_left_of_somebody_removed_can_be_erased(database: Database, now: datetime) -> None:
    add(database, now)
    database.membership.remove(ADA, now, by="keeper")

    assert database.person_files.forget(ADA, now, by="keeper")
    assert [] == list(database.person_files.of(ADA).events)


def test_erasure_keeps_what_a_keeper_had_decided(database: Database, now: datetime) -> None:
    database.suppressions.add(ADA, f"{ADA} sends abuse", now, by="keeper")

    assert database.person_files.forget(ADA, now, by="keeper")
    assert (hashed(ADA), SuppressionKind.BY_HAND, "erased") == (
        found(database).address_key,
        found(database).kind,
        found(database).reason,
    )


def test_a_hash_alone_is_nothing_to_erase(database: Database, now: datetime) -> None:
    database.suppressions.add(hashed(ADA), "elsewhere", now, by="keeper")

    assert not database.person_files.forget(ADA, now, by="keeper")


def send(database: Database, now: datetime) -> None:
    """Everybody who is owed the issue has it."""
    new = NewRun(issue="2021-11-26", digest="d", subject="One", message_date=now)
    people = database.subscribers.audience(now)
    run = database.runs.open(new, people, now, by="keeper", extend=True)
    claims = database.journal.claim(run.id, "sender", now, timedelta(hours=1), 99)
    begin(database, claims, now)
    said = [(each, f"taken for {each.recipient}") for each in claims]
    accepted = DeliveryState.ACCEPTED
    settle(
        database,
        [
            Outcome(delivery=each, state=accepted, attempt=attempt(words, now))
            for each, words in said
        ],
        now,
    )


def attempt(words: str, now: datetime) -> Attempt:
    return Attempt(
        started_at=now,
        ended_at=now,
        stage="final-dot",
        code=250,
        enhanced_code="2.0.0",
        text=words,
        transport="smtp://relay",
    )


def test_nothing_of_who_was_erased_is_in_the_file(tmp_path: Path, now: datetime) -> None:
    path = tmp_path / "newsletter.db"
    who = "unmistakable@example.com"
    with open_database(f"sqlite:///{path}", OURS) as database:
        for number in range(50):
            add(database, now, f"reader{number}@example.com", f"Reader {number}")
        add(database, now, who, "Unmistakable")
        send(database, now)
        database.membership.leave(who, now, by="keeper")
        database.suppressions.add(who, "unmistakable", now, by="keeper")
    with open_database(f"sqlite:///{path}", OURS) as database:
        assert "250 2.0.0 taken for" in database.person_files.of(who).receipts[0].reply

        database.person_files.forget(who, now, by="keeper")

    assert b"unmistakable" not in path.read_bytes().lower()


def test_who_comes_back_to_an_issue_can_be_erased_again(database: Database, now: datetime) -> None:
    for _ in range(2):
        add(database, now)
        send(database, now)

        assert database.person_files.forget(ADA, now, by="keeper")
        assert database.suppressions.lift(ADA, "came back", now, by="keeper")

    run = database.runs.find("2021-11-26")
    assert run is not None
    balance = database.runs.balance(run.id)
    assert (True, 2) == (balance.balanced, balance[DeliveryState.ACCEPTED])


def test_who_never_confirmed_and_undoes_leaving_has_not_confirmed(
    database: Database, now: datetime
) -> None:
    ask(database, now)
    database.membership.leave(ADA, now)

    assert database.membership.undo_leaving(ADA, now)
    assert SubscriberState.PENDING is database.subscribers.find([ADA])[ADA].state


def test_moves_are_those_of_confirmed_members(database: Database, now: datetime) -> None:
    membership, day = database.membership, timedelta(days=1)
    for name in ("ada", "bob", "cyd"):
        add(database, now, f"{name}@example.com")
    membership.leave(ADA, now + day)
    membership.remove(ADA, now + day, by="keeper")  # had left before
    membership.remove("bob@example.com", now + day, by="keeper")
    database.person_files.forget("cyd@example.com", now + day, by="keeper")
    membership.leave("stranger@example.com", now + day)
    ask(database, now, "dan@example.com")
    membership.leave("dan@example.com", now + day)

    before, after = database.subscribers.moves([now, now + day, now + 2 * day])

    assert {PersonEventKind.JOINED: 3} == before
    assert {
        PersonEventKind.LEFT: 1,
        PersonEventKind.REMOVED: 1,
        PersonEventKind.ERASED: 1,
    } == after


def test_who_pauses_is_counted_once(database: Database, now: datetime) -> None:
    for name in ("ada", "bob"):
        add(database, now, f"{name}@example.com")
        _pause(database, f"{name}@example.com", now)
    database.suppressions.add("bob@example.com", "paused", now, by="keeper")

    assert 1 == database.subscribers.count_paused(now)
    assert 0 == database.subscribers.count_paused(now + timedelta(weeks=3))


def _pause(database: Database, key: str, now: datetime) -> None:
    wanted = Preferences(
        first_name="",
        topics=frozenset(),
        choosable=frozenset(),
        paused_until=now + timedelta(weeks=2),
    )
    assert database.membership.prefer(key, wanted, now)


def test_people_are_found_in_whatever_case(database: Database, now: datetime) -> None:
    add(database, now, "a@example.com", "Ärne")
    add(database, now, "b@example.com", "ÄRNE")
    add(database, now, "c@example.com", "ärne")

    for text in ("ärne", "Ärne", "ÄRNE"):
        assert 3 == len(database.subscribers.like(text, 9)) == database.subscribers.count_like(text)
