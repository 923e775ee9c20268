"""The check of an issue that is about to be sent: its size and the issues before it in mind."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from newsletter.check import Context, Diagnostic, Severity, all_rules, at_least, check_issue
from newsletter.issue import Issue
from newsletter.wiring.history import History
from newsletter.wiring.issues import issue_date
from newsletter.wiring.scales import with_size

if TYPE_CHECKING:
    from newsletter.render import Rendered
    from newsletter.settings import Settings


def check(
    issue: Issue, settings: "Settings", now: datetime, rendered: "Rendered | None"
) -> tuple[Diagnostic, ...]:
    """What the check finds, warnings and errors; without `rendered`, nothing about the size."""
    day = issue_date(issue, settings, now)
    past = History(settings.house).past(Path(issue.path), day)
    context = Context.of(issue, settings.house, send_date=day, past=past)
    if rendered:
        context = with_size(context, issue, rendered, settings, now)
    found = check_issue(issue, all_rules(), context)
    return tuple(item for item in found if at_least(item.severity, Severity.WARNING))
