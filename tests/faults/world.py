"""Plays one cell: a real journal, the real sender and transport, and the scripted relay."""

import asyncio
import datetime as dt
import shutil
import ssl
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from newsletter.addresses import AddrSpec
from newsletter.books import Delivery, DeliveryState, NewRun, Run
from newsletter.delivery import (
    JournalWriter,
    Order,
    RetryTable,
    RunSender,
    Throttle,
    envelopes_from,
)
from newsletter.errors import NewsletterError, TransportError
from newsletter.message import UnsignedMessage
from newsletter.store import Database, open_database
from newsletter.subscribers import AudienceMember
from newsletter.transports import parse_transport_url
from newsletter.transports.smtp import SmtpTransport
from tests.faults.cells import AUDIENCE, Cell
from tests.faults.hurry import HurriedLoop
from tests.faults.peer import Answer, Peer
from tests.faults.script import Fault, Stage
from tests.pace import patience

DEADLINE, LONGEST = min(patience(20.0), 150.0), 600.0
"""The deadlines of the client in a cell, in seconds: of the reply that does not come, and of any
other. Both are so long that a busy machine is not taken for a silent relay; the first one passes
as the loop's time is put forward, while the relay keeps its client waiting. No URL takes a longer
one than the second.
"""

HANDSHAKE = 40.0
"""A deadline for TLS, which Python gives up by itself after 60 seconds."""

STEPS = 8
"""In so many the deadline passes, so that one that began again with each octet would not."""

_ENVELOPE = ("mail", "rcpt", "data")
_DEADLINES = {
    **dict.fromkeys((Stage.MAIL, Stage.RCPT, Stage.DATA, Stage.RSET, Stage.IDLE), _ENVELOPE),
    Stage.BODY: ("block",),
    Stage.FINAL_DOT: ("dot",),
}
"""What a reply of the stage is waited for by; any other by the one that has no name.

Replies to an envelope may come joined, so that the first of them is waited for where the last one
does not come; and a relay that fell silent between two messages is met at the next MAIL.
"""

NOW = dt.datetime(2026, 11, 27, 7, 0, tzinfo=dt.UTC)
LARGE = 8_000_000
"""Octets that no kernel's buffers swallow, so that a fault in the body meets a client writing."""

