"""The door of the delivery room: plan a run, send it, and say what became of everyone."""

from newsletter.delivery.journal_writer import JournalWriter
from newsletter.delivery.order import Order
from newsletter.delivery.plan import AudiencePlan, Plan, Recipient, estimate, plan_audience
from newsletter.delivery.relay_log import find_taken, open_relay_log
from newsletter.delivery.retry import RetryTable
from newsletter.delivery.sender import RunSender, deliver_once
from newsletter.delivery.watch import watch_run

__all__ = [
    "AudiencePlan",
    "JournalWriter",
    "Order",
    "Plan",
    "Recipient",
    "RetryTable",
    "RunSender",
    "deliver_once",
    "estimate",
    "find_taken",
    "open_relay_log",
    "plan_audience",
    "watch_run",
]
