"""The door of the delivery room: send a run over a transport, and read a relay's log."""

from newsletter.delivery.courier import Courier, deliver_once
from newsletter.delivery.crew import Crew, Mate
from newsletter.delivery.journal_writer import JournalWriter
from newsletter.delivery.memory import REMEMBERED, Rest, relays_over, rest_after
from newsletter.delivery.order import Order, PacedPart, envelopes_from
from newsletter.delivery.relay_log import find_taken, open_relay_log
from newsletter.delivery.retry import RetryTable
from newsletter.delivery.sender import RunSender
from newsletter.delivery.sessions import Sessions
from newsletter.delivery.throttle import Pacing, Throttle
from newsletter.delivery.throttles import Throttles
from newsletter.delivery.watch import watch_run

__all__ = [
    "REMEMBERED",
    "Courier",
    "Crew",
    "JournalWriter",
    "Mate",
    "Order",
    "PacedPart",
    "Pacing",
    "Rest",
    "RetryTable",
    "RunSender",
    "Sessions",
    "Throttle",
    "Throttles",
    "deliver_once",
    "envelopes_from",
    "find_taken",
    "open_relay_log",
    "relays_over",
    "rest_after",
    "watch_run",
]
