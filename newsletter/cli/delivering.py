"""A run begun, sent and entered in the books, alike for `newsletter send` and for the schedule.

The log and the slot are kept in step with the run by the database; whom to ask before, and what to
say after, is left to the commands.
"""

from typing import TYPE_CHECKING

from newsletter import wiring
from newsletter.books import Balance, NewRun, Run, RunState
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
        by=by,
        owner=wiring.owner_name(clock()),
        extend=extend,
    )
    remember(database, ready.settings)
    return run


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
    """The books of the run; one that is over now is over in its slot and in the log too."""
    balance = database.runs.finish(run.id, by, now())
    remember(database, ready.settings)
    return balance


def remember(database: Database, settings: "Settings") -> None:
    """Keep the witness. Where it cannot be kept, nothing is undone, and a person is told."""
    if fault := wiring.keep_witness(database.audit, settings.folder):
        note(f"{warning('warning:')} {fault}")


def is_over(run: Run) -> bool:
    return run.state in (RunState.COMPLETE, RunState.CANCELLED)
