"""The ways in which a turn is written leave the same rows, and those that the events allow."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, insert, select, text, update

from newsletter.addresses import AddrSpec
from newsletter.books import (
    OUTCOMES,
    Attempt,
    Delivery,
    DeliveryEvents,
    DeliveryState,
    NewRun,
    Outcome,
    Turn,
)
from newsletter.store import Database
from newsletter.store.journal import settling, sqlite_turn
from newsletter.store.people.eligibility import NO_LONGER_ON_THE_LIST
from newsletter.store.sql.schema import attempts, deliveries, shards, subscribers, suppressions
from newsletter.subscribers import AudienceMember, SubscriberState

NOW = datetime(2026, 11, 27, 7, 0, tzinfo=UTC)
PEOPLE, EPOCH = 5, 3
CLAIMED, IN_DOUBT, ACCEPTED = (
    DeliveryState.CLAIMED,
    DeliveryState.IN_DOUBT,
    DeliveryState.ACCEPTED,
)
BEGIN, SETTLE, LOSE = DeliveryEvents.BEGIN, DeliveryEvents.SETTLE, DeliveryEvents.LOSE
SUPPRESS = DeliveryEvents.SUPPRESS

FAR = 1_000_000
Person = tuple[bool, SubscriberState | None, str]
"""Whether the delivery names a member, the state of the member that there is now, and why the
address is on the suppression list; None and "" where there is none and it is not.
"""


def because(person: Person) -> str:
    """Why nothing may be sent to such a person any more; "" where it may."""
    is_member, state, listed = person
    if is_member and state is None:
        return NO_LONGER_ON_THE_LIST
    if listed:
        return listed
    return "" if state in (None, SubscriberState.CONFIRMED) else state.value


Standing = tuple[DeliveryState, int]
"""A delivery's state, and how many attempts its row counts."""
Rows = list[tuple[object, ...]]


@dataclass(frozen=True)
class Said:
    """A word on the delivery of a number, by a claim that may be stale; without an outcome, that
    its content is begun.
    """

    number: int
    epoch: int
    state: DeliveryState | None
    is_tried: bool
    code: int


