"""What a sender is told: which run to send, as whom, and by which rules. A record only."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from newsletter.addresses import AddrSpec
from newsletter.books import Delivery, Run
from newsletter.delivery.retry import RetryTable
from newsletter.message import UnsignedMessage


@dataclass(frozen=True, kw_only=True, slots=True)
class Order:
    """What to send and how. `owner` names this process, and `by` who sends, for the log.

    `retry_now` does not wait for the table. `compose` makes one message, on the event loop, but
    for its signatures: those are made in `signers` threads, and at once where that is 0. `limit`
    is how many deliveries are tried at most; None is all that are due.
    """

    run: Run
    owner: str
    by: str
    lease: timedelta
    reverse_path: AddrSpec
    compose: Callable[[Delivery], UnsignedMessage]
    retry: RetryTable
    retry_now: bool = False
    signers: int = 0
    limit: int | None = None
