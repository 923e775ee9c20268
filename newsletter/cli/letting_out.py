"""Whether an issue may be let out at its slot: everything that is looked at before the claim.

The file is read, checked, rendered and compared with its approvals anew; what is wrong comes back
as a refusal in words. Nothing is written here, so that what is mended in time is sent in time.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from newsletter import wiring
from newsletter.books import Run, SlotRow
from newsletter.check import FORMATS
from newsletter.cli.alerts import Refusal
from newsletter.cli.approvals import verdict_on, voided_lines
from newsletter.cli.changed_issue import difference_lines
from newsletter.cli.ready import Ready, errors_of, prepare
from newsletter.errors import NewsletterError, StoreError
from newsletter.settings import Settings
from newsletter.store import Database

if TYPE_CHECKING:
    from newsletter.transports import Transport


@dataclass(frozen=True, slots=True)
class Cleared:
    """An issue that may go out, and what it goes out by."""

    ready: Ready
    transport: "Transport"


def clear_new(
    slot: SlotRow, settings: Settings, database: Database, moment: datetime
) -> Cleared | Refusal:
    """For an issue without a run: it must be sound, approved, and for somebody."""
    cleared = _clear(slot, settings, moment)
    if isinstance(cleared, Refusal):
        return cleared
    verdict = verdict_on(cleared.ready, database)
    if not verdict.is_given:
        changed = voided_lines(verdict.voided, cleared.ready) if verdict.voided else ()
        step = f"Approve it: newsletter approve {slot.path} --by NAME."
        return Refusal(
            reason=f"it is not approved, {verdict.reason}", lines=tuple(changed), step=step
        )
    if not database.subscribers.audience_counts().owed:
        return Refusal(reason="there is nobody to send it to", step="newsletter subscribers import")
    return cleared


def clear_begun(
    slot: SlotRow, run: Run, settings: Settings, database: Database
) -> Cleared | Refusal:
    """For a run that is under way: it must be the very bytes that it was begun with."""
    cleared = _clear(slot, settings, run.message_date)
    if isinstance(cleared, Refusal) or cleared.ready.digest == run.digest:
        return cleared
    before = database.runs.text_of(run.id) or ""
    lines = tuple(difference_lines(run.subject, before, cleared.ready.rendered))
    step = f"Put {slot.path} back as it was, or newsletter cancel {slot.issue}."
    return Refusal(reason="it has changed since it was begun", lines=lines, step=step)


def _clear(slot: SlotRow, settings: Settings, moment: datetime) -> Cleared | Refusal:
    """Errors of the store are not the issue's, and are raised."""
    try:
        issue = wiring.read_issue(wiring.slot_path(slot, settings), settings.house)
        if issue.date is not None and issue.date != slot.local_date:
            return Refusal(
                reason=f"the issue is dated {issue.date}, and its slot is on {slot.local_date}",
                step=f"Mend the date, or move it: newsletter unschedule {slot.issue}.",
            )
        ready = prepare(wiring.dated(issue, slot.local_date), settings, moment)
        errors = errors_of(ready.diagnostics) if isinstance(ready, Ready) else ready
        if errors or not isinstance(ready, Ready):
            lines = tuple(FORMATS["text"](errors).splitlines())
            step = f"Mend it: newsletter check {slot.path}."
            return Refusal(reason="the check has errors", lines=lines, step=step)
        return Cleared(ready, wiring.open_transport(settings))
    except StoreError:
        raise
    except NewsletterError as error:
        faults = getattr(error, "faults", ())
        return Refusal(reason=str(error), lines=tuple(faults))
