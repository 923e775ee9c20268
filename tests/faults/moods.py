"""Relays that speak to the whole list: what they say to everybody, and to one, and what follows.

A cell is played over a real socket, a real journal and the real sender, as those of `cells` are;
but with more people, more sessions, and a relay that is a small program in place of a script.
"""

import asyncio
import datetime as dt
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from newsletter.addresses import AddrSpec
from newsletter.books import Adjustment, NewRun, Run
from newsletter.delivery import (
    JournalWriter,
    Order,
    RetryTable,
    RunSender,
    Throttle,
    envelopes_from,
)
from newsletter.errors import TransportError
from newsletter.message import UnsignedMessage
from newsletter.store import Database, open_database
from newsletter.subscribers import AudienceMember
from newsletter.transports import parse_transport_url
from newsletter.transports.smtp import SmtpTransport
from tests.faults.peer import Answer, Peer, Says
from tests.faults.script import Stage

NOW = dt.datetime(2026, 11, 27, 7, 0, tzinfo=dt.UTC)
DOMAINS = 7

Books = Mapping[str, int]


def SOUND(stage: Stage, recipient: str) -> None:  # noqa: N802 - a constant relay
    """Nothing but the usual."""


@dataclass(frozen=True, kw_only=True, slots=True)
class MoodCell:
    """`first` is what the books hold after the first send; a sound relay then has the rest.

    Where `first` has but one state, it does not matter how many others are planned or deferred;
    where it has none, only that nobody is marked.
    `relay` makes what the relay says, anew for each playing, and `later` what it says to the second
    send; `ends` is what the books hold then, where somebody's address is bad. `stopped` and `told`
    are pieces of
    what the operator is told: of the fault that stopped the run ("" where none may), and of what it
    did otherwise. `logins` counts those that the relay saw before the second send.
    """

    name: str
    first: Books
    relay: Callable[[], Says] = lambda: SOUND
    later: Callable[[], Says] = lambda: SOUND
    ends: Books | None = None
    user: str = ""
    extensions: tuple[bytes, ...] = (b"PIPELINING", b"SIZE 50000000", b"8BITMIME")
    logins: int | None = None
    people: int = 24
    connections: int = 1
    limit: int | None = None
    options: str = ""
    stopped: str = ""
    told: str = ""


def after(count: int, reply: str) -> Callable[[], Says]:
    """So many are taken, then everybody hears this at the final dot; `{n}` in it is never alike."""

    def relay() -> Says:
        heard = 0

        def says(stage: Stage, recipient: str) -> bytes | None:
            nonlocal heard
            if stage is not Stage.FINAL_DOT:
                return None
            heard += 1
            return None if heard <= count else f"{reply.format(n=heard)}\r\n".encode()

        return says

    return relay


def but_for(taken: Sequence[int], reply: str) -> Callable[[], Says]:
    """Only these messages are taken, by their number from 1; all others hear this."""

    def relay() -> Says:
        heard = 0

        def says(stage: Stage, recipient: str) -> bytes | None:
            nonlocal heard
            if stage is not Stage.FINAL_DOT:
                return None
            heard += 1
            return None if heard in taken else f"{reply.format(n=heard)}\r\n".encode()

        return says

    return relay


def at_recipient(count: int, reply: str) -> Callable[[], Says]:
    """The same at RCPT."""

    def relay() -> Says:
        heard = 0

        def says(stage: Stage, recipient: str) -> bytes | None:
            nonlocal heard
            heard += stage is Stage.RCPT
            is_said = stage is Stage.RCPT and heard > count
            return f"{reply.format(n=heard)}\r\n".encode() if is_said else None

        return says

    return relay


AGAINST_US = (
    "554 5.2.252 SendAsDenied; not allowed to send as friday@example.com [Hostname=X{n}]",
    "550 5.1.8 Access denied, bad outbound sender AS({n})",
    "550 5.7.1 Our system has detected that this message is unsolicited. {n}si",
    "550 Administrative prohibition, id={n}",
    "554 5.0.0 Transaction failed",
)
CAPPED = (
    "550 5.4.5 Daily user sending limit exceeded. id{n} - gsmtp",
    "550 5.1.90 Your message can't be sent because you've reached your daily limit; {n}",
    "552 5.7.0 Sending quota exceeded, ref {n}",
    "454 4.7.0 Hourly limit exceeded, try again later",
)
NOT_NOW = (
    "454 Throttling failure: Maximum sending rate exceeded.",
    "452 4.3.1 Out of memory, id {n}",
    "450 4.7.1 Too many messages, slow down",
    "550 5.7.0 Requested action not taken: too many emails per second",
)


def _shown(said: str) -> str:
    return said.replace("{n}", "…")


def _count(sessions: int) -> str:
    return "one session" if sessions == 1 else f"{sessions} sessions"


