"""Receivers with a pace of their own, and one that is paused, over real runs and databases."""

import asyncio
import threading
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from newsletter.addresses import AddrSpec
from newsletter.books import NewRun, Part, Run, RunState
from newsletter.delivery import Throttle, Throttles
from newsletter.publishing.issues import read_issue
from newsletter.publishing.pacing import Paces, side_by_side, without_paused
from newsletter.publishing.publication import Books
from newsletter.publishing.ready import Ready, make_ready
from newsletter.publishing.sending import Send, send
from newsletter.publishing.standing_back import held_back, waits_for_nothing_else
from newsletter.settings import Secret, Settings, load_settings
from newsletter.settings.domains import DomainGroup
from newsletter.starter import starter_folder
from newsletter.store import Database, open_database
from newsletter.subscribers import AudienceMember
from newsletter.transports import RecordingTransport, paced
from tests.integration.publishing.conftest import publication_of
from tests.integration.store.conftest import postgresql_server as postgresql_server
from tests.integration.store.conftest import postgresql_url as postgresql_url
from tests.pace import passing, patience

GMAIL = DomainGroup(name="gmail", domains=("gmail.com",), rate=20.0)
ICLOUD = DomainGroup(name="icloud", domains=("icloud.com", "me.com"))


def settings_with(*groups: DomainGroup) -> Settings:
    shipped = load_settings(starter_folder(), {}, with_environment=False)
    return replace(
        shipped,
        limits=replace(shipped.limits, domains=groups),
        environment=replace(shipped.environment, secret_key=Secret("k" * 40)),
    )


def begun(
    database: Database, people: Sequence[str], settings: Settings, issue: str = "issue"
) -> Run:
    now = datetime.now(UTC)
    audience = [
        AudienceMember(subscriber_id=None, address=AddrSpec(*each.split("@"))) for each in people
    ]
    wanted = NewRun(
        issue=issue,
        digest="digest",
        subject="Subject",
        message_date=now,
        groups=settings.limits.groups,
    )
    return database.runs.open(wanted, audience, now, by="ada", owner="me")


def books_of(
    database: Database, settings: Settings, transport: RecordingTransport, rate: float | None
) -> Books:
    publication = publication_of(settings, lambda: datetime.now(UTC))
    over = paced(transport, rate=rate)
    return Books(
        publication=replace(publication, open_transport=lambda: over), database=database, by="ada"
    )


def send_all(books: Books, run: Run, part: Part = Part()) -> None:  # noqa: B008 - it is frozen
    issue = read_issue(starter_folder() / "issues/2021-11-26.md", books.settings.house)
    ready = make_ready(issue, books.publication)
    assert isinstance(ready, Ready)

    async def go() -> None:
        done = await send(Send(books=books, ready=ready, run=run, part=part))
        assert done.fault is None

    asyncio.run(go())


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'news.db'}"
    found: str = request.getfixturevalue("postgresql_url")
    return found


def test_a_receiver_has_its_own_rate_and_nobody_else_waits_for_it(url: str) -> None:
    settings, transport = settings_with(GMAIL), RecordingTransport()
    people = [f"r{n}@gmail.com" for n in range(40)] + [f"r{n}@example.com" for n in range(40)]
    with open_database(url) as database:
        run = begun(database, people, settings)
        began = time.monotonic()
        send_all(books_of(database, settings, transport, None), run)
        took = time.monotonic() - began
        sent = [attempt.envelope.recipient for attempt in transport.attempts]

        assert RunState.COMPLETE is found(database).state
    assert 80 == len(sent)
    assert took >= 39 / 20 - 0.5  # half a second may be caught up
    others = [at for at, each in enumerate(sent) if each.endswith("@example.com")]
    assert others[0] < 5, "they begin together"
    assert others[-1] < 60, "and twenty of the receiver's forty are left when the others are done"


def test_a_paused_receiver_gets_nothing_until_the_setting_is_gone(url: str) -> None:
    paused = settings_with(GMAIL, replace(ICLOUD, is_paused=True))
    transport = RecordingTransport()
    with open_database(url) as database:
        run = begun(database, ["a@me.com", "b@gmail.com", "c@icloud.com", "d@x.org"], paused)
        books = books_of(database, paused, transport, None)

        send_all(books, run)

        assert {"b@gmail.com", "d@x.org"} == recipients(transport)
        assert RunState.RUNNING is found(database).state
        balance = database.runs.balance(run.id)
        assert (True, 2) == (balance.balanced, balance.unfinished)
        held = held_back(run, books)
        assert ["2 wait: icloud is paused in newsletter.toml"] == [each.words for each in held]
        assert waits_for_nothing_else(run, held, books)

        send_all(books_of(database, settings_with(GMAIL, ICLOUD), transport, None), run)

        assert 4 == len(recipients(transport))
        assert RunState.COMPLETE is found(database).state


