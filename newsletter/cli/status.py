"""`newsletter status`: the books, the slots, the approvals, and who keeps the schedule."""

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from newsletter import wiring
from newsletter.cli.console import bad, faint, good, say, strong, warning
from newsletter.cli.publication import settings_here
from newsletter.cli.run_names import run_name
from newsletter.clock import now
from newsletter.errors import NewsletterError, StoreError

if TYPE_CHECKING:
    from newsletter.books import Heartbeat, Run, SlotRow
    from newsletter.settings import Settings
    from newsletter.store import Database

_STALE = timedelta(minutes=1)
"""Four beats: whoever was silent for longer hangs, or is dead."""


def status(
    issue: Annotated[
        str | None, typer.Argument(help="The issue's name or file.", show_default=False)
    ] = None,
    failed: Annotated[
        bool, typer.Option("--failed", help="Name everyone who does not have it, and why.")
    ] = False,
) -> None:
    """Say who has an issue and who does not, in numbers that balance; and what is to come."""
    settings = settings_here(with_environment=True)
    with wiring.open_database(settings) as database:
        if issue is None:
            _say_all(database)
            return
        name = run_name(issue)
        run = database.runs.find(name)
        slot = database.slots.find(name)
        if run is None and slot is None and not database.approvals.of(name):
            raise StoreError(
                "this issue has never been sent, scheduled or approved",
                where=name,
                next_step="`newsletter status`",
            )
        if run is None:
            say(strong(name))
            _say_slot(slot)
            _say_approvals(name, Path(issue), slot, settings, database)
            return
        _say_run(run, database, failed=failed)
        _say_slot(slot)
        _say_given(run, database)
        from newsletter.cli.books import status_of

        raise typer.Exit(status_of(database.runs.balance(run.id)))


def _say_all(database: "Database") -> None:
    from newsletter.books import SlotState
    from newsletter.reports import balance_sentence

    runs = database.runs.all()
    if not runs:
        say("No issue has been sent yet.")
    for run in runs:
        balance = database.runs.balance(run.id)
        word = (good if balance.complete else warning)(run.state.value)
        corrects = faint(f"  corrects {run.corrects}") if run.corrects else ""
        say(f"{strong(run.issue)}  {word}  {run.started_at:%Y-%m-%d %H:%M} UTC{corrects}")
        say(f"  {verdict(balance)}")
    for slot in database.slots.in_states(SlotState.SCHEDULED, SlotState.MISSED):
        say(strong(slot.issue))
        _say_slot(slot)
    for beat in database.heartbeats.known():
        say(_heartbeat_line(beat))


def _say_run(run: "Run", database: "Database", *, failed: bool) -> None:
    from newsletter.cli.books import failure_line
    from newsletter.reports import balance_lines

    say(f"{strong(run.issue)}  {run.subject}  {faint(f'digest {run.digest[:12]}')}")
    if run.corrects:
        say(faint(f"  a correction of {run.corrects}"))
    for line in balance_lines(database.runs.balance(run.id)):
        say(line)
    for reason, count in database.statistics.suppressed(run.id).items():
        say(faint(f"  {count:,} suppressed: {reason}"))
    if failed:
        for failure in database.audiences.failures(run.issue):
            say(failure_line(failure))


def _say_slot(slot: "SlotRow | None") -> None:
    from newsletter.books import SlotState, in_time
    from newsletter.schedule import slot_instant, slot_words

    if slot is None:
        return
    paint = {SlotState.MISSED: bad, SlotState.STARTED: warning}.get(slot.state, good)
    when = in_time(slot_instant(slot), now())
    reason = f": {slot.reason}" if slot.reason else ""
    words = f"{paint(slot.state.value)}{reason}"
    say(f"  {words}  {slot_words(slot)}, {when}  {faint(f'by {slot.scheduled_by}')}")


def _say_approvals(
    name: str, path: Path, slot: "SlotRow | None", settings: "Settings", database: "Database"
) -> None:
    """By the file as it is now: what holds, what is void, and what has changed since."""
    from newsletter.cli.approvals import approval_lines
    from newsletter.cli.dating import dated_in_book
    from newsletter.cli.ready import Ready, prepare, this_second

    file = path if path.suffix in wiring.SUFFIXES else _file_of(name, slot, settings, database)
    try:
        issue = wiring.read_issue(file, settings.house)
        dated = dated_in_book(issue, settings, database, None)
        ready = prepare(dated, settings, this_second())
    except NewsletterError as error:
        say(bad(f"  {error}"))
        return
    if not isinstance(ready, Ready) or ready.has_errors:
        shown = wiring.publication_path(file, settings.folder)
        say(bad(f"  The check has errors: newsletter check {shown}"))
    if isinstance(ready, Ready):
        for line in approval_lines(ready, database):
            say(line)


def _file_of(name: str, slot: "SlotRow | None", settings: "Settings", database: "Database") -> Path:
    """Where the issue was when it was scheduled, else when it was approved last."""
    if slot is not None:
        return wiring.slot_path(slot, settings)
    for approval in database.approvals.of(name):
        for each in approval.inputs:
            if Path(each).stem == name and Path(each).suffix in wiring.SUFFIXES:
                return settings.folder / each
    return settings.folder / "issues" / f"{name}.md"


def _say_given(run: "Run", database: "Database") -> None:
    """Who approved what was sent."""
    for approval in database.approvals.of(run.corrects or run.issue):
        if approval.digest == run.digest:
            override = f": {approval.override_reason}" if approval.override_reason else ""
            word = "overridden" if override else "approved"
            say(faint(f"  {word} by {approval.approved_by}{override}"))


def _heartbeat_line(beat: "Heartbeat") -> str:
    from newsletter.books import in_time

    owner = beat.owner.partition(" [")[0]
    words = f"{owner}: {beat.doing}, last heard of {in_time(beat.beat_at, now())}"
    return bad(f"{words}: it is dead, or hangs") if now() - beat.beat_at > _STALE else words
