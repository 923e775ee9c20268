"""Site, daemon and a send under way on one SQLite database, as real processes over real SMTP."""

import asyncio
import email
import itertools
import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field

import httpx
import pytest

from newsletter.publishing.readers import Purpose, links_of
from newsletter.settings import load_settings
from newsletter.wiring import publication_of
from tests.acceptance.publication import Publication
from tests.acceptance.schedule_world import Desk, at, needs_faketime
from tests.acceptance.site_world import Process, going, sign_up, stamp_of
from tests.pace import patience

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

NAME = "2026-11-27"
READERS = 2_000


@dataclass
class Sink:
    """A relay that takes everything, and keeps for whom, how often and under which Message-IDs."""

    port: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    ids: dict[str, set[str]] = field(default_factory=dict)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 sink ESMTP\r\n")
        recipient = ""
        while line := await reader.readline():
            word = line[:4].upper()
            if word == b"RCPT":
                recipient = line.decode().partition("<")[2].partition(">")[0]
            if word == b"EHLO":
                writer.write(b"250-sink\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 SMTPUTF8\r\n")
            elif word == b"DATA":
                writer.write(b"354 go on\r\n")
                try:
                    content = await reader.readuntil(b"\r\n.\r\n")
                except asyncio.IncompleteReadError:
                    break  # whose reader left in the middle of it: it has no final dot
                self._keep(recipient, content)
                writer.write(b"250 2.0.0 taken\r\n")
            elif word == b"QUIT":
                writer.write(b"221 bye\r\n")
                break
            else:
                writer.write(b"250 2.0.0 so be it\r\n")
        writer.close()

    def _keep(self, recipient: str, content: bytes) -> None:
        head = email.message_from_bytes(content.partition(b"\r\n\r\n")[0])
        self.ids.setdefault(recipient, set()).add(str(head["Message-ID"]))
        self.counts[recipient] += 1


@contextmanager
def open_sink() -> Iterator[Sink]:
    sink, loop, ended = Sink(), asyncio.new_event_loop(), threading.Event()

    async def listen() -> None:
        server = await asyncio.start_server(sink.serve, "127.0.0.1", 0, limit=2**20)
        sink.port = server.sockets[0].getsockname()[1]
        ended.set()
        async with server:
            await asyncio.Event().wait()

    task = loop.create_task(listen())

    def work() -> None:
        with closing(loop), suppress(asyncio.CancelledError):
            loop.run_until_complete(task)

    thread = threading.Thread(target=work)
    thread.start()
    assert ended.wait(patience(10))
    try:
        yield sink
    finally:
        loop.call_soon_threadsafe(task.cancel)
        thread.join(timeout=patience(10))


@dataclass
class Visitors:
    """People who come to the site while an issue goes out, a few at a time."""

    url: str
    leavers: Sequence[tuple[str, str]]
    taken: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)

    def come(self, number: int, end: threading.Event) -> None:
        """Sign-ups, and between them readers who press one click, perhaps before their turn."""
        with httpx.Client(base_url=self.url, timeout=patience(30)) as client:
            stamp, count = stamp_of(client.get("/subscribe").text), 0
            while not end.is_set():
                count += 1
                address = f"new{number}-{count}@example.org"
                self._note(sign_up(client, address, stamp), self.taken, address)
                leaver, path = self.leavers[number + 4 * count]
                done = client.post(path, data={"List-Unsubscribe": "One-Click"})
                self._note(done, self.left, leaver)

    def _note(self, answer: httpx.Response, whom: list[str], address: str) -> None:
        self.statuses[answer.status_code] += 1
        if answer.status_code == 200:
            whom.append(address)


def one_click_paths(publication: Publication) -> Iterator[tuple[str, str]]:
    """Readers and what they would press, from the end of the list: those whose turn comes last."""
    settings = load_settings(publication.folder, publication.environment)
    wired = publication_of(settings, word=str, warn=lambda _: None)
    with wired.reading() as books:
        links = links_of(books)
        for number in reversed(range(READERS)):
            key = f"reader{number}@example.com"
            yield key, links.path(Purpose.UNSUBSCRIBE, key)


