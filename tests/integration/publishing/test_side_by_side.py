"""Groups of domains side by side in one process: real servers, a real journal, shared sessions."""

import asyncio
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from newsletter.books import WHOLE, Adjustment, DeliveryState, Manner, Part, Run, RunState
from newsletter.clock import now
from newsletter.publishing.issues import read_issue
from newsletter.publishing.publication import Books
from newsletter.publishing.ready import Ready, make_ready
from newsletter.publishing.resting import rest_of
from newsletter.publishing.sending import Send, Sent, send
from newsletter.publishing.terms import Listener, Terms
from newsletter.settings import Settings
from newsletter.settings.domains import DomainGroup
from newsletter.starter import starter_folder
from newsletter.store import Database, open_database
from newsletter.transports import open_transport
from tests.integration.publishing.conftest import publication_of
from tests.integration.publishing.test_pacing import begun, settings_with
from tests.integration.publishing.test_several_relays import Relay, listening

SLOW = DomainGroup(name="gmail", domains=("gmail.com",), rate=0.01)
QUICK = DomainGroup(name="icloud", domains=("icloud.com",), rate=100.0)
FREE = DomainGroup(name="gmx", domains=("gmx.net",))


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with open_database(f"sqlite:///{tmp_path / 'news.db'}") as opened:
        yield opened


def people(**counts: int) -> list[str]:
    """`gmail=2` is r0@gmail.com and r1@gmail.com."""
    domains = {"gmail": "gmail.com", "icloud": "icloud.com", "gmx": "gmx.net", "x": "x.org"}
    return [f"r{n}@{domains[name]}" for name, count in counts.items() for n in range(count)]


def books_over(
    url: str, database: Database, settings: Settings, *, pause: float = 60, **limits: Any
) -> Books:
    retry = (timedelta(seconds=pause),) * 3
    limited = replace(settings.limits, retry_after=retry, **limits)
    publication = publication_of(replace(settings, limits=limited), now)
    publication = replace(publication, open_transport=lambda: open_transport(url, clock=now))
    return Books(publication=publication, database=database, by="ada")


class Hearing(Listener):
    """Keeps how the relays made us go on."""

    def __init__(self) -> None:
        self.manners: list[Manner] = []

    def adjusted(self, adjustment: Adjustment) -> None:
        self.manners.append(adjustment.manner)


def sent_by(
    books: Books,
    run: Run,
    terms: Terms | None = None,
    *,
    part: Part = WHOLE,
    listener: Listener | None = None,
) -> Sent:
    issue = read_issue(starter_folder() / "issues/2021-11-26.md", books.settings.house)
    ready = make_ready(issue, books.publication)
    assert isinstance(ready, Ready)
    asked = Send(
        books=books,
        ready=ready,
        run=run,
        terms=terms or Terms(),
        listener=listener or Listener(),
        part=part,
    )
    return asyncio.run(send(asked))


def places(taken: Sequence[str], domain: str) -> list[int]:
    """Which of all that a relay has taken went to a domain, the first being 0."""
    return [at for at, each in enumerate(taken) if each.endswith(f"@{domain}")]


class Pausing(Relay):
    """Somebody pauses the run as soon as the relay has taken what `is_enough`."""

    def __init__(self, database: Database, is_enough: Callable[[Sequence[str]], bool]) -> None:
        super().__init__()
        self._database = database
        self._is_enough = is_enough

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        said = await super().handle_DATA(server, session, envelope)
        if self._is_enough(self.taken):
            self._is_enough = lambda _: False
            self._database.runs.pause("issue", "ada@host", datetime.now(UTC))
        return said


def test_a_slow_group_holds_up_neither_another_nor_the_rest(database: Database) -> None:
    """Its second message would go out in a minute and a half: the others are done by then."""
    settings = settings_with(SLOW, QUICK, FREE)
    others = people(icloud=20, gmx=20, x=20)
    relay = Pausing(database, lambda taken: {*others} <= {*taken})
    run = begun(database, [*people(gmail=12), *others], settings)
    with listening(relay):
        paused = sent_by(books_over(relay.url(), database, settings), run)
        went_first = list(relay.taken)
        database.runs.resume("issue", "ada@host", datetime.now(UTC))
        done = sent_by(books_over(relay.url(), database, settings_with(QUICK, FREE)), run)

    assert RunState.PAUSED is paused.run.state
    assert {DeliveryState.ACCEPTED: 61, DeliveryState.PLANNED: 11} == paused.balance.counts
    assert relay.most_at_once <= 2, "however many groups there are"
    domains = ("gmail.com", "icloud.com", "gmx.net", "x.org")
    assert all(places(went_first, each)[0] < 20 for each in domains), "none waits for another"
    assert RunState.COMPLETE is done.run.state
    assert 72 == len(relay.taken) == len({*relay.taken})


