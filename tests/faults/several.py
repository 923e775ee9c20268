"""Two relays side by side, of which one goes wrong: what becomes of its share, and of the books.

A cell is played over real sockets, a real journal and the real crew of senders. The other relay is
sound; where `both` go wrong, a sound second send shows that nobody was marked.
"""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from newsletter.addresses import AddrSpec
from newsletter.books import Run
from newsletter.delivery import (
    Crew,
    JournalWriter,
    Mate,
    Order,
    RetryTable,
    Throttle,
    envelopes_from,
)
from newsletter.errors import TransportError
from newsletter.message import UnsignedMessage
from newsletter.store import Database, open_database
from newsletter.transports import carriers, open_transport
from tests.faults.moods import NOW, SOUND, after, at_recipient, open_run
from tests.faults.peer import Answer, Peer, Says
from tests.faults.script import Fault, Script, Stage, always

PEOPLE = 60
SHORT = 0.3
"""Seconds of patience with a relay that says nothing."""

AGAINST_US = "554 5.7.1 you are blocked, {n}"
UNNOTICED = ((Stage.MAIL, Fault.TRANSIENT), (Stage.DATA, Fault.PERMANENT))
NOT_NOW = "451 4.7.1 try again later, {n}"


@dataclass(frozen=True, kw_only=True, slots=True)
class SeveralCell:
    """`doubts` is how many may be in doubt at the most; everybody else has it after the first send.

    Where `both` go wrong, everybody is as before, but for those whom the relays took. Where it is
    not `noticed`, for a healthy list may hear the same for a while, nobody is marked, and those who
    heard it are tried again.
    """

    name: str
    relay: Callable[[], Says] = lambda: SOUND
    script: Script | None = None
    both: bool = False
    noticed: bool = True
    doubts: int = 0


def _against() -> Iterator[SeveralCell]:
    for said in (AGAINST_US, NOT_NOW):
        for count in (0, 5):
            for where, relay in (("", after), (" at RCPT", at_recipient)):
                words = said.replace(", {n}", "")
                yield SeveralCell(
                    name=f"takes {count}, then says to everybody{where}: {words}",
                    relay=lambda relay=relay, count=count, said=said: relay(count, said)(),  # type: ignore[misc]
                )


def _broken() -> Iterator[SeveralCell]:
    """At every message, or at every connection."""
    for stage, faults in {
        Stage.BANNER: (Fault.FIN, Fault.SILENCE, Fault.PERMANENT, Fault.UNAVAILABLE),
        Stage.EHLO: (Fault.RST, Fault.GARBAGE),
        Stage.MAIL: (Fault.FIN, Fault.PERMANENT, Fault.TRANSIENT),
        Stage.RCPT: (Fault.FIN, Fault.SILENCE),
        Stage.DATA: (Fault.FIN, Fault.PERMANENT),
    }.items():
        for fault in faults:
            yield SeveralCell(
                name=f"{fault.value} at {stage.value}, always",
                script=Script(stage=stage, fault=fault, plays=always),
                noticed=(stage, fault) not in UNNOTICED,
            )
    for fault in (Fault.FIN, Fault.SILENCE, Fault.GARBAGE):
        yield SeveralCell(
            name=f"{fault.value} at the final dot, always",
            script=Script(stage=Stage.FINAL_DOT, fault=fault, plays=always),
            doubts=3,
        )


SEVERAL = (
    *_against(),
    *_broken(),
    SeveralCell(
        name="says to everybody, as the other does: 554 5.7.1 you are blocked",
        relay=lambda: after(0, AGAINST_US)(),
        both=True,
    ),
    SeveralCell(
        name="closes the connection at banner, always, as the other does",
        script=Script(stage=Stage.BANNER, fault=Fault.FIN, plays=always),
        both=True,
    ),
)


async def play(cell: SeveralCell, path: Path) -> list[str]:
    """Everything that is not as the cell has it; the second send is over two sound relays."""
    with open_database(f"sqlite:///{path}") as database:
        run = open_run(database, PEOPLE)
        async with Peer(says=cell.relay(), script=cell.script) as bad, Peer() as other:
            if cell.both:
                other.says, other.script = cell.relay(), cell.script
            url = f"roundrobin({_url(bad)} {_url(other)})"
            stopped = await _send(database, run, url)
            first = _books(database, run)
            bad.says = other.says = SOUND
            bad.script = other.script = None
            again = await _send(database, run, url)
            ends = _books(database, run)
            had = Counter(
                each.recipient
                for peer in (bad, other)
                for each in peer.log
                if each.answer is not Answer.REFUSED
            )
    return list(_differences(cell, first, stopped, ends, again, had))


def _url(peer: Peer) -> str:
    seconds = {"": 30.0, "mail": 30.0, "rcpt": 30.0, "data": 30.0, "dot": 30.0}
    if peer.script is not None and peer.script.fault is Fault.SILENCE:
        key = {Stage.RCPT: "rcpt", Stage.FINAL_DOT: "dot"}.get(peer.script.stage, "")
        seconds[key] = SHORT
    waits = "".join(
        f"&timeout{f'.{name}' if name else ''}={each:g}" for name, each in seconds.items()
    )
    return f"smtp://127.0.0.1:{peer.port}?tls=none&connections=1{waits}"


async def _send(database: Database, run: Run, url: str) -> str:
    """Send what is due over both; what stopped it, or nothing."""
    transport = open_transport(url, clock=lambda: NOW)
    order = Order(
        run=run,
        owner="one",
        by="ada",
        lease=dt.timedelta(minutes=10),
        envelope=envelopes_from(AddrSpec("bounces", "example.com")),
        compose=lambda delivery: UnsignedMessage(b"Subject: x\r\n\r\nHello.\r\n"),
        retry=RetryTable([dt.timedelta(minutes=5), dt.timedelta(hours=1)]),
        retry_now=True,
    )
    mates = [
        Mate(transport=each.transport, order=replace(order, throttle=Throttle(each.transport.rate)))
        for each in carriers(transport)
    ]
    try:
        async with JournalWriter(database.journal, lambda: NOW) as journal, transport:
            crew = Crew(
                mates=mates,
                runs=database.runs,
                journal=journal,
                clock=lambda: NOW,
                on_outcome=lambda state: None,
            )
            await crew.send()
    except TransportError as error:
        return str(error)
    return ""


def _books(database: Database, run: Run) -> dict[str, int]:
    counts = database.runs.balance(run.id).counts
    return {state.value: count for state, count in counts.items() if count}


def _differences(
    cell: SeveralCell,
    first: dict[str, int],
    stopped: str,
    ends: dict[str, int],
    again: str,
    had: Counter[str],
) -> Iterator[str]:
    doubts = first.get("in_doubt", 0)
    if cell.both and (not stopped or {"refused", "failed", "in_doubt"} & set(first)):
        yield f"both are against us, and nobody is marked: {first}, stopped: {stopped!r}"
    settled = first.get("accepted", 0) + doubts
    if not cell.noticed:
        settled += first.get("deferred", 0)
    if not cell.both and (stopped or settled != PEOPLE):
        yield f"the other has the rest: {first}, stopped: {stopped!r}"
    if doubts > cell.doubts:
        yield f"{doubts} in doubt, at most {cell.doubts}"
    if again or PEOPLE != ends.get("accepted", 0) + doubts:
        yield f"the books at the end: {ends}, stopped: {again!r}"
    doubled = sorted(who for who, count in had.items() if count > 1)
    if doubled:
        yield f"doubled: {doubled}"
    if len(had) < ends.get("accepted", 0):
        yield f"lost: {ends}, and only {len(had)} had it"