@needs_faketime
def test_site_daemon_and_a_send_share_one_database(publication: Publication) -> None:
    with open_sink() as sink:
        relay = f"smtp://127.0.0.1:{sink.port}?tls=none&connections=4"
        publication.environment["NEWSLETTER_TRANSPORT"] = relay
        desk = Desk(publication)
        people = publication.people(READERS)
        assert 0 == publication.run("subscribers", "import", people, "--yes").status
        for section, line in (
            ("house", "memory = 0"),
            ("site.limits", "per_network_hour = 100000\noverall_hour = 1000000"),
        ):
            desk.settings(section, line)
        desk.approved()
        clock = at("2026-11-27 06:59:55")
        with (
            going(publication, "serve", "--port", "0", env=clock) as site,
            going(publication, "run", "--tick", "1", env=clock) as daemon,
        ):
            visitors = _visit(site, daemon, list(one_click_paths(publication)))
            _await(lambda: all(sink.counts[address] for address in visitors.taken))
            ended = daemon.stop(), site.stop()
        status = desk.run("status", NAME, moment="2026-11-27 08:00:00").out

    assert (0, 0) == ended
    said = "".join(site.said + daemon.said)
    assert "locked" not in said
    assert "Traceback" not in said
    assert {200} == set(visitors.statuses), visitors.statuses
    assert len(visitors.taken) > 50
    assert len(visitors.left) > 50
    assert {1} == {sink.counts[address] for address in visitors.taken}
    assert f"The books balance: {READERS:,} = {READERS:,}" in status
    _check_books(publication, sink, visitors)


def _visit(site: Process, daemon: Process, leavers: Sequence[tuple[str, str]]) -> Visitors:
    """Until the daemon has sent the issue to everybody."""
    visitors, end = Visitors(site.url, leavers), threading.Event()
    threads = [threading.Thread(target=visitors.come, args=(number, end)) for number in range(4)]
    for thread in threads:
        thread.start()
    try:
        daemon.wait_for("finished: ")
    finally:
        end.set()
        for thread in threads:
            thread.join(timeout=patience(60))
    return visitors


def _check_books(publication: Publication, sink: Sink, visitors: Visitors) -> None:
    """Each reader has the issue once, or had left before their claim; who left is off the list."""
    with closing(sqlite3.connect(publication.folder / "newsletter.db")) as books:
        states = dict(books.execute("SELECT recipient_key, state FROM deliveries"))
        held = "SELECT recipient_key, reason FROM deliveries WHERE state = 'suppressed'"
        reasons = dict(books.execute(held))
        off = "SELECT address_key FROM subscribers WHERE state = 'unsubscribed'"
        gone = {row[0] for row in books.execute(off)}
    got = {address for address in states if sink.counts[address]}

    assert READERS == len(states)
    assert len(got) < READERS
    assert {"accepted": len(got), "suppressed": READERS - len(got)} == Counter(states.values())
    assert {1} == {sink.counts[address] for address in got}
    assert {"unsubscribed"} == set(reasons.values())
    assert reasons.keys() <= set(visitors.left) == gone


def test_sign_ups_that_were_answered_outlive_a_site_that_is_killed(
    publication: Publication,
) -> None:
    """Each has its letter, or has it again under the same Message-ID."""
    with open_sink() as sink:
        publication.environment["NEWSLETTER_TRANSPORT"] = f"smtp://127.0.0.1:{sink.port}?tls=none"
        Desk(publication).settings("site.limits", "per_network_hour = 100000")
        taken: list[str] = []
        with going(publication, "serve", "--port", "0") as site:
            threads = [
                threading.Thread(target=_sign_up_until_it_dies, args=(site.url, number, taken))
                for number in range(3)
            ]
            for thread in threads:
                thread.start()
            _await(lambda: len(taken) >= 60)
            site.kill()
            for thread in threads:
                thread.join(timeout=patience(30))
        with closing(sqlite3.connect(publication.folder / "newsletter.db")) as books:
            books.execute("UPDATE letters SET due_at = 0 WHERE state = 'claimed'")
            books.commit()  # their lease, five minutes, is over
        with going(publication, "serve", "--port", "0") as site:
            assert site.url  # it is up, though nothing may be left for it to send
            _await(lambda: all(sink.counts[address] for address in taken))
            ended = site.stop()

    assert 0 == ended
    assert {1} == {len(sink.ids[address]) for address in taken}


def _sign_up_until_it_dies(url: str, number: int, taken: list[str]) -> None:
    with suppress(httpx.TransportError), httpx.Client(base_url=url) as client:
        stamp = stamp_of(client.get("/subscribe").text)
        for count in itertools.count():
            address = f"new{number}-{count}@example.org"
            if sign_up(client, address, stamp).status_code == 200:
                taken.append(address)


def _await(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + patience(60)
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)
