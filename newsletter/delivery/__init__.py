"""The door of the delivery room: plan a run, send it, and say what became of everyone."""

from newsletter.delivery.journal_writer import JournalWriter
from newsletter.delivery.order import Order
from newsletter.delivery.plan import AudiencePlan, Plan, Recipient, estimate, plan_audience
from newsletter.delivery.relay_log import find_taken, open_relay_log
from newsletter.delivery.report import balance_lines, needs_person, verdict
from newsletter.delivery.report_mail import mail_report
from newsletter.delivery.report_page import page_report
from newsletter.delivery.report_text import json_report, text_report
from newsletter.delivery.retry import RetryTable
from newsletter.delivery.run_report import RunReport, gather, people
from newsletter.delivery.sender import RunSender, deliver_once
from newsletter.delivery.watch import watch_run

__all__ = [
    "AudiencePlan",
    "JournalWriter",
    "Order",
    "Plan",
    "Recipient",
    "RetryTable",
    "RunReport",
    "RunSender",
    "balance_lines",
    "deliver_once",
    "estimate",
    "find_taken",
    "gather",
    "json_report",
    "mail_report",
    "needs_person",
    "open_relay_log",
    "page_report",
    "people",
    "plan_audience",
    "text_report",
    "verdict",
    "watch_run",
]
