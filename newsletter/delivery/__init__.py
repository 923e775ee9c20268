"""The door of the delivery room: plan a run, send it, and say what became of everyone."""

from newsletter.delivery.journal_writer import JournalWriter
from newsletter.delivery.plan import AudiencePlan, Plan, Recipient, estimate, plan_audience
from newsletter.delivery.report import balance_lines, needs_person, verdict
from newsletter.delivery.retry import RetryTable
from newsletter.delivery.sender import Order, RunSender, deliver_once

__all__ = [
    "AudiencePlan",
    "JournalWriter",
    "Order",
    "Plan",
    "Recipient",
    "RetryTable",
    "RunSender",
    "balance_lines",
    "deliver_once",
    "estimate",
    "needs_person",
    "plan_audience",
    "verdict",
]
