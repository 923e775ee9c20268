"""The door of the reports: what became of a run, gathered, in words, as a page and as mail."""

from newsletter.reports.comparison_words import ComparisonTable, comparison_table
from newsletter.reports.gather import RunReport, gather, people, same_words
from newsletter.reports.mail import mail_report, report_parts
from newsletter.reports.over import MOST, OverRow, over
from newsletter.reports.over_words import over_records, page_over, text_over
from newsletter.reports.page import page_report
from newsletter.reports.returned import Returned, receiver_of, returned_of
from newsletter.reports.returned_words import receiver_rows, returned_rows
from newsletter.reports.text import json_report, text_report
from newsletter.reports.words import (
    REPORTED,
    balance_lines,
    balance_sentence,
    counts_text,
    state_word,
    why,
)

__all__ = [
    "MOST",
    "REPORTED",
    "ComparisonTable",
    "OverRow",
    "Returned",
    "RunReport",
    "balance_lines",
    "balance_sentence",
    "comparison_table",
    "counts_text",
    "gather",
    "json_report",
    "mail_report",
    "over",
    "over_records",
    "page_over",
    "page_report",
    "people",
    "receiver_of",
    "receiver_rows",
    "report_parts",
    "returned_of",
    "returned_rows",
    "same_words",
    "state_word",
    "text_over",
    "text_report",
    "why",
]
