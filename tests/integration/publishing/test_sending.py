"""One command's work on one run, over a real journal: rounds, limits, and what stops it."""

import asyncio
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from newsletter.addresses import AddrSpec
from newsletter.books import DeliveryState, NewRun, Run
from newsletter.cli.listening import lines
from newsletter.clock import Clock
from newsletter.errors import RelayFault, Trouble
from newsletter.message import token_in
from newsletter.publishing.issues import read_issue
from newsletter.publishing.progress import Progress
from newsletter.publishing.publication import Books
from newsletter.publishing.ready import Ready, make_ready
from newsletter.publishing.sending import Send, Sent, send
from newsletter.publishing.terms import Listener, Terms
from newsletter.settings import Secret, load_settings
from newsletter.starter import starter_folder
from newsletter.store import Database
from newsletter.subscribers import AudienceMember, read_return_token
from newsletter.transports import RecordingTransport, Reply, Stage, Transport
from newsletter.transports.recording import RecordingSession
from tests.integration.publishing.conftest import publication_of
from tests.new_database import open_new
from tests.pace import patience

BUSY = Reply(code=451, enhanced_code="4.3.0", text="come again", stage=Stage.RCPT)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with open_new(tmp_path / "news.db") as opened:
        yield opened


def begun(database: Database, count: int) -> Run:
    now = datetime.now(UTC)
    audience = (
        AudienceMember(subscriber_id=None, address=AddrSpec(f"r{n}", "example.com"))
        for n in range(count)
    )
    wanted = NewRun(issue="issue", digest="digest", subject="Subject", message_date=now)
    return database.runs.open(wanted, audience, now, by="ada", owner="me")


def send_over(
    transport: Transport,
    database: Database,
    run: Run,
    terms: Terms,
    *,
    pause: float,
    listener: Listener | None = None,
) -> None:
    """Whatever is due of the run, over this transport, by the shipped settings."""
    done = sent_over(transport, database, run, terms, pause=pause, listener=listener)
    assert done.fault is None


def sent_over(
    transport: Transport,
    database: Database,
    run: Run,
    terms: Terms,
    *,
    pause: float,
    listener: Listener | None = None,
    clock: Clock = lambda: datetime.now(UTC),
    verp: bool = True,
) -> Sent:
    """The same, and what it came to."""
    shipped = load_settings(starter_folder(), {}, with_environment=False)
    retry = (timedelta(seconds=pause),) * 3
    settings = replace(
        shipped,
        sender=replace(shipped.sender, verp=verp),
        limits=replace(shipped.limits, retry_after=retry),
        environment=replace(shipped.environment, secret_key=Secret("k" * 40)),
    )
    publication = replace(publication_of(settings, clock), open_transport=lambda: transport)
    issue = read_issue(starter_folder() / "issues/2021-11-26.md", settings.house)
    ready = make_ready(issue, publication)
    assert isinstance(ready, Ready)
    books = Books(publication=publication, database=database, by="ada")

    async def go() -> Sent:
        heard = listener or Listener()
        return await send(Send(books=books, ready=ready, run=run, terms=terms, listener=heard))

    return asyncio.run(go())


def states(database: Database, run: Run) -> dict[str, int]:
    return {state.value: n for state, n in database.runs.balance(run.id).counts.items()}


def soon(seconds: float) -> datetime:
    return datetime.now(UTC) + timedelta(seconds=seconds)


def test_sending_waits_for_the_deferred_until_its_deadline(database: Database) -> None:
    run, transport = begun(database, 3), RecordingTransport()
    transport.tell("r1@example.com", BUSY, BUSY)

    send_over(transport, database, run, Terms(until=soon(60)), pause=0.05)

    assert {"accepted": 3} == states(database, run)
    assert 5 == len(transport.attempts)


def test_sending_leaves_to_the_next_command_what_is_due_after_its_deadline(
    database: Database,
) -> None:
    run, transport = begun(database, 3), RecordingTransport()
    transport.tell("r1@example.com", BUSY)

    send_over(transport, database, run, Terms(until=soon(60)), pause=3_600)

    assert {"accepted": 2, "deferred": 1} == states(database, run)


def test_sending_stops_waiting_when_the_run_is_paused(database: Database) -> None:
    """Somebody pauses it while nothing is due: nobody waits for the recipient's five minutes."""
    run, transport = begun(database, 2), RecordingTransport()
    transport.tell("r1@example.com", BUSY)
    heard: list[str] = []

    class Pausing(Listener):
        def waiting(self, until: datetime) -> None:
            database.runs.pause("issue", "ada@host", datetime.now(UTC))

        def stopped(self, run: Run) -> None:
            heard.append(f"{run.state} by {run.controlled_by}")

    began = time.monotonic()
    terms = Terms(until=soon(600))
    send_over(transport, database, run, terms, pause=300, listener=Pausing())

    assert time.monotonic() - began < patience()
    assert ["paused by ada@host"] == heard
    assert {"accepted": 1, "deferred": 1} == states(database, run)


def test_each_delivery_has_a_reverse_path_of_its_own_and_keeps_it(database: Database) -> None:
    run, transport = begun(database, 2), RecordingTransport()
    transport.tell("r1@example.com", BUSY)

    send_over(transport, database, run, Terms(until=soon(60)), pause=0.05)

    paths: dict[str, set[str]] = {}
    for each in transport.attempts:
        paths.setdefault(each.envelope.recipient, set()).add(each.envelope.reverse_path)
    assert 3 == len(transport.attempts)
    [[one], [other]] = paths.values()
    assert one != other
    for delivery_id, (key, [path]) in enumerate(paths.items(), start=1):
        token = token_in(path, AddrSpec("bounces", "news.example.com")) or ""
        [claim] = read_return_token(token, [b"k" * 40], list_id="friday-five.news.example.com")
        assert delivery_id == claim.delivery_id
        assert claim.holds_for("issue", key)


