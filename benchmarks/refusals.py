"""How often the judge of a relay's mood is wrong: thousands of simulated sends, by one command.

`python -m benchmarks.refusals [RUNS] [SEED]` plays so many sends of each kind, to healthy lists, of
which up to one in five addresses is bad, in bursts, and over relays that turn on everybody. It
prints the figures of docs/guarantee.md. Judge, settlement and retry table are the real ones; the
relay is a function, the clock is driven, and the journal is a dictionary.
"""

import asyncio
import random
import sys
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import chain
from typing import TYPE_CHECKING, Any, cast

from newsletter.addresses import AddrSpec
from newsletter.books import Attempt, Decision, Delivery, DeliveryState, LastReply, Outcome
from newsletter.delivery.memory import REMEMBERED, judge_of
from newsletter.delivery.mood import Mood
from newsletter.delivery.retry import RetryTable
from newsletter.delivery.sender import PROBES
from newsletter.delivery.settlement import Settlement
from newsletter.transports import Reply, Stage

if TYPE_CHECKING:
    from newsletter.delivery.journal_writer import JournalWriter

SEED = 15
PEOPLE = 400
SESSIONS = 4
SHARES = (0.0, 0.05, 0.10, 0.15, 0.20)
"""How many of a healthy list are bad."""

BURSTS = (1.0, 3.0, 6.0)
"""The mean length of a burst of bad addresses, one of these in each run; how long one is, is drawn
(geometrically): of 1,000 bursts of the last kind, 26 are longer than 20, and 4 longer than 30."""

OWN_WORDS = 1 / 3
"""In so many runs the relay has looked for itself, and says the same of all bad addresses."""

TABLE = RetryTable([timedelta(minutes=minutes) for minutes in (5, 15, 60, 240)])
BEGIN = datetime(2026, 11, 27, 7, 0, tzinfo=UTC)
PATIENCE = 5
_SECOND = timedelta(seconds=0.1)
"""What a message takes."""

_GREAT = ("gmail.example", "outlook.example", "yahoo.example", "icloud.example", "web.example")
_GREAT_SHARES = (35, 15, 8, 5, 4)
_SMALL = 400
"""Domains that have all the others."""

OK = (250, "2.0.0", "queued as {n}")
BAD_WORDS = (
    (550, "5.1.1", "The email account that you tried to reach does not exist. {n}si"),
    (550, "5.1.1", "<{r}>: Recipient address rejected: User unknown in virtual mailbox table"),
    (550, "", "No such user here"),
    (550, "5.2.1", "The user's account is disabled {n}"),
    (554, "5.7.1", "<{r}>: Relay access denied"),
    (550, "5.4.1", "Recipient address rejected: Access denied. {n}.prod.example"),
    (554, "", "delivery error: {n}"),
)
OWN = (
    (550, "5.1.1", "User unknown; rejecting"),
    (550, "", "Requested action not taken: mailbox unavailable"),
    (550, "5.1.1", "<{r}>: Recipient address rejected: undeliverable address"),
)
FULL = (452, "4.2.2", "The recipient's inbox is over quota {n}")
GREYLISTED = (451, "4.7.1", "Greylisting in action, please come back later")
"""What healthy relays and those behind them say of one recipient."""

TURNED = {
    "that a limit is reached": (
        (550, "5.4.5", "Daily user sending limit exceeded. {n} - gsmtp"),
        (550, "5.1.90", "Your message can't be sent: you've reached your daily limit; {n}"),
        (552, "", "Quota exceeded, ref {n}"),
        (454, "4.7.0", "Hourly limit of {n} messages exceeded"),
    ),
    "that we are too fast": (
        (550, "5.7.0", "Requested action not taken: too many emails per second"),
        (454, "", "Throttling failure: Maximum sending rate exceeded."),
        (450, "4.7.1", "Too many messages {n}, slow down"),
    ),
    "that we may not send": (
        (554, "5.2.252", "SendAsDenied; not allowed to send [Hostname=X{n}]"),
        (550, "5.1.8", "Access denied, bad outbound sender AS({n})"),
        (550, "5.7.1", "Message {n} looks like spam"),
    ),
    "no, and not why": (
        (550, "", "Administrative prohibition {n}"),
        (554, "5.0.0", "Transaction failed"),
        (554, "", "{n}"),
    ),
    "not now, and not why": (
        (452, "4.3.1", "Out of memory {n}"),
        (451, "4.3.0", "Temporary failure {n}"),
        (421, "4.7.0", "Try again later, closing connection. ({r})"),
    ),
    "that their mailbox is unknown": ((550, "5.1.1", "user unknown {n}"),),
}
"""What relays say to everybody, by what they seem to mean."""

