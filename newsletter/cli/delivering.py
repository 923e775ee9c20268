"""A run begun, sent and entered in the books, alike for `newsletter send` and for the schedule.

The log and the slot are kept in step with the run here; whom to ask before, and what to say after,
is left to the commands.
"""

from typing import TYPE_CHECKING

from newsletter import wiring
from newsletter.books import AuditAction, Balance, Deed, NewRun, Run, RunState, SlotState
from newsletter.cli.console import note, warning
from newsletter.cli.progress import Progress, Report
from newsletter.cli.ready import Ready
from newsletter.cli.sending import Terms, deliver_run
from newsletter.clock import Clock, now
from newsletter.daemon import Stop
from newsletter.errors import NewsletterError
from newsletter.store import Database

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from newsletter.settings import Settings
    from newsletter.subscribers import AudienceMember
    from newsletter.transports import Transport


def open_run(
    ready: Ready,
    database: Database,
    *,
    by: str,
    extend: bool = False,
    corrects: str | None = None,
    clock: Clock = now,
) -> Run:
    """The run of the issue, begun now or gone on with; its slot is taken, and the log says so."""
    is_new = database.runs.find(ready.name) is None
    audience: Iterable[AudienceMember] = (
        database.subscribers.audience()
        if corrects is None
        else database.audiences.accepted(corrects)
    )
    run = database.runs.open(
        NewRun(
            issue=ready.name,
            digest=ready.digest,
            subject=ready.rendered.subject,
            message_date=ready.moment,
            text=ready.rendered.text,
            corrects=corrects,
        ),
        audience,
        clock(),
        extend=extend,
        by=by,
    )
    if is_new and not _is_slots(ready.name, database, clock()):
        action = AuditAction.STARTED if corrects is None else AuditAction.CORRECTED
        detail = f"to {run.frozen:,} people" + (f", correcting {corrects}" if corrects else "")
        database.audit.append(
            Deed(
                by=by, action=action, issue=run.issue, digest=run.digest, detail=detail, at=clock()
            )
        )
    remember(database, ready.settings)
    return run


def _is_slots(issue: str, database: Database, moment: "datetime") -> bool:
    """Whether the issue goes out in its slot, which is taken now if it was not before."""
    slot = database.slots.find(issue)
    if slot is None or slot.state not in (SlotState.SCHEDULED, SlotState.STARTED):
        return False
    database.slots.start(issue, wiring.owner_name(moment), moment)
    return True


def deliver(
    run: Run,
    ready: Ready,
    database: Database,
    transport: "Transport",
    *,
    by: str,
    terms: Terms,
    progress: Progress,
    report: Report,
    asked: Stop | None = None,
    clock: Clock = now,
) -> NewsletterError | None:
    """Send what is due. The fault of ours that stopped it is returned: the books come first."""
    settings = ready.settings
    if settings.limits.resends_doubts:
        why = "in doubt, and sent again by the policy"
        database.doubts.resolve_all(run.issue, accepted=False, now=clock(), reason=why, by="policy")
    try:
        deliver_run(
            run,
            ready.desk,
            database,
            transport,
            settings,
            by=by,
            terms=terms,
            progress=progress,
            report=report,
            asked=asked,
            clock=clock,
        )
    except NewsletterError as error:
        return error
    return None


def end_run(run: Run, ready: Ready, database: Database, *, by: str) -> Balance:
    """The books of the run; a run that is over now is over in its slot and in the log too.

    `run` is as it was before it was sent.
    """
    balance = database.runs.balance(run.id)
    after = database.runs.find(run.issue) or run
    if is_over(after):
        finish(after, run, balance, database, by=by, moment=now())
    remember(database, ready.settings)
    return balance


def finish(
    after: Run, before: Run, balance: Balance, database: Database, *, by: str, moment: "datetime"
) -> bool:
    """The slot is done and the log says how it ended, each once. Whether it was a slot's."""
    is_slots = database.slots.finish(after.issue, moment, by=by)
    if not is_slots and not is_over(before):
        counts = ", ".join(f"{count:,} {state.value}" for state, count in balance.counts.items())
        database.audit.append(
            Deed(
                by=by,
                action=AuditAction.FINISHED,
                issue=after.issue,
                digest=after.digest,
                detail=counts,
                at=moment,
            )
        )
    return is_slots


def remember(database: Database, settings: "Settings") -> None:
    """Keep the witness. Where it cannot be kept, nothing is undone, and a person is told."""
    if fault := wiring.keep_witness(database.audit, settings.folder):
        note(f"{warning('warning:')} {fault}")


def is_over(run: Run) -> bool:
    return run.state in (RunState.COMPLETE, RunState.CANCELLED)
