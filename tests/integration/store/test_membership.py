"""Joining, confirming, leaving and coming back, over both databases, beside a neighbour."""

from contextlib import suppress
from datetime import datetime, timedelta
from threading import Barrier, BrokenBarrierError, Thread

import pytest
from sqlalchemy import Connection

from newsletter.addresses import parse_addr_spec
from newsletter.books import LETTER_LIFE, LetterKind, LetterOutcome, LetterState
from newsletter.errors import StoreError
from newsletter.store import Confirmed, Database, Preferences, Wish, open_database
from newsletter.store.people.rows import locked_member
from newsletter.subscribers import (
    Consent,
    PersonEventKind,
    SubscriberState,
    SuppressionKind,
    hashed,
)

ADA = "ada@example.com"


def wish(address: str = ADA, name: str = "Ada") -> Wish:
    spec = parse_addr_spec(address)
    return Wish(address=spec, first_name=name, limit_key=spec.key, source="the form")


def join(database: Database, now: datetime, address: str = ADA) -> None:
    database.membership.ask(wish(address), now)
    database.membership.confirm(parse_addr_spec(address).key, "the form", now)


def state(database: Database, key: str = ADA) -> SubscriberState | None:
    found = database.subscribers.find([key]).get(key)
    return found.state if found else None


def kinds(database: Database, key: str = ADA) -> list[PersonEventKind]:
    return [event.kind for event in database.person_files.of(key).events]


def test_who_asks_is_pending_and_owed_one_letter_a_day(database: Database, now: datetime) -> None:
    membership = database.membership

    assert [True, False, True] == [
        membership.ask(wish(), now),
        membership.ask(wish("ADA@example.com", "Eve"), now + timedelta(hours=23)),
        membership.ask(wish(), now + timedelta(hours=24, seconds=1)),
    ]
    assert SubscriberState.PENDING is state(database)
    assert 2 == database.letters.owed()


def test_who_confirms_is_a_member_with_their_consent(database: Database, now: datetime) -> None:
    database.membership.ask(wish(), now)

    assert Confirmed.NEW is database.membership.confirm(ADA, "the form", now, has_welcome=True)
    assert Confirmed.ALREADY is database.membership.confirm(ADA, "the form", now)
    assert Confirmed.UNKNOWN is database.membership.confirm("eve@example.com", "the form", now)

    found = database.subscribers.find([ADA])[ADA]
    assert (SubscriberState.CONFIRMED, Consent(source="the form", at=now)) == (
        found.state,
        found.consent,
    )
    assert [LetterKind.CONFIRMATION, LetterKind.WELCOME] == [
        each.kind for each in database.letters.claim(9, now)
    ]


@pytest.mark.parametrize("kind", [*SuppressionKind])
def test_a_fresh_confirmation_lifts_all_but_what_a_keeper_decided(
    database: Database, now: datetime, kind: SuppressionKind
) -> None:
    database.suppressions.add(ADA, "because", now, kind=kind, by="ada")

    owed = database.membership.ask(wish(), now)
    confirmed = database.membership.confirm(ADA, "the form", now)

    is_lifted = kind is not SuppressionKind.BY_HAND
    assert (is_lifted, is_lifted) == (owed, confirmed is Confirmed.NEW)
    assert is_lifted is (database.suppressions.find(ADA) is None)
    assert PersonEventKind.SUPPRESSED in kinds(database)  # the record is kept


def test_leaving_can_be_repeated_and_undone_within_the_day(
    database: Database, now: datetime
) -> None:
    join(database, now)
    membership = database.membership

    assert [True, False] == [membership.leave(ADA, now), membership.leave(ADA, now)]
    assert membership.say_why(ADA, "too often", now)
    assert not membership.say_why(ADA, "once more", now)
    assert membership.undo_leaving(ADA, now + timedelta(hours=23))
    assert not membership.undo_leaving(ADA, now + timedelta(hours=23))
    assert SubscriberState.CONFIRMED is state(database)

    membership.leave(ADA, now)

    assert not membership.undo_leaving(ADA, now + timedelta(hours=25))


def test_a_strangers_leaving_keeps_them_off_and_can_be_undone(
    database: Database, now: datetime
) -> None:
    assert database.membership.leave(ADA, now)
    assert not database.membership.leave(ADA, now)
    assert database.suppressions.find(ADA) is not None

    assert database.membership.undo_leaving(ADA, now)
    assert database.suppressions.find(ADA) is None


def test_what_a_keeper_did_is_not_undone_by_a_link(database: Database, now: datetime) -> None:
    join(database, now)
    database.membership.leave(ADA, now, by="the keeper")

    assert not database.membership.undo_leaving(ADA, now)


