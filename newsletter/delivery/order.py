"""What a sender is told: which run to send, as whom, and by which rules."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from newsletter.addresses import AddrSpec
from newsletter.books import WHOLE, Delivery, Part, Quota, Run
from newsletter.delivery.retry import RetryTable
from newsletter.delivery.throttle import Pacing, Throttle
from newsletter.message import UnsignedMessage, with_token
from newsletter.transports import Envelope


@dataclass(frozen=True, kw_only=True, slots=True)
class PacedPart:
    """A part of a run with the pace that is its own, beside that of the relay; None for none."""

    part: Part
    throttle: Throttle | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Order:
    """What to send and how. `owner` names this process, and `by` who sends, for the log.

    `envelope` addresses one delivery. `retry_now` does not wait for the table. `patience` is how
    long, in seconds, to wait for a relay that takes nobody's mail: before the first message that
    tries it, before the second, and so on. `compose` makes one
    message, on the event loop, but for its signatures: those are made in `signers` threads, and at
    once where that is 0. `throttle` is for all that share it. `limit` is how many deliveries are
    tried at most; None is all that are due. `quotas` are how much may go out in a time,
    whoever sends. `part` is how much of the run is this process's to take, and `parts` are what
    this sender takes of it, side by side; it is all of it where there are none.
    `receivers` has the domains that belong together, by the name of their receiver.
    """

    run: Run
    owner: str
    by: str
    lease: timedelta
    envelope: Callable[[Delivery], Envelope]
    compose: Callable[[Delivery], UnsignedMessage]
    retry: RetryTable
    throttle: Pacing = field(default_factory=Throttle)
    retry_now: bool = False
    patience: Sequence[float] = (0.5, 1.0, 2.0, 4.0, 8.0)
    signers: int = 0
    limit: int | None = None
    quotas: Sequence[Quota] = ()
    part: Part = WHOLE
    parts: Sequence[PacedPart] = ()
    receivers: Mapping[str, str] = field(default_factory=dict)

    @property
    def side_by_side(self) -> Sequence[PacedPart]:
        """One at the least."""
        return self.parts or (PacedPart(part=self.part),)


def envelopes_from(
    reverse_path: AddrSpec,
    token_of: Callable[[Delivery], str] | None = None,
    *,
    verp: bool = True,
) -> Callable[[Delivery], Envelope]:
    """The envelope of each delivery (RFC 5321, 2.3.1), named by its token where there are any.

    With `verp`, the token is in its reverse-path too; else all have the same one.
    """
    same = str(reverse_path)

    def plain(delivery: Delivery) -> Envelope:
        return Envelope(reverse_path=same, recipient=str(delivery.recipient))

    if token_of is None:
        return plain

    def named(delivery: Delivery) -> Envelope:
        token = token_of(delivery)
        return Envelope(
            reverse_path=with_token(reverse_path, token) if verp else same,
            recipient=str(delivery.recipient),
            envelope_id=token,
        )

    return named
