"""The door of the reports: what became of a run, gathered, in words, as a page and as mail."""

from newsletter.reports.comparison_words import ComparisonTable, comparison_table
from newsletter.reports.gather import RunReport, gather, people, same_words
from newsletter.reports.mail import mail_report, report_parts
from newsletter.reports.page import page_report
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
    "REPORTED",
    "ComparisonTable",
    "RunReport",
    "balance_lines",
    "balance_sentence",
    "comparison_table",
    "counts_text",
    "gather",
    "json_report",
    "mail_report",
    "page_report",
    "people",
    "report_parts",
    "same_words",
    "state_word",
    "text_report",
    "why",
]