def test_a_shard_of_a_paused_receiver_gives_nothing(url: str) -> None:
    paused = settings_with(replace(ICLOUD, is_paused=True))
    transport = RecordingTransport()
    with open_database(url) as database:
        run = begun(database, ["a@me.com", "d@x.org"], paused)
        books = books_of(database, paused, transport, None)

        for shard in database.runs.unfinished_shards(datetime.now(UTC)):
            send_all(books, run, Part(shard_id=shard.id, group=shard.group))

    assert {"d@x.org"} == recipients(transport)


def test_a_shard_has_the_pace_of_its_receiver(url: str) -> None:
    settings = settings_with(GMAIL)
    with open_database(url) as database:
        begun(database, ["a@gmail.com", "d@x.org"], settings)
        books = books_of(database, settings, RecordingTransport(), None)
        paces = Paces(throttles=Throttles(), books=books, settings=settings)
        parts = {
            shard.group: paces.of(Part(shard_id=shard.id))
            for shard in database.runs.unfinished_shards(datetime.now(UTC))
        }
        rates = {group: part.throttle and part.throttle.rate for group, part in parts.items()}

    assert {"gmail": 20.0, "": None} == rates


def test_a_run_falls_into_its_groups_and_the_rest() -> None:
    settings = settings_with(GMAIL, replace(ICLOUD, is_paused=True))
    whole = without_paused(Part(), settings)

    assert Part(without=frozenset({"icloud"})) == whole
    assert [
        Part(without=frozenset({"gmail", "icloud"})),
        Part(without=frozenset({"icloud"}), group="gmail"),
    ] == side_by_side(whole, settings)
    shard = without_paused(Part(shard_id=3), settings)
    assert [shard] == side_by_side(shard, settings)
    assert [Part()] == side_by_side(Part(), settings_with())


@pytest.mark.postgresql
def test_senders_on_one_database_keep_one_rate(postgresql_url: str) -> None:
    """Four at a time, each of a shard of its own, with a transport and a database of its own."""
    settings, transports = settings_with(), [RecordingTransport() for _ in range(4)]
    with open_database(postgresql_url) as database:
        domains = ["a.example", "b.example", "c.example", "d.example"]
        groups = tuple(DomainGroup(name=each, domains=(each,)) for each in domains)
        grouped = settings_with(*groups)
        people = [f"r{n}@{domain}" for n in range(20) for domain in domains]
        run = begun(database, people, grouped)
        began = time.monotonic()

        def one(transport: RecordingTransport, group: str) -> None:
            with open_database(postgresql_url) as own:
                send_all(books_of(own, settings, transport, 40.0), run, Part(group=group))

        senders = [
            threading.Thread(target=one, args=each)
            for each in zip(transports, domains, strict=True)
        ]
        for sender in senders:
            sender.start()
        for sender in senders:
            sender.join()
        took = time.monotonic() - began

        assert [20] * 4 == [len(each.attempts) for each in transports]
        assert RunState.COMPLETE is found(database).state
    assert took >= 79 / 40 - 0.6  # half a second may be caught up


@pytest.mark.postgresql
def test_lanes_that_share_a_rate_reach_it_and_none_of_them_starves(postgresql_url: str) -> None:
    """Four loops at once for two seconds, as eight processes in the benchmark of it."""
    counts, rate, seconds = Counter[int](), 80.0, 2.0
    together = threading.Barrier(4)

    async def lane(one: int, throttle: Throttle, stop: asyncio.Event) -> None:
        while not stop.is_set():
            await throttle.turn(stop)
            counts[one] += not stop.is_set()

    async def go(one: int, throttle: Throttle) -> None:
        stop = asyncio.Event()
        lanes = [asyncio.create_task(lane(one, throttle, stop)) for _ in range(2)]
        await asyncio.sleep(seconds)
        stop.set()
        await asyncio.gather(*lanes)
        await throttle.close()

    def process(one: int) -> None:
        with open_database(postgresql_url) as database:
            throttle = Throttles().of("relay", rate, database.paces.take)
            together.wait(patience())
            asyncio.run(go(one, throttle))

    open_database(postgresql_url).close()
    processes = [threading.Thread(target=process, args=(each,)) for each in range(4)]
    for each in processes:
        each.start()
    for each in processes:
        each.join()

    assert counts.total() <= rate * (seconds + 0.5 + passing(0.2))  # half a second is caught up
    assert counts.total() >= rate * seconds / 2
    assert min(counts[each] for each in range(4)) >= max(counts.values()) / 4


def found(database: Database) -> Run:
    run = database.runs.find("issue")
    assert run is not None
    return run


def recipients(transport: RecordingTransport) -> set[str]:
    return {attempt.envelope.recipient for attempt in transport.attempts}
