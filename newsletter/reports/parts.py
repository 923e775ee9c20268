"""The report of a run as a notice carries it: plain text, and HTML that mail programs show."""

from typing import TYPE_CHECKING

from newsletter.books import Run
from newsletter.reports.gather import gather, people
from newsletter.reports.mail import mail_report
from newsletter.reports.text import text_report
from newsletter.store import Journal

if TYPE_CHECKING:
    from datetime import datetime

    from newsletter.settings import Settings


def report_parts(
    journal: Journal, run: Run, settings: "Settings", now: "datetime"
) -> tuple[str, str]:
    """The same facts twice: text, and HTML in the publication's colours."""
    gathered = gather(journal, run, now)
    text = "\n".join(text_report(gathered, people(journal, run)))
    return text, mail_report(gathered, people(journal, run), settings.theme)