LEAKS = (0.0, 0.02)
"""A relay that has turned may take one in fifty all the same."""

Words = tuple[int, str, str]
Relay = Callable[[int, int], Words]
"""What it says to a recipient, by number; and how many messages it has had."""


@dataclass
class Person:
    """A delivery as the journal has it; `due` is when it may be tried, None once it is settled."""

    delivery: Delivery
    state: DeliveryState = DeliveryState.PLANNED
    due: datetime | None = BEGIN


class _Done:
    """A future that is there already."""

    def cancelled(self) -> bool:
        return False

    def exception(self) -> None:
        return None

    def add_done_callback(self, call: Callable[[object], object]) -> None:
        call(self)


@dataclass
class Books:
    """In place of the journal, and of its writer."""

    people: list[Person]
    replies: deque[tuple[int, Attempt, int]] = field(
        default_factory=lambda: deque(maxlen=REMEMBERED)
    )
    numbers: Counter[int] = field(default_factory=Counter)

    def note(self, outcome: Outcome, heard: Callable[..., None]) -> None:
        self._set(outcome.delivery, outcome.state, outcome.next_attempt_at, counts=outcome.counts)
        if outcome.attempt is not None:
            self.numbers[outcome.delivery.id] += 1
            number = self.numbers[outcome.delivery.id]
            self.replies.append((outcome.delivery.id, outcome.attempt, number))
        heard(outcome.state, None)

    def ask(self, call: Callable[[Any], object]) -> _Done:
        call(self)
        return _Done()

    async def rest(self) -> None:
        return None

    def decide(self, decisions: Sequence[Decision], now: datetime) -> None:
        for each in decisions:
            due = now if each.state is DeliveryState.PLANNED else each.next_attempt_at
            self._set(each.held.delivery, each.state, due, counts=each.counts)

    def take_back(self, keys: Sequence[str], now: datetime) -> None:
        for person in self.people:
            if keys and person.delivery.recipient_key in keys:
                person.state, person.due = DeliveryState.PLANNED, now
                person.delivery = person.delivery._replace(attempts=0)

    def _set(
        self, claim: Delivery, state: DeliveryState, due: datetime | None, *, counts: bool
    ) -> None:
        person = self.people[claim.id]
        person.state, person.due = state, due
        person.delivery = claim._replace(attempts=claim.attempts + counts)

    def last_replies(self) -> Iterator[LastReply]:
        for number, attempt, nth in self.replies:
            person = self.people[number]
            yield LastReply(person.delivery, person.state, nth, attempt)