def test_what_the_others_defer_is_tried_again_while_a_slow_group_goes_on(
    database: Database,
) -> None:
    settings, relay = settings_with(SLOW), Pausing(database, lambda taken: "r1@x.org" in taken)
    heard: list[str] = []

    async def rcpt(server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        if address == "r1@x.org" and not heard:
            heard.append(address)
            return "451 4.2.1 this mailbox is busy"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    relay.handle_RCPT = rcpt  # type: ignore[attr-defined]
    run = begun(database, people(gmail=5, x=6), settings)
    with listening(relay):
        done = sent_by(books_over(relay.url(), database, settings, pause=0.05), run)

    assert ["r1@x.org"] == heard
    assert {DeliveryState.ACCEPTED: 7, DeliveryState.PLANNED: 4} == done.balance.counts


def test_a_paused_group_waits_and_the_others_are_done(database: Database) -> None:
    paused = settings_with(FREE, replace(QUICK, is_paused=True))
    relay = Relay()
    run = begun(database, people(gmx=3, icloud=5, x=20), paused)
    with listening(relay):
        first = sent_by(books_over(relay.url(), database, paused), run)
        went_first = list(relay.taken)
        second = sent_by(books_over(relay.url(), database, settings_with(FREE, QUICK)), run)

    assert sorted(people(gmx=3, x=20)) == sorted(went_first)
    assert (None, 5) == (first.fault, first.balance.unfinished)
    assert RunState.COMPLETE is second.run.state
    assert len(set(relay.taken)) == len(relay.taken) == 28


def test_a_relay_that_refuses_everybody_is_known_by_all_groups_together(
    database: Database,
) -> None:
    """No group has enough people of its own to tell; nobody is marked."""
    groups = [DomainGroup(name=f"g{n}.org", domains=(f"g{n}.org",)) for n in range(8)]
    settings, relay = settings_with(*groups), Relay(says="554 5.7.1 you are blocked")
    audience = [f"r{n}@g{number}.org" for n in range(3) for number in range(8)]
    run = begun(database, audience, settings)
    with listening(relay):
        done = sent_by(books_over(relay.url(), database, settings), run)

    assert done.fault is not None
    assert "blocked" in done.fault.what
    assert {DeliveryState.PLANNED: 24} == done.balance.counts


def test_a_relay_that_is_full_is_not_asked_once_more_when_a_slow_group_has_its_turn(
    database: Database,
) -> None:
    """That turn would be in a minute and a half, and nobody waits for it."""
    settings, relay = settings_with(SLOW), Relay(says="450 4.5.3 daily sending limit exceeded")
    others = [f"r{number}@d{number}.org" for number in range(40)]
    run = begun(database, [*people(gmail=3), *others], settings)
    began = time.monotonic()
    with listening(relay):
        done = sent_by(books_over(relay.url(), database, settings), run)
    took = time.monotonic() - began

    assert (None, [], 43) == (done.fault, relay.taken, done.balance.unfinished)
    assert took < 80


def test_a_limit_is_that_of_all_groups_together(database: Database) -> None:
    settings, relay = settings_with(QUICK, FREE), Relay()
    run = begun(database, people(icloud=20, gmx=20, x=20), settings)
    with listening(relay):
        done = sent_by(books_over(relay.url(), database, settings), run, Terms(limit=30))

    assert len(relay.taken) == done.balance[DeliveryState.ACCEPTED] == 30


def test_a_cap_is_shared_by_how_many_each_group_has_and_the_run_rests(database: Database) -> None:
    settings, relay = settings_with(QUICK, FREE), Relay()
    run = begun(database, people(icloud=10, gmx=20, x=30), settings)
    with listening(relay):
        books = books_over(relay.url(), database, settings, per_day=30)
        done = sent_by(books, run)
        rest = rest_of(run, books, books.publication.open_transport())

    domains = ("icloud.com", "gmx.net", "x.org")
    assert [5, 10, 15] == [len(places(relay.taken, each)) for each in domains]
    assert (None, 30) == (done.fault, done.balance.unfinished)
    assert rest is not None
    assert "30 a day" in rest.why


def test_a_group_in_the_hands_of_another_is_left_to_it_and_the_others_go_out(
    database: Database,
) -> None:
    settings, relay = settings_with(QUICK, FREE), Relay()
    run = begun(database, people(icloud=4, gmx=10, x=10), settings)
    lease = timedelta(minutes=5)
    theirs = database.journal.claim(
        run.id, "another", datetime.now(UTC), lease, 2, part=Part(group="icloud")
    )
    with listening(relay):
        done = sent_by(books_over(relay.url(), database, settings), run)

    assert 2 == len(theirs)
    assert done.fault is None
    assert sorted(people(gmx=10, x=10)) == sorted(relay.taken)
    assert (2, 2) == (done.balance[DeliveryState.CLAIMED], done.balance[DeliveryState.PLANNED])


def test_several_relays_carry_all_groups_and_each_receiver_keeps_its_pace(
    database: Database,
) -> None:
    slow = replace(SLOW, rate=10.0)
    settings, one, two = settings_with(slow, QUICK), Relay(), Relay()
    audience = people(gmail=8, icloud=30, x=40)
    run = begun(database, audience, settings)
    with listening(one, two):
        url = f"roundrobin({one.url()} {two.url()})"
        done = sent_by(books_over(url, database, settings), run)

    assert done.fault is None
    assert sorted(audience) == sorted([*one.taken, *two.taken])
    assert min(len(one.taken), len(two.taken)) >= 20, "dealt out evenly, as it is a small run"
    assert max(one.most_at_once, two.most_at_once) <= 2