def test_all_deliveries_have_one_reverse_path_where_the_settings_say_so(
    database: Database,
) -> None:
    """What a relay that knows of reports is told by is the delivery's own all the same."""
    run, transport = begun(database, 2), RecordingTransport()

    sent_over(transport, database, run, Terms(), pause=1, verp=False)

    envelopes = [each.envelope for each in transport.attempts]
    assert {"bounces@news.example.com"} == {each.reverse_path for each in envelopes}
    assert 2 == len({each.envelope_id for each in envelopes})


def test_sending_keeps_its_limit_over_all_rounds(database: Database) -> None:
    run, transport = begun(database, 5), RecordingTransport()
    transport.tell("r0@example.com", BUSY)

    send_over(transport, database, run, Terms(until=soon(60), limit=3), pause=0.05)

    assert {"accepted": 2, "deferred": 1, "planned": 2} == states(database, run)


def test_progress_tells_rate_and_time_left() -> None:
    at = [0.0]
    progress = Progress("issue", 100, seconds=lambda: at[0])
    for second in range(1, 21):
        at[0] = second
        progress.heard(DeliveryState.ACCEPTED)
        progress.rate()

    assert 1.0 == pytest.approx(progress.rate(), rel=0.1)
    assert 80.0 == pytest.approx(progress.left() or 0, rel=0.1)


def test_lines_come_now_and_then() -> None:
    at = [0.0]
    progress = Progress("issue", 100, seconds=lambda: at[0])
    said: list[str] = []
    report = lines(said.append, every=5.0)
    for second in range(12):
        at[0] = second
        report(progress)

    assert ["0 of 100, 0/s"] * 2 == said


AWAY = RelayFault("nothing listens there", where="relay.example.com", trouble=Trouble.AWAY)
LOGIN = RelayFault("535 5.7.8 no", where="relay.example.com", trouble=Trouble.LOGIN)


class Restarting(RecordingTransport):
    """Refuses the openings of these numbers, the first one being 0, by the fault."""

    def __init__(self, closed: range, fault: RelayFault = AWAY) -> None:
        super().__init__()
        self.closed, self.fault, self.openings = closed, fault, 0

    async def open(self) -> RecordingSession:
        number, self.openings = self.openings, self.openings + 1
        if number in self.closed:
            raise self.fault
        return await super().open()


class Hearing(Listener):
    """Writes down what it is told of a relay that is away."""

    def __init__(self) -> None:
        self.away: list[str] = []

    def relay_away(self, fault: RelayFault, until: datetime) -> None:
        self.away.append(fault.what)


def test_relay_that_is_away_at_the_beginning_is_waited_for_with_a_deadline(
    database: Database,
) -> None:
    run, heard = begun(database, 3), Hearing()
    terms = Terms(until=soon(60), relay_pauses=(0.01, 0.02))

    send_over(Restarting(range(4)), database, run, terms, pause=1, listener=heard)

    assert ({"accepted": 3}, 4) == (states(database, run), len(heard.away))


@pytest.mark.parametrize(
    ("terms", "fault"),
    [
        (Terms(), AWAY),
        (Terms(relay_pauses=(0.01,)), AWAY),
        (Terms(until=soon(60)), AWAY),
        (Terms(until=soon(-1), relay_pauses=(0.01,)), AWAY),
        (Terms(until=soon(60), relay_pauses=(0.01,)), LOGIN),
    ],
)
def test_relay_is_not_waited_for_otherwise(
    terms: Terms, fault: RelayFault, database: Database
) -> None:
    run, heard = begun(database, 3), Hearing()
    relay = Restarting(range(9), fault)

    done = sent_over(relay, database, run, terms, pause=1, listener=heard)

    assert (fault, []) == (done.fault, heard.away)
    assert 1 == relay.openings
    assert {"planned": 3} == states(database, run)


def test_relay_that_does_not_come_back_is_given_up_at_the_deadline(database: Database) -> None:
    run, moments = begun(database, 1), [soon(0)]

    class Passing(Hearing):
        """Each time it is tried again, twenty seconds have gone."""

        def relay_away(self, fault: RelayFault, until: datetime) -> None:
            super().relay_away(fault, until)
            moments.append(moments[-1] + timedelta(seconds=20))

    heard, until = Passing(), moments[0] + timedelta(seconds=50)
    done = sent_over(
        Restarting(range(99)),
        database,
        run,
        Terms(until=until, relay_pauses=(0.01,)),
        pause=1,
        listener=heard,
        clock=lambda: moments[-1],
    )

    assert AWAY is done.fault
    assert 3 == len(heard.away)


def test_waiting_for_a_relay_ends_when_somebody_stops_it(database: Database) -> None:
    run = begun(database, 1)

    class Stopping(Listener):
        def relay_away(self, fault: RelayFault, until: datetime) -> None:
            database.runs.pause("issue", "ada@host", datetime.now(UTC))

    terms, began = Terms(until=soon(600), relay_pauses=(300,)), time.monotonic()
    done = sent_over(Restarting(range(9)), database, run, terms, pause=1, listener=Stopping())

    assert time.monotonic() - began < patience()
    assert (None, {"planned": 1}) == (done.fault, states(database, run))