@dataclass
class Send:
    """One run, send after send, as `RunSender` and the schedule make them."""

    books: Books
    relay: Relay
    now: datetime = BEGIN
    messages: int = 0
    moods: list[Mood] = field(default_factory=list)
    noticed_at: int = 0

    async def once(self) -> None:
        """All that is due; it ends when the relay is found to refuse everybody, and stays so."""
        books = self.books
        settlement = Settlement(
            journal=cast("JournalWriter", books),
            retry=TABLE,
            judge=judge_of(books.last_replies()),
            clock=lambda: self.now,
            transport_name="smtp://relay",
            on_outcome=lambda _: None,
            on_fault=lambda _: None,
        )
        waiting = deque(each for each in books.people if each.due and each.due <= self.now)
        while waiting:
            if settlement.is_halted and not self._probe(settlement, waiting):
                break
            while waiting and not settlement.is_halted:
                self._deliver(settlement, waiting.popleft().delivery)
            for _ in range(min(SESSIONS - 1, len(waiting)) if settlement.is_halted else 0):
                self._deliver(settlement, waiting.popleft().delivery)  # under way by then
        self._turn_back(settlement)
        await settlement.close()

    def _probe(self, settlement: Settlement, waiting: deque[Person]) -> bool:
        self.moods.append(settlement.judge.mood)
        self.noticed_at = self.noticed_at or self.messages
        for _ in range(PATIENCE + 1):
            self._turn_back(settlement)
            if not self._probe_some(settlement, waiting):
                return False
            if not settlement.is_halted:
                return True
            if settlement.judge.mood is not Mood.NOT_NOW:
                return False
        return False

    def _probe_some(self, settlement: Settlement, waiting: deque[Person]) -> bool:
        settlement.is_told_again = False
        for _ in range(PROBES):
            if not waiting:
                return False
            settlement.is_probing = True
            self._deliver(settlement, waiting.popleft().delivery)
            settlement.is_probing = False
            if not settlement.is_halted or settlement.is_told_again:
                return True
        return True

    def _turn_back(self, settlement: Settlement) -> None:
        if settlement.is_halted:
            self.books.decide(settlement.turned_away(settlement.judge.words), self.now)
            self.books.take_back(settlement.taken_back(), self.now)

    def _deliver(self, settlement: Settlement, claim: Delivery) -> None:
        code, enhanced, text = self.relay(claim.id, self.messages)
        self.messages += 1
        started, self.now = self.now, self.now + _SECOND
        words = text.format(n=f"q{self.messages}x{claim.id}", r=claim.recipient)
        stage = Stage.RCPT if code >= 500 else Stage.FINAL_DOT
        reply = Reply(code=code, enhanced_code=enhanced, text=words, stage=stage)
        settlement.settle(claim, reply, started)

    async def to_the_end(self, sends: int = 12) -> None:
        """Again whenever something is due, a day after a stop."""
        for _ in range(sends):
            before = len(self.moods)
            await self.once()
            due = [each.due for each in self.books.people if each.due]
            if not due:
                return
            rest = timedelta(days=1) if len(self.moods) > before else timedelta()
            self.now = max(min(due), self.now + rest) + timedelta(minutes=5)


def audience(chance: random.Random, people: int = PEOPLE) -> Books:
    """People as lists have them: two thirds at five great providers, the rest anywhere."""
    found = []
    for number in range(people):
        if chance.random() < sum(_GREAT_SHARES) / 100:
            domain = chance.choices(_GREAT, _GREAT_SHARES)[0]
        else:
            domain = f"d{chance.randrange(_SMALL)}.example"
        found.append(Person(_delivery(number, AddrSpec(f"r{number}", domain))))
    return Books(found)


def _delivery(number: int, address: AddrSpec) -> Delivery:
    return Delivery(
        id=number,
        run_id=1,
        shard_id=1,
        epoch=1,
        issue="issue",
        recipient=address,
        recipient_key=str(address),
        fields={},
        subscriber_id=None,
        attempts=0,
    )


def bad_ones(chance: random.Random, people: int, share: float, burst: float) -> set[int]:
    """Which are bad: so many on the average, in bursts of that mean length."""
    bad: set[int] = set()
    is_bad = False
    for number in range(people):
        if is_bad:
            is_bad = chance.random() >= 1 / burst
        else:
            is_bad = share > 0 and chance.random() < share / (1 - share) / burst
        if is_bad:
            bad.add(number)
    return bad


def healthy(chance: random.Random, books: Books, bad: set[int]) -> Relay:
    """Bad ones are refused in their provider's words, one in ten of them for now; and one domain in
    ten defers everybody's first message (a greylist).
    """
    greylists = {f"d{number}.example" for number in range(0, _SMALL, 10)}
    own = chance.choice(OWN) if chance.random() < OWN_WORDS else None
    words = {number: _words_for(books.people[number].delivery, chance, own) for number in bad}
    known: set[int] = set()

    def answer(number: int, _message: int) -> Words:
        if number in words:
            return words[number]
        if books.people[number].delivery.recipient.domain in greylists and number not in known:
            known.add(number)
            return GREYLISTED
        return OK

    return answer


def _words_for(delivery: Delivery, chance: random.Random, own: Words | None) -> Words:
    if chance.random() < 0.1:
        return FULL
    return own or BAD_WORDS[sum(delivery.recipient.domain.encode()) % len(BAD_WORDS)]


def turned(well: Relay, said: Words, after: int, leak: float, seed: int) -> Relay:
    """From some message on it says this to everybody, or nearly."""
    chance = random.Random(seed)

    def answer(number: int, message: int) -> Words:
        if message < after or (leak and chance.random() < leak):
            return well(number, message)
        return said

    return answer


