"""The door of the reports: what became of a run, gathered, in words, as a page and as mail."""

from newsletter.reports.gather import (
    RunReport,
    gather,
    people,
)
from newsletter.reports.mail import (
    mail_report,
)
from newsletter.reports.page import (
    page_report,
)
from newsletter.reports.parts import (
    report_parts,
)
from newsletter.reports.text import (
    json_report,
    text_report,
)
from newsletter.reports.words import (
    balance_lines,
    needs_person,
    verdict,
)

__all__ = [
    "RunReport",
    "balance_lines",
    "gather",
    "json_report",
    "mail_report",
    "needs_person",
    "page_report",
    "people",
    "report_parts",
    "text_report",
    "verdict",
]
