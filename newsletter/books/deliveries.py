"""What the journal hands out and takes in: runs, deliveries, attempts, outcomes, the balance.

Records only. A `Delivery` is also the claim on it: it carries the epoch under which its shard was
taken, which is what every later write is held to.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from newsletter.addresses import AddrSpec
from newsletter.books.states import OUTCOMES, DeliveryState


@dataclass(frozen=True, kw_only=True, slots=True)
class Resolution:
    """What somebody, or the policy, or a relay's log said of a delivery in doubt.

    `state` is what it became: accepted, planned, or cancelled in a cancelled run.
    """

    recipient: AddrSpec
    state: DeliveryState
    reason: str
    resolved_by: str
    resolved_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Refused:
    """Whom of those refused somebody means: one, a domain's, or whoever heard these words.

    What is "" leaves nobody out. `reply` is looked for in reply code, enhanced code and text, in
    any case of letters.
    """

    recipient_key: str = ""
    domain: str = ""
    reply: str = ""


class Delivery(NamedTuple):
    """A claimed delivery. `attempts` counts those before this claim that were held against the
    recipient; `fields` is merged in.
    """

    id: int
    run_id: int
    shard_id: int
    epoch: int
    issue: str
    recipient: AddrSpec
    recipient_key: str
    fields: Mapping[str, str]
    subscriber_id: int | None
    attempts: int


class SentDelivery(NamedTuple):
    """A delivery that may be in somebody's mailbox, or come back: accepted, or in doubt.

    `accepted_at` is when the relay took it, or since when nobody knows.
    """

    id: int
    run_id: int
    issue: str
    recipient_key: str
    state: DeliveryState
    accepted_at: datetime


class Attempt(NamedTuple):
    """One try that reached a server: when, how far, and what the server said.

    `stage` is where the reply was given ("mail", "rcpt", "data", "final-dot"), `transport` the
    transport's name with its password masked.
    """

    started_at: datetime
    ended_at: datetime
    stage: str
    code: int | None
    enhanced_code: str
    text: str
    transport: str


class LastReply(NamedTuple):
    """A reply that was heard of a run, and its delivery as it stands now."""

    delivery: Delivery
    state: DeliveryState
    number: int
    attempt: Attempt


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """What became of a claimed delivery.

    `attempt` is None where no server was asked. `reason` is ours (why it failed, why it was given
    back). `next_attempt_at` belongs to deferred, and to nothing else. Where the attempt is not
    held against the recipient, or not yet, `counts` is False: it is in the books all the same.
    """

    delivery: Delivery
    state: DeliveryState
    attempt: Attempt | None = None
    next_attempt_at: datetime | None = None
    reason: str = ""
    counts: bool = True

    def __post_init__(self) -> None:
        if self.state not in OUTCOMES:
            raise ValueError(f"{self.state} is not the outcome of an attempt")
        if (self.state is DeliveryState.DEFERRED) != (self.next_attempt_at is not None):
            raise ValueError("a deferred delivery has a next attempt, and no other has")


@dataclass(frozen=True, kw_only=True, slots=True)
class Decision:
    """What is made of a deferral that was written down before it was judged: `held`.

    Refused, deferred until `next_attempt_at`, or planned. `counts` holds the attempt against the
    recipient.
    """

    held: Outcome
    state: DeliveryState
    next_attempt_at: datetime | None = None
    reason: str = ""
    counts: bool = True

    @property
    def attempts(self) -> int:
        """Held against the recipient by now."""
        return self.held.delivery.attempts + self.counts


@dataclass(frozen=True, kw_only=True, slots=True)
class Turn:
    """What a turn of the journal could not write: another has it, or it was settled before.

    `suppressed` are those whose content must not go out because their recipients have left since
    they were claimed; the journal says so now.
    """

    late: Sequence[Outcome] = ()
    refused: Sequence[Delivery] = ()
    suppressed: Sequence[Delivery] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Failure:
    """A delivery as people are shown it: who, where it stands, and why."""

    recipient: AddrSpec
    state: DeliveryState
    attempts: int
    next_attempt_at: datetime | None
    reply_code: int | None
    enhanced_code: str
    reply_text: str
    reason: str
    updated_at: datetime