@dataclass
class Figures:
    """What came of many runs. People are good whose address is.

    `heard` is after how many refusals of everybody it was noticed, run by run; `marked` how many
    good people were refused for good when the relay had turned; `left_out` and `refused` how many
    of all were without the issue at the end.
    """

    runs: int = 0
    waits: int = 0
    stops: int = 0
    unnoticed: int = 0
    heard: list[int] = field(default_factory=list)
    marked: int = 0
    refused: int = 0
    left_out: int = 0


async def play_healthy(chance: random.Random, share: float, into: Figures) -> None:
    books = audience(chance)
    bad = bad_ones(chance, len(books.people), share, chance.choice(BURSTS))
    send = Send(books, healthy(chance, books, bad))
    await send.to_the_end()
    into.runs += 1
    into.waits += bool(send.moods) and Mood.AGAINST_US not in send.moods
    into.stops += Mood.AGAINST_US in send.moods
    _count_ends(books, bad, into)


async def play_turned(chance: random.Random, said: Words, leak: float, into: Figures) -> None:
    """The relay turns on us, at once or later, and is well again the next day."""
    after = chance.choice((0, 0, 1, 2, 10, chance.randrange(PEOPLE * 9 // 10)))
    books = audience(chance)
    bad = bad_ones(chance, len(books.people), 0.05, 3.0)
    well = healthy(chance, books, bad)
    send = Send(books, turned(well, said, after, leak, chance.randrange(10**9)))
    await send.once()
    into.runs += 1
    into.marked = max(into.marked, len(_in(books, DeliveryState.REFUSED) - bad))
    if send.moods:
        into.heard.append(send.noticed_at - after)
    else:
        into.unnoticed += 1
    send.relay, send.now = well, send.now + timedelta(days=1)
    await send.to_the_end()
    _count_ends(books, bad, into)


def _in(books: Books, state: DeliveryState) -> set[int]:
    return {each.delivery.id for each in books.people if each.state is state}


def _count_ends(books: Books, bad: set[int], into: Figures) -> None:
    refused = _in(books, DeliveryState.REFUSED) - bad
    into.refused += len(refused)
    accepted = _in(books, DeliveryState.ACCEPTED)
    into.left_out += len(books.people) - len(accepted | bad | refused)


def healthy_figures(runs: int, seed: int, share: float) -> Figures:
    figures, chance = Figures(), random.Random(f"{seed} healthy {share}")
    for _ in range(runs):
        asyncio.run(play_healthy(chance, share, figures))
    return figures


def turned_figures(runs: int, seed: int, kind: str, leak: float) -> Figures:
    figures, chance = Figures(), random.Random(f"{seed} {kind} {leak}")
    for _ in range(runs):
        asyncio.run(play_turned(chance, chance.choice(TURNED[kind]), leak, figures))
    return figures


def healthy_table(runs: int, seed: int) -> Iterator[str]:
    yield "| bad addresses | runs | waited wrongly | stopped wrongly | good people refused |"
    yield "|---|---|---|---|---|"
    for share in SHARES:
        found = healthy_figures(runs, seed, share)
        counts = (found.runs, found.waits, found.stops, found.refused)
        yield f"| {share:.0%} | " + " | ".join(f"{count:,}" for count in counts) + " |"


def turned_table(runs: int, seed: int) -> Iterator[str]:
    yield (
        "| the relay says to everybody | and takes | runs | not noticed | refusals until it is"
        " noticed: median, 99 of 100, most | good people marked in a run, at most"
        " | without the issue at the end |"
    )
    yield "|---|---|---|---|---|---|---|"
    for kind in TURNED:
        for leak in LEAKS:
            found = turned_figures(max(runs // 5, 1), seed, kind, leak)
            heard = sorted(found.heard)
            spread = (heard[len(heard) // 2], heard[len(heard) * 99 // 100], heard[-1])
            cells = (
                kind,
                f"{leak:.0%}" if leak else "nobody's",
                f"{found.runs:,}",
                f"{found.unnoticed:,}",
                ", ".join(map(str, spread)),
                f"{found.marked}",
                f"{found.refused + found.left_out}",
            )
            yield f"| {' | '.join(cells)} |"


def main() -> int:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else SEED
    for line in chain(healthy_table(runs, seed), [""], turned_table(runs, seed)):
        print(line, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