def _list_wide() -> Iterator[MoodCell]:
    """Nobody is marked, whatever the code, and the same command sends to everybody."""
    for said in AGAINST_US:
        for where, relay in (("", after), (", at RCPT", at_recipient)):
            yield MoodCell(
                name=f"takes 2, then says to everybody{where}: {_shown(said)}",
                relay=relay(2, said),
                people=40,
                first={"accepted": 2, "planned": 38},
                stopped=said.partition("{")[0].partition(" ")[2].partition(" ")[2][:12],
            )
    for said in ("554 5.0.0 Transaction failed", "550 {n} rejected", "554 delivery error: {n}"):
        yield MoodCell(
            name=f"takes 2, refuses 2, takes one, then says to everybody: {_shown(said)}",
            relay=but_for((1, 2, 5), said),
            people=40,
            first={"accepted": 3, "planned": 37},
            stopped="one recipient after another was refused",
        )
    for said in (*CAPPED, *NOT_NOW):
        yield MoodCell(
            name=f"takes 2, then says to everybody: {_shown(said)}",
            relay=after(2, said),
            people=40,
            first={"accepted": 2},
        )


def over(recipients: Sequence[str], stage: Stage, reply: str) -> Callable[[], Says]:
    """Whenever it hears of these recipients it says so, at that stage; a 421 ends the session."""

    def relay() -> Says:
        return lambda at, recipient: (
            f"{reply}\r\n".encode()
            if at is stage and recipient.partition("@")[0] in recipients
            else None
        )

    return relay


def _poisonous() -> Iterator[MoodCell]:
    """One recipient never stops the run, nor do two, wherever they stand in it."""
    said = "421 4.3.0 Recipient not in route list"
    for stage in (Stage.RCPT, Stage.DATA):
        for who in (("r0",), ("r5",), ("r5", "r6"), ("r23",)):
            for connections in (1, 3):
                yield MoodCell(
                    name=f"says 421 at {stage.value} over {' and '.join(who)}"
                    f", in {_count(connections)}",
                    relay=over(who, stage, said),
                    connections=connections,
                    first={"accepted": 24 - len(who), "deferred": len(who)},
                )


def too_fast(count: int, reply: str) -> Callable[[], Says]:
    """So many messages are taken in half a second; whoever is one too many hears this."""

    def relay() -> Says:
        taken: list[float] = []

        def says(stage: Stage, recipient: str) -> bytes | None:
            if stage is not Stage.FINAL_DOT:
                return None
            now = time.monotonic()
            taken[:] = [each for each in taken if now - each < 0.5]
            if len(taken) >= count:
                return f"{reply}\r\n".encode()
            taken.append(now)
            return None

        return says

    return relay


TOO_FAST = (
    "550 5.7.0 Requested action not taken: too many emails per second",
    "454 Throttling failure: Maximum sending rate exceeded.",
    "451 4.7.1 You are sending too fast, slow down",
)


def _too_fast() -> Iterator[MoodCell]:
    """Some are taken, some are told that we are too fast: the pace falls, and nobody is marked."""
    for said in TOO_FAST:
        for connections in (1, 4):
            yield MoodCell(
                name=f"takes 4 in half a second, of {_count(connections)}, and else says: {said}",
                relay=too_fast(4, said),
                people=40,
                connections=connections,
                first={},
                told=said.partition(" ")[2][:20],
            )


def _with_bad_addresses() -> Iterator[MoodCell]:
    """Those who are first in line when the relay is asked again may have bad addresses."""
    for said in (AGAINST_US[0], AGAINST_US[3], CAPPED[0]):
        bad = tuple(f"r{number}" for number in range(2, 6))
        yield MoodCell(
            name=f"the same, then well, and does not know the next in line: {_shown(said)}",
            relay=after(2, said),
            people=40,
            first={"accepted": 2, "planned": 38} if said in AGAINST_US else {"accepted": 2},
            stopped=said.partition("{")[0].partition(" ")[2].partition(" ")[2][:12]
            if said in AGAINST_US
            else "",
            later=over(bad, Stage.RCPT, "550 5.1.1 no such user"),
            ends={"accepted": 36, "deferred": 4},
        )


def _kinds() -> Iterator[MoodCell]:
    """Relays with ways of their own."""
    asks = (b"PIPELINING", b"8BITMIME", b"AUTH LOGIN")
    yield MoodCell(
        name="asks for the user name after AUTH LOGIN",
        user="ada:secret@",
        extensions=asks,
        first={"accepted": 24},
        logins=1,
    )
    yield MoodCell(
        name="refuses the password of four sessions: one asks",
        user="ada:wrong@",
        extensions=asks,
        relay=lambda: (
            lambda stage, recipient: (
                b"535 5.7.8 authentication failed\r\n" if stage is Stage.AUTH else None
            )
        ),
        connections=4,
        first={"planned": 24},
        stopped="authentication failed",
        logins=1,
    )
    for code in (500, 502, 504):
        yield MoodCell(
            name=f"does not know EHLO: {code}",
            relay=lambda code=code: (
                lambda stage, recipient: (  # type: ignore[misc]
                    b"%d what?\r\n" % code if stage is Stage.EHLO else None
                )
            ),
            first={"accepted": 24},
        )