@dataclass
class World:
    """Deliveries in two shards, whose rows are made anew for each way."""

    database: Database
    claims: list[Delivery] = field(default_factory=list)

    def __post_init__(self) -> None:
        people = [
            AudienceMember(subscriber_id=None, address=AddrSpec(f"p{number}", "example.com"))
            for number in range(PEOPLE)
        ]
        new = NewRun(issue="issue", digest="d1", subject="Five", message_date=NOW)
        run = self.database.runs.open(new, people, NOW, by="ada")
        claims = self.database.journal.claim(run.id, "me", NOW, timedelta(hours=1), PEOPLE)
        with self.database._connections.writing() as connection:
            second = connection.execute(
                insert(shards).values(run_id=run.id, number=2, epoch=0).returning(shards.c.id)
            ).scalar_one()
            for claim in claims[PEOPLE // 2 :]:
                own = update(deliveries).where(deliveries.c.id == claim.id)
                connection.execute(own.values(shard_id=second))
        half = PEOPLE // 2
        self.claims = [*claims[:half], *(each._replace(shard_id=second) for each in claims[half:])]

    def make(self, standing: Sequence[Standing], people: Sequence[Person]) -> None:
        with self.database._connections.writing() as connection:
            for table in ("attempts", "suppressions", "subscribers"):
                connection.execute(text(f"DELETE FROM {table}"))
            connection.execute(update(shards).values(epoch=EPOCH))
            for claim, (state, number), person in zip(self.claims, standing, people, strict=True):
                self.put_on_lists(connection, claim, person)
                own = update(deliveries).where(deliveries.c.id == claim.id)
                connection.execute(
                    own.values(
                        state=state,
                        attempts=number,
                        next_attempt_at=None,
                        reply_code=None,
                        enhanced_code="",
                        reply_text="",
                        reason="",
                        updated_at=NOW,
                        subscriber_id=claim.id if person[0] else None,
                    )
                )

    def put_on_lists(self, connection: Connection, claim: Delivery, person: Person) -> None:
        _, state, listed = person
        row = {"publication_id": 1, "address_key": claim.recipient_key, "created_at": NOW}
        if state is not None:
            member = {"id": claim.id, "address": claim.recipient_key, "first_name": ""}
            now = {"state": state, "updated_at": NOW}
            connection.execute(insert(subscribers).values({**row, **member, **now}))
        if listed:
            connection.execute(insert(suppressions).values({**row, "reason": listed}))
        theirs = {**row, "publication_id": 2}  # with them everybody has left, or is suppressed
        member = {"id": claim.id + FAR, "address": claim.recipient_key, "first_name": ""}
        left = {**member, "state": SubscriberState.UNSUBSCRIBED, "updated_at": NOW}
        connection.execute(insert(subscribers).values({**theirs, **left}))
        connection.execute(insert(suppressions).values({**theirs, "reason": "theirs"}))

    def rows(self) -> tuple[Rows, Rows]:
        tried = [column for column in attempts.c if column is not attempts.c.id]
        with self.database._connections.reading() as connection:
            ours = deliveries.c.run_id == self.claims[0].run_id
            people = connection.execute(
                select(deliveries).where(ours).order_by(deliveries.c.id)
            ).all()
            tries = connection.execute(
                select(*tried).order_by(attempts.c.delivery_id, attempts.c.number)
            )
            return [tuple(row) for row in people], [tuple(row) for row in tries]

    def claim(self, said: Said) -> Delivery:
        return self.claims[said.number]._replace(epoch=said.epoch, attempts=0)

    def outcome(self, said: Said) -> Outcome:
        assert said.state is not None
        attempt = Attempt(
            started_at=NOW,
            ended_at=NOW + timedelta(seconds=said.code),
            stage="final-dot",
            code=said.code,
            enhanced_code="2.0.0",
            text=f"queued as {said.code}",
            transport="smtp://relay",
        )
        is_deferred = said.state is DeliveryState.DEFERRED
        return Outcome(
            delivery=self.claim(said),
            state=said.state,
            attempt=attempt if said.is_tried else None,
            next_attempt_at=NOW + timedelta(minutes=said.code) if is_deferred else None,
            reason=f"reason {said.code}",
        )


Way = Callable[[Database, Sequence[Outcome], Sequence[Delivery]], Turn]


def by_the_journal(
    database: Database, outcomes: Sequence[Outcome], begun: Sequence[Delivery]
) -> Turn:
    return database.journal.turn(outcomes, begun, NOW)


def with_care(database: Database, outcomes: Sequence[Outcome], begun: Sequence[Delivery]) -> Turn:
    with database._connections.writing() as connection:
        return settling.turn(connection, outcomes, begun, NOW)


def row_by_row(database: Database, outcomes: Sequence[Outcome], begun: Sequence[Delivery]) -> Turn:
    """As on an SQLite without UPDATE FROM; on PostgreSQL it is the journal's way."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sqlite_turn, "IS_KNOWN", False)
        return by_the_journal(database, outcomes, begun)


WAYS: tuple[Way, ...] = (by_the_journal, with_care, row_by_row)


@dataclass
class Expected:
    """Where everyone stands, what came late, what is refused, and who has left."""

    after: list[Standing]
    late: Counter[Said] = field(default_factory=Counter)
    refused: Counter[Said] = field(default_factory=Counter)
    suppressed: Counter[Said] = field(default_factory=Counter)


def expected(
    standing: Sequence[Standing],
    people: Sequence[Person],
    outcomes: Sequence[Said],
    begun: Sequence[Said],
) -> Expected:
    """What the table of events makes of it.

    Two words on one delivery in a turn are one too many: the first one counts.
    """
    found, settled = Expected(list(standing)), set[int]()
    after = found.after
    for said in outcomes:
        assert said.state is not None
        state, number = standing[said.number]
        if state is ACCEPTED is said.state:
            continue
        is_allowed = any(event.allows(state, said.state) for event in (SETTLE, LOSE))
        if said.epoch == EPOCH and is_allowed and said.number not in settled:
            settled.add(said.number)
            after[said.number] = said.state, number + said.is_tried
        else:
            found.late[said] += 1
    for said in begun:
        state, number = after[said.number]
        if said.epoch != EPOCH or state not in BEGIN.before:
            found.refused[said] += 1
        elif because(people[said.number]):
            assert state in SUPPRESS.before
            after[said.number] = SUPPRESS.to, number
            found.suppressed[said] += 1
        else:
            after[said.number] = BEGIN.to, number
    return found


states = st.sampled_from([CLAIMED] * 4 + [IN_DOUBT] * 4 + list(DeliveryState))
standings = st.lists(
    st.tuples(states, st.sampled_from([0, 0, 0, 1])), min_size=PEOPLE, max_size=PEOPLE
)
confirmed = SubscriberState.CONFIRMED
known: list[Person] = [(False, None, ""), (True, confirmed, ""), (False, confirmed, "")]
persons = st.one_of(
    st.sampled_from(known),
    st.sampled_from(known),
    st.tuples(st.booleans(), st.sampled_from([None, *SubscriberState]), st.sampled_from(["", "x"])),
)
audiences = st.lists(persons, min_size=PEOPLE, max_size=PEOPLE)
epochs = st.sampled_from([EPOCH] * 8 + [EPOCH - 1, EPOCH + 1])
heard = st.builds(
    Said,
    number=st.integers(0, PEOPLE - 1),
    epoch=epochs,
    state=st.sampled_from([ACCEPTED] * 4 + sorted(OUTCOMES)),
    is_tried=st.sampled_from([True, True, True, False]),
    code=st.integers(250, 252),
)
begins = st.builds(
    Said,
    number=st.integers(0, PEOPLE - 1),
    epoch=epochs,
    state=st.none(),
    is_tried=st.just(False),
    code=st.just(0),
)


@pytest.fixture
def world(database: Database) -> World:
    return World(database)


@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(standings, audiences, st.lists(heard, max_size=4), st.lists(begins, max_size=3))
def test_turn_leaves_the_same_rows_whichever_way_it_is_written(
    world: World,
    standing: list[Standing],
    people: list[Person],
    outcomes: list[Said],
    begun: list[Said],
) -> None:
    wanted = expected(standing, people, outcomes, begun)
    numbers = {claim.id: number for number, claim in enumerate(world.claims)}
    left = []
    for way in WAYS:
        world.make(standing, people)
        settled, begins = [world.outcome(each) for each in outcomes], [*map(world.claim, begun)]

        turn = way(world.database, settled, begins)

        found = Counter(outcomes[index_of(each, settled)] for each in turn.late)
        assert wanted.late == found, way.__name__
        for said, given_back in (
            (wanted.refused, turn.refused),
            (wanted.suppressed, turn.suppressed),
        ):
            assert sorted((each.number, each.epoch) for each in said.elements()) == sorted(
                (numbers[each.id], each.epoch) for each in given_back
            ), way.__name__
            assert all(any(each is one for one in begins) for each in given_back)
        left.append(world.rows())
    columns = list(deliveries.c)
    state, number = columns.index(deliveries.c.state), columns.index(deliveries.c.attempts)
    reason = columns.index(deliveries.c.reason)
    assert wanted.after == [(row[state], row[number]) for row in left[0][0]]
    assert {said.number: because(people[said.number]) for said in wanted.suppressed} == {
        said.number: left[0][0][said.number][reason] for said in wanted.suppressed
    }
    assert left == [left[0]] * len(WAYS)


def index_of(outcome: Outcome, among: Sequence[Outcome]) -> int:
    return next(index for index, each in enumerate(among) if each is outcome)