def test_leaving_before_confirming_is_undone_to_what_it_was(
    database: Database, now: datetime
) -> None:
    database.membership.ask(wish(), now)
    database.membership.leave(ADA, now)

    assert database.membership.undo_leaving(ADA, now)
    assert SubscriberState.PENDING is state(database)


def test_who_was_erased_is_not_written_down_again_by_an_old_link(
    database: Database, now: datetime
) -> None:
    join(database, now)
    database.person_files.forget(ADA, now, by="themselves")

    assert not database.membership.leave(ADA, now)
    assert [hashed(ADA)] == [each.address_key for each in database.suppressions.all()]
    assert [] == kinds(database)


def test_a_confirmation_older_than_the_leaving_brings_nobody_back(
    database: Database, now: datetime
) -> None:
    join(database, now)
    database.membership.leave(ADA, now)
    later = now + timedelta(hours=1)

    assert Confirmed.UNKNOWN is database.membership.confirm(ADA, "the form", later)

    assert not database.membership.ask(wish(), later)  # one letter a day, which they have

    assert Confirmed.NEW is database.membership.confirm(ADA, "the form", later)


def test_a_confirmation_older_than_a_complaint_does_not_lift_it(
    database: Database, now: datetime
) -> None:
    join(database, now)
    kind = SuppressionKind.COMPLAINT
    database.suppressions.add(ADA, "marked as spam", now, kind=kind, by="the provider")

    assert Confirmed.UNKNOWN is database.membership.confirm(ADA, "the form", now)
    assert database.suppressions.find(ADA) is not None


def test_who_asks_again_is_pending_for_as_long_as_the_new_letter_holds(
    database: Database, now: datetime
) -> None:
    database.membership.ask(wish(name=""), now)
    again = now + timedelta(hours=47)
    database.membership.ask(wish(name=""), again)

    database.membership.drop_unconfirmed(now + LETTER_LIFE + timedelta(hours=1))

    assert Confirmed.NEW is database.membership.confirm(ADA, "the form", again)


def test_a_welcome_goes_out_once_a_day_however_often_somebody_returns(
    database: Database, now: datetime
) -> None:
    for _ in range(3):
        database.membership.ask(wish(), now)
        database.membership.confirm(ADA, "the form", now, has_welcome=True)
        database.membership.leave(ADA, now)

    assert [LetterKind.CONFIRMATION, LetterKind.WELCOME] == [
        each.kind for each in database.letters.claim(9, now)
    ]


def test_preferences_keep_the_tags_that_are_no_topics(database: Database, now: datetime) -> None:
    consent = Consent(source="a list", at=now)
    spec = parse_addr_spec(ADA)
    database.membership.add(spec, "Ada", consent, now, tags=["press", "uk"], by="keeper")
    until = now + timedelta(weeks=2)
    wanted = Preferences(
        first_name="Augusta",
        topics=frozenset({"figures", "secret"}),
        choosable=frozenset({"uk", "figures"}),
        paused_until=until,
    )

    found = database.membership.prefer(ADA, wanted, now)

    assert found is not None
    assert ("Augusta", ("figures", "press"), True) == (
        found.first_name,
        found.tags,
        found.is_paused(now),
    )
    assert {"paused": 1} == database.subscribers.audience_counts(now).suppressed
    assert 1 == database.subscribers.audience_counts(until).owed
    assert database.membership.prefer("eve@example.com", wanted, now) is None


def test_who_returns_by_a_keeper_has_the_reason(database: Database, now: datetime) -> None:
    join(database, now)
    database.membership.leave(ADA, now)

    assert database.membership.return_(ADA, "asked by telephone", now, by="keeper")
    assert not database.membership.return_(ADA, "again", now, by="keeper")
    last = database.person_files.of(ADA).events[-1]
    assert (PersonEventKind.RETURNED, "asked by telephone", "keeper") == (
        last.kind,
        last.detail,
        last.by,
    )


def test_who_never_confirms_is_forgotten_with_the_letter(database: Database, now: datetime) -> None:
    database.membership.ask(wish(), now)
    late = now + LETTER_LIFE

    assert [0, 1] == [
        database.membership.drop_unconfirmed(late - timedelta(seconds=1)),
        database.membership.drop_unconfirmed(late),
    ]
    assert database.person_files.of(ADA).is_empty
    assert 0 == database.letters.owed()


def test_who_is_erased_leaves_a_hash_that_holds(database: Database, now: datetime) -> None:
    join(database, now)

    assert database.person_files.forget(ADA, now, by="keeper")
    assert not database.person_files.forget("nobody@example.com", now, by="keeper")

    found = database.person_files.of(ADA)
    assert (None, ()) == (found.subscriber, tuple(found.events))
    assert found.suppression is not None
    assert (hashed(ADA), SuppressionKind.ERASED) == (
        found.suppression.address_key,
        found.suppression.kind,
    )
    assert {ADA: "erased"} == database.suppressions.among([ADA, "eve@example.com"])