def _cells() -> tuple[MoodCell, ...]:
    return (
        *_kinds(),
        *_too_fast(),
        *_with_bad_addresses(),
        *_poisonous(),
        *_list_wide(),
        MoodCell(
            name="takes two connections at most, and logging in takes a while",
            connections=4,
            limit=2,
            first={"accepted": 24},
            told="421 4.3.2 Too many",
        ),
        MoodCell(
            name="takes one connection at most, and two messages in each",
            connections=4,
            limit=1,
            options="&messages=2",
            first={"accepted": 24},
            told="421 4.3.2 Too many",
        ),
    )


MOODS = _cells()


@dataclass
class Sent:
    stopped: str = ""
    adjustments: list[Adjustment] = field(default_factory=list)
    books: Books = field(default_factory=dict)


async def play(cell: MoodCell, path: Path) -> list[str]:
    """Everything that is not as the cell has it; the second send is over a sound relay."""
    with open_database(f"sqlite:///{path}") as database:
        run = open_run(database, cell.people)
        async with Peer(
            says=cell.relay(), limit=cell.limit, login_seconds=0.05, extensions=cell.extensions
        ) as peer:
            place = f"{cell.user}127.0.0.1:{peer.port}"
            url = f"smtp://{place}?tls=none&connections={cell.connections}"
            first = await send(database, run, url + cell.options)
            logins = peer.occurrences[Stage.AUTH]
            peer.says, peer.limit = cell.later(), None
            ends = await send(database, run, url, retry_now=True)
    told = " ".join(each.said for each in first.adjustments)
    wrong = [f"doubled: {who}" for who, count in _had_it(peer).items() if count > 1]
    left_out = {"planned", "deferred"} - set(cell.first) if len(cell.first) == 1 else set()
    books = {state: count for state, count in first.books.items() if state not in left_out}
    if books != cell.first and (cell.first or "refused" in books):
        wrong.append(f"the books: expected {cell.first}, got {first.books}")
    if cell.stopped not in first.stopped or bool(cell.stopped) != bool(first.stopped):
        wrong.append(f"expected to stop for {cell.stopped!r}: {first.stopped!r}")
    if cell.told not in told:
        wrong.append(f"expected to be told {cell.told!r}: {told!r}")
    if cell.logins not in (None, logins):
        wrong.append(f"expected {cell.logins} logins: {logins}")
    if (cell.ends or {"accepted": cell.people}) != ends.books:
        wrong.append(f"the books at the end: {ends.books}, stopped: {ends.stopped!r}")
    return wrong


def open_run(database: Database, people: int) -> Run:
    audience = (
        AudienceMember(subscriber_id=None, address=AddrSpec(f"r{n}", f"example{n % DOMAINS}.com"))
        for n in range(people)
    )
    new = NewRun(issue="issue", digest="digest", subject="Subject", message_date=NOW)
    return database.runs.open(new, audience, NOW, by="ada")


async def send(database: Database, run: Run, url: str, *, retry_now: bool = False) -> Sent:
    sent = Sent()
    transport = SmtpTransport(parse_transport_url(url))
    order = Order(
        run=run,
        owner="one",
        by="ada",
        lease=dt.timedelta(minutes=10),
        envelope=envelopes_from(AddrSpec("bounces", "example.com")),
        compose=lambda delivery: UnsignedMessage(b"Subject: x\r\n\r\nHello.\r\n"),
        retry=RetryTable([dt.timedelta(minutes=5), dt.timedelta(hours=1)]),
        throttle=Throttle(transport.rate),
        retry_now=retry_now,
        patience=(0.01, 0.02),
    )
    async with JournalWriter(database.journal, lambda: NOW) as journal, transport:
        sender = RunSender(
            order,
            database.runs,
            journal,
            transport,
            lambda: NOW,
            lambda state: None,
            on_adjusted=sent.adjustments.append,
        )
        try:
            await sender.send()
        except TransportError as error:
            sent.stopped = str(error)
    balance = await asyncio.to_thread(database.runs.balance, run.id)
    sent.books = {state.value: count for state, count in balance.counts.items() if count}
    return sent


def _had_it(peer: Peer) -> Counter[str]:
    return Counter(each.recipient for each in peer.log if each.answer is not Answer.REFUSED)
