"""Deliveries in doubt settled: by a person's word on one or on all, or by the relay's log."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from newsletter.addresses import AddrSpec
from newsletter.books import (
    Balance,
    DeliveryEvents,
    DeliveryState,
    Failure,
    Refused,
    Run,
    RunState,
)
from newsletter.delivery import find_taken, open_relay_log
from newsletter.publishing.desk import message_id
from newsletter.publishing.publication import Books
from newsletter.subscribers import secret_of


@dataclass(frozen=True, kw_only=True, slots=True)
class Proof:
    """What a relay's log says: the line that proves each recipient's message taken, by address.

    `asked` is how many were in doubt.
    """

    asked: int
    lines: Mapping[str, str]


def in_doubt(run: Run, books: Books) -> Sequence[Failure]:
    """Less what a living sender has in hand."""
    states = {DeliveryState.IN_DOUBT}
    return list(books.database.audiences.failures(run.issue, states, now=books.now()))


def settle_one(
    run: Run, address: AddrSpec, books: Books, *, accepted: bool, reason: str
) -> Balance:
    """One recipient has it, or is sent it again. Raises StoreError where it is not in doubt."""
    books.database.doubts.resolve(
        run.issue,
        address.key,
        accepted=accepted,
        now=books.now(),
        reason=reason,
        by=books.by,
    )
    return _finished(run, books)


def settle_all(run: Run, books: Books, *, accepted: bool, reason: str) -> tuple[int, Balance]:
    """Everyone in doubt; how many were settled, for a process that sends keeps its own."""
    done = books.database.doubts.resolve_all(
        run.issue, accepted=accepted, now=books.now(), reason=reason, by=books.by
    )
    return done, _finished(run, books)


def refused(run: Run, wanted: Refused, books: Books) -> Sequence[str]:
    """The addresses of those refused whom this means."""
    return books.database.doubts.refused(run.issue, wanted)


def plan_again(run: Run, wanted: Refused, books: Books, *, reason: str) -> tuple[int, Balance]:
    """Those refused are sent to again; how many. Raises StoreError where the run was cancelled."""
    done = books.database.doubts.plan_again(
        run.issue, wanted, by=books.by, now=books.now(), reason=reason
    )
    return done, _finished(run, books)


def proof_in(log: Path, run: Run, books: Books) -> Proof:
    """Who of those in doubt has the message by the relay's log; in a paused run, of all to come.

    Raises StoreError where the log cannot be read.
    """
    key = secret_of(books.publication.secret_key(), books.salt)
    sender = books.settings.sender
    asked = {DeliveryState.IN_DOUBT}
    if run.state is RunState.PAUSED:
        asked |= DeliveryEvents.PROVE.before
    addresses = {
        message_id(key, sender, run.issue, failure.recipient.key): failure.recipient.key
        for failure in books.database.audiences.failures(run.issue, asked)
    }
    with open_relay_log(log) as lines:
        found = find_taken(lines, addresses)
    return Proof(
        asked=len(addresses), lines={addresses[each]: line for each, line in found.items()}
    )


def settle_by(proof: Proof, run: Run, books: Books) -> Balance:
    """Those whom the log proves have it."""
    reasons = {key: f"by the relay's log: {line}" for key, line in proof.lines.items()}
    books.database.doubts.resolve_all(
        run.issue, accepted=True, now=books.now(), reasons=reasons, by=books.by
    )
    return _finished(run, books)


def _finished(run: Run, books: Books) -> Balance:
    return books.database.runs.finish(run.id, books.by, books.now())