def test_a_suppressed_hash_is_the_members_too(database: Database, now: datetime) -> None:
    join(database, now)

    assert database.suppressions.add(hashed(ADA), "elsewhere", now, by="keeper")

    assert {"elsewhere": 1} == database.subscribers.audience_counts(now).suppressed
    lifted = database.suppressions.lift(ADA, "a mistake", now, by="keeper")
    assert lifted is not None
    assert database.suppressions.find(ADA) is None


def test_a_letter_in_hand_is_given_out_again_when_nobody_settles_it(
    database: Database, now: datetime
) -> None:
    database.membership.ask(wish(), now)
    (letter,) = database.letters.claim(9, now)

    assert [] == list(database.letters.claim(9, now + timedelta(minutes=4)))
    (again,) = database.letters.claim(9, now + timedelta(minutes=6))
    taken = LetterOutcome(letter=again, state=LetterState.ACCEPTED, reply="250 ok", due_at=now)
    database.letters.settle([taken])

    assert letter == again
    assert 0 == database.letters.owed()


def test_tries_over_a_limit_are_told_and_not_counted(database: Database, now: datetime) -> None:
    limits = {"network": 2, "overall": 9}

    assert [(), (), ("network",), ("network",)] == [
        tuple(database.tries.count(limits, now)) for _ in range(4)
    ]
    assert () == tuple(database.tries.count({"overall": 3}, now))
    assert () == tuple(database.tries.count(limits, now + timedelta(hours=1)))


def test_who_asks_too_often_is_not_written_down(database: Database, now: datetime) -> None:
    limits = {"all": 2}
    taken = [
        database.membership.ask_within(limits, wish(address), now)
        for address in (ADA, ADA, "eve@example.com")
    ]

    assert [True, True, False] == taken
    assert (SubscriberState.PENDING, None) == (state(database), state(database, "eve@example.com"))
    assert 1 == database.letters.owed()


def test_many_at_once_share_transactions_and_none_is_lost(database_url: str, now: datetime) -> None:
    addresses = [f"r{number}@example.com" for number in range(200)]
    told: list[bool] = []
    with open_database(database_url, is_busy=True) as database:

        def ask(part: list[str]) -> None:
            told.extend([database.membership.ask(wish(each), now) for each in part])

        threads = [Thread(target=ask, args=[addresses[first::20]]) for first in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    with open_database(database_url) as database:
        assert [True] * 200 == told
        assert 200 == database.subscribers.count()[SubscriberState.PENDING]


def test_one_that_fails_takes_no_other_with_it(database_url: str, now: datetime) -> None:
    with open_database(database_url, is_busy=True) as database:
        with pytest.raises(ValueError, match="naive"):
            database.membership.ask(wish(), now.replace(tzinfo=None))
        assert database.membership.ask(wish(), now)


def test_members_are_given_in_order_and_found_by_a_part(database: Database, now: datetime) -> None:
    for address in ("zoe%x@example.com", "ada@example.com", "bob_b@example.com"):
        join(database, now, address)

    assert ["ada@example.com", "bob_b@example.com", "zoe%x@example.com"] == [
        member.address.key for member in database.subscribers.members()
    ]
    for text, found in {"%": 1, "_b": 1, "EXAMPLE": 2, "adA": 3}.items():
        assert found == len(database.subscribers.like(text, 2 if text == "EXAMPLE" else 9)), text


def test_a_change_that_meets_another_is_done_again(database_url: str, now: datetime) -> None:
    """Two people are changed in one order by a batch, and in the other by somebody else."""
    if database_url.startswith("sqlite"):
        pytest.skip("on SQLite a writing transaction is alone")
    first, second = "ada@example.com", "bob@example.com"
    with open_database(database_url, is_busy=True) as ours, open_database(database_url) as other:
        join(ours, now, first)
        join(ours, now, second)
        met = Barrier(2)
        together = ours._together
        assert together is not None
        left: list[bool] = []

        def both(connection: Connection) -> None:
            locked_member(connection, first)
            with suppress(BrokenBarrierError):
                met.wait(10)
            locked_member(connection, second)
            left.append(True)

        thread = Thread(target=lambda: together(both))
        thread.start()
        with suppress(StoreError), other._connections.writing() as connection:
            locked_member(connection, second)
            met.wait(10)
            met.abort()
            locked_member(connection, first)
        thread.join()

    assert [True] == left