_ENCRYPTED = {
    Stage.EHLO,
    Stage.STARTTLS,
    Stage.TLS_HANDSHAKE,
    Stage.EHLO_AFTER_TLS,
    Stage.AUTH,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Result:
    """What became of a cell. `wrong` is empty where it is as it must be."""

    first: Mapping[str, int]
    stopped: str
    ends: Mapping[str, int]
    wrong: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Ground:
    """What all cells stand on: a migrated database to copy, and a relay's certificates."""

    template: Path
    folder: Path
    authority: Path
    certificates: Mapping[Fault | None, ssl.SSLContext]


def play(cell: Cell, ground: Ground, number: int, *, joined: bool = False) -> Result:
    """The run over the faulty relay, then once more over the sound one; and the comparison."""
    loop = HurriedLoop()
    with asyncio.Runner(loop_factory=lambda: loop) as runner:
        return runner.run(_play(cell, ground, number, loop, joined=joined))


async def _play(
    cell: Cell, ground: Ground, number: int, loop: HurriedLoop, *, joined: bool
) -> Result:
    path = ground.folder / f"{number}.db"
    await asyncio.to_thread(shutil.copy, ground.template, path)
    stage = cell.script.stage
    refuses = frozenset({"r0@example.com"}) if stage is Stage.RSET else frozenset()
    certificates = ground.certificates if stage in _ENCRYPTED else {}
    database = await asyncio.to_thread(open_database, f"sqlite:///{path}")
    try:
        run = await asyncio.to_thread(_open_run, database)
        async with Peer(
            script=cell.script,
            certificates=certificates,
            refuses=refuses,
            joined=joined,
            keeps_waiting=lambda: loop.put_forward(_deadline(cell) / STEPS),
        ) as peer:
            url = _url(cell, peer, ground)
            stopped = await _send(cell, database, run, url, retry_now=False)
            first = _states(database, run)
            in_doubt = _keys(database, run, DeliveryState.IN_DOUBT)
            waited, peer.script = loop.put_forward_by, None
            again = await _send(cell, database, run, url, retry_now=True)
        ends = _states(database, run)
        wrong = [
            *_differences(cell, first, stopped, ends, again, peer.played),
            *(
                ["it was not the deadline of that stage that passed"]
                if waited >= peer.played * LONGEST
                else []
            ),
            *_faults(database, run, peer, cell, in_doubt),
        ]
    finally:
        await asyncio.to_thread(database.close)
    return Result(first=first, stopped=stopped, ends=ends, wrong=tuple(wrong))


def _open_run(database: Database) -> Run:
    audience = (
        AudienceMember(subscriber_id=None, address=AddrSpec(f"r{n}", "example.com"))
        for n in range(AUDIENCE)
    )
    return database.runs.open(
        NewRun(issue="issue", digest="digest", subject="Subject", message_date=NOW),
        audience,
        NOW,
        by="ada",
    )


def _url(cell: Cell, peer: Peer, ground: Ground) -> str:
    options = f"connections=1{_timeouts(cell)}"
    if cell.when == "at the second connection":
        options += "&messages=2"
    if cell.script.stage is Stage.IDLE:
        options += "&rate=4/s"
    if peer.certificates:
        return f"smtp://ada:secret@localhost:{peer.port}?ca={ground.authority}&{options}"
    return f"smtp://127.0.0.1:{peer.port}?tls=none&{options}"


def _timeouts(cell: Cell) -> str:
    seconds = dict.fromkeys(("", *_ENVELOPE, "block", "dot"), LONGEST)
    if cell.script.fault in (Fault.SILENCE, Fault.DRIP):
        seconds |= dict.fromkeys(_DEADLINES.get(cell.script.stage, ("",)), _deadline(cell))
    return "".join(
        f"&timeout{f'.{name}' if name else ''}={each:g}" for name, each in seconds.items()
    )


def _deadline(cell: Cell) -> float:
    return HANDSHAKE if cell.script.stage is Stage.TLS_HANDSHAKE else DEADLINE


def content_for(recipient: str, cell: Cell | None = None) -> bytes:
    """Nobody else's, with lines that a careless hand would take for the end."""
    whole = f"To: {recipient}\r\nSubject: x\r\n\r\n.\r\n..\r\nfor {recipient}\r\n.\r\n".encode()
    if (
        cell is not None
        and cell.script.stage is Stage.BODY
        and (cell.when == "always" or recipient.startswith("r0@"))
    ):
        whole += (b"x" * 70 + b"\r\n") * (LARGE // 72)
    return whole


async def _send(cell: Cell, database: Database, run: Run, url: str, *, retry_now: bool) -> str:
    """Send what is due; what stopped it, or nothing."""

    def compose(delivery: Delivery) -> UnsignedMessage:
        return UnsignedMessage(content_for(str(delivery.recipient), cell))

    transport = SmtpTransport(parse_transport_url(url))
    order = Order(
        run=run,
        owner="one",
        by="ada",
        lease=dt.timedelta(minutes=10),
        envelope=envelopes_from(AddrSpec("bounces", "example.com")),
        compose=compose,
        retry=RetryTable([dt.timedelta(minutes=5), dt.timedelta(hours=1)]),
        throttle=Throttle(transport.rate),
        retry_now=retry_now,
    )
    try:
        async with JournalWriter(database.journal, lambda: NOW) as journal, transport:
            await RunSender(
                order, database.runs, journal, transport, lambda: NOW, lambda state: None
            ).send()
    except TransportError as error:
        return f"{type(error).__name__}: {error}"
    except NewsletterError as error:
        return f"UNEXPECTED {type(error).__name__}: {error}"
    return ""


def _states(database: Database, run: Run) -> dict[str, int]:
    counts = database.runs.balance(run.id).counts
    return {state.value: counts[state] for state in DeliveryState if counts.get(state)}


def _keys(database: Database, run: Run, state: DeliveryState) -> set[str]:
    return {str(each.recipient) for each in database.audiences.failures(run.issue, [state])}


def _differences(
    cell: Cell,
    first: Mapping[str, int],
    stopped: str,
    ends: Mapping[str, int],
    again: str,
    played: int,
) -> list[str]:
    found = []
    if not played:
        found.append("the fault was never played")
    if bool(stopped) != cell.stops or stopped.startswith("UNEXPECTED"):
        found.append(f"the run should {'' if cell.stops else 'not '}stop: {stopped!r}")
    if dict(cell.first) != first:
        found.append(f"the books: expected {dict(cell.first)}, got {first}")
    if dict(cell.ends) != ends:
        found.append(f"the books at the end: expected {dict(cell.ends)}, got {ends}")
    if again:
        found.append(f"the second run stopped: {again!r}")
    return found


def _faults(database: Database, run: Run, peer: Peer, cell: Cell, in_doubt: set[str]) -> list[str]:
    """What the relay's log says against the journal, whatever was expected."""
    found = []
    balance = database.runs.balance(run.id)
    if not balance.balanced:
        found.append("the books do not balance")
    perhaps = Counter(each.recipient for each in peer.log if each.answer is not Answer.REFUSED)
    found += [f"doubled: {who} {count} times" for who, count in perhaps.items() if count > 1]
    accepted = {each.recipient for each in peer.log if each.answer is Answer.ACCEPTED}
    settled = _keys(database, run, DeliveryState.REFUSED) | _keys(
        database, run, DeliveryState.IN_DOUBT
    )
    everyone = {f"r{n}@example.com" for n in range(AUDIENCE)}
    found += [f"lost: {who}" for who in sorted(everyone - settled - accepted)]
    found += [f"in doubt without a dot: {who}" for who in sorted(in_doubt - set(perhaps))]
    found += [
        f"not the bytes that were composed for {each.recipient}"
        for each in peer.log
        if each.content != content_for(each.recipient, cell)
    ]
    return found
