"""The fault matrix as data: each cell is a stage, a fault, and what must come of the run.

Four recipients, one session. The relay plays its fault, and the run goes as far as it can; then
the same command is given again and the relay is sound. `first` says what the books must hold in
between, `ends` what they must hold at last; what is not named is zero.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from tests.faults.script import BAD_CERTIFICATES, Fault, Script, Stage, always, second

AUDIENCE = 4

Books = Mapping[str, int]

ALL_ACCEPTED: Books = {"accepted": AUDIENCE}
NOBODY_MARKED: Books = {"planned": AUDIENCE}


@dataclass(frozen=True, kw_only=True, slots=True)
class Cell:
    """`stops` says whether the run must end with a fault of ours (G9), told to the operator."""

    script: Script
    when: str
    first: Books
    stops: bool = False

    @property
    def ends(self) -> Books:
        """Who is refused or in doubt stays so; all others have the message."""
        settled = {state: self.first.get(state, 0) for state in ("in_doubt", "refused")}
        books = {**settled, "accepted": AUDIENCE - sum(settled.values())}
        return {state: count for state, count in books.items() if count}

    @property
    def name(self) -> str:
        return f"{self.script.stage.value}: {self.script.fault.value} ({self.when})"


def _cell(
    stage: Stage,
    fault: Fault,
    first: Books,
    *,
    stops: bool = False,
    when: str = "once",
    plays: Callable[[int], bool] = lambda occurrence: occurrence == 0,
) -> Cell:
    script = Script(stage=stage, fault=fault, plays=plays)
    return Cell(script=script, when=when, first=first, stops=stops)


# Where a relay says nothing that can be understood, or goes away.
BROKEN = (
    Fault.FIN,
    Fault.RST,
    Fault.SILENCE,
    Fault.DRIP,
    Fault.GARBAGE,
    Fault.OVERSIZED,
    Fault.ENDLESS,
    Fault.MIXED,
    Fault.WRONG,
    Fault.HALF,
)
REPLIES = (Fault.TRANSIENT, Fault.PERMANENT, Fault.UNAVAILABLE)
SPEAKING = (Stage.BANNER, Stage.EHLO, Stage.STARTTLS, Stage.EHLO_AFTER_TLS, Stage.AUTH)
HALF_DONE: Books = {"accepted": 2, "planned": 2}
"""A session ends in order after two messages, and the next cannot be had."""


def _no_session() -> Iterator[Cell]:
    """Before there is a session, every fault is ours: the run stops and marks nobody (G9)."""
    faults: dict[Stage, tuple[Fault, ...]] = {
        Stage.CONNECT: (Fault.FIN, Fault.RST, Fault.SILENCE),
        Stage.TLS_HANDSHAKE: (
            Fault.FIN,
            Fault.RST,
            Fault.SILENCE,
            Fault.DRIP,
            Fault.GARBAGE,
            *BAD_CERTIFICATES,
        ),
        **dict.fromkeys(SPEAKING, (*BROKEN, *REPLIES)),
    }
    for stage, kinds in faults.items():
        for fault in kinds:
            yield _cell(stage, fault, NOBODY_MARKED, stops=True)
            yield _cell(
                stage, fault, HALF_DONE, stops=True, when="at the second connection", plays=second
            )
    yield _cell(Stage.EHLO, Fault.LOST, NOBODY_MARKED, stops=True)  # STARTTLS is required here
    yield _cell(Stage.EHLO_AFTER_TLS, Fault.LOST, NOBODY_MARKED, stops=True)  # AUTH is gone
    # Either is right: not to believe what was injected, or to go away; nobody is marked by it.
    yield _cell(Stage.STARTTLS, Fault.INJECTED, ALL_ACCEPTED)
    for stage in SPEAKING:
        yield _cell(stage, Fault.BYTEWISE, ALL_ACCEPTED, when="always", plays=always)


LATER = "at the second message"
"""Whose MAIL, RCPT and DATA came in one packet with the final dot of the first."""


def _twice(stage: Stage, fault: Fault, first: Books) -> Iterator[Cell]:
    yield _cell(stage, fault, first)
    yield _cell(stage, fault, first, when=LATER, plays=second)


BEFORE_THE_DOT = (Stage.MAIL, Stage.RCPT, Stage.DATA)


def _before_the_dot() -> Iterator[Cell]:
    """Nobody can have the message: it is tried again on a new session, and all have it once."""
    for stage in BEFORE_THE_DOT:
        for fault in (*BROKEN, Fault.UNAVAILABLE, Fault.TWICE):
            yield from _twice(stage, fault, ALL_ACCEPTED)
            yield _cell(stage, fault, NOBODY_MARKED, stops=True, when="always", plays=always)
        yield _cell(stage, Fault.BYTEWISE, ALL_ACCEPTED, when="always", plays=always)
        yield from _twice(stage, Fault.TRANSIENT, {"deferred": 1, "accepted": 3})
    for stage in (Stage.RCPT, Stage.DATA):
        yield from _twice(stage, Fault.PERMANENT, {"refused": 1, "accepted": 3})
    for fault in (Fault.PERMANENT, Fault.POLICY):
        yield _cell(Stage.MAIL, fault, NOBODY_MARKED, stops=True)
        yield _cell(
            Stage.MAIL, fault, {"accepted": 1, "planned": 3}, stops=True, when=LATER, plays=second
        )


def _body() -> Iterator[Cell]:
    """The content is on its way and its dot is not: the same as before it."""
    for fault in (
        Fault.FIN,
        Fault.RST,
        Fault.SILENCE,
        Fault.GARBAGE,
        Fault.UNAVAILABLE,
        Fault.HALF,
    ):
        yield _cell(Stage.BODY, fault, ALL_ACCEPTED)
        yield _cell(Stage.BODY, fault, NOBODY_MARKED, stops=True, when="always", plays=always)


def _final_dot() -> Iterator[Cell]:
    """The dot is out: only a whole reply tells; where none comes, that one is in doubt (G3)."""
    for fault in BROKEN:
        yield from _twice(Stage.FINAL_DOT, fault, {"in_doubt": 1, "accepted": 3})
        # A relay that swallows every reply must not put a whole list in doubt.
        given_up: Books = {"in_doubt": 3, "planned": 1}
        yield _cell(Stage.FINAL_DOT, fault, given_up, stops=True, when="always", plays=always)
    yield from _twice(Stage.FINAL_DOT, Fault.TRANSIENT, {"deferred": 1, "accepted": 3})
    yield from _twice(Stage.FINAL_DOT, Fault.UNAVAILABLE, {"deferred": 1, "accepted": 3})
    yield from _twice(Stage.FINAL_DOT, Fault.PERMANENT, {"refused": 1, "accepted": 3})
    for fault in (Fault.TWICE, Fault.CRASHING):
        yield from _twice(Stage.FINAL_DOT, fault, ALL_ACCEPTED)
    yield _cell(Stage.FINAL_DOT, Fault.BYTEWISE, ALL_ACCEPTED, when="always", plays=always)


def _around() -> Iterator[Cell]:
    """RSET after a refused recipient, QUIT at the end, and the time between two messages."""
    refused: Books = {"refused": 1, "accepted": 3}
    for fault in (*BROKEN, *REPLIES, Fault.BYTEWISE, Fault.CRASHING):
        yield _cell(Stage.RSET, fault, refused)
    for fault in (*BROKEN, *REPLIES, Fault.BYTEWISE, Fault.TWICE):
        yield _cell(Stage.QUIT, fault, ALL_ACCEPTED)
    for fault in (Fault.FIN, Fault.RST, Fault.GARBAGE, Fault.UNAVAILABLE, Fault.HALF):
        yield _cell(Stage.IDLE, fault, ALL_ACCEPTED)


CELLS: tuple[Cell, ...] = (
    *_no_session(),
    *_before_the_dot(),
    *_body(),
    *_final_dot(),
    *_around(),
)
