"""`newsletter approve`: a named person's yes to exactly the bytes that would go out."""

from pathlib import Path
from shlex import quote
from typing import Annotated

import typer

from newsletter.books import Run, SlotState
from newsletter.cli.acting import acting_on
from newsletter.cli.approval_view import judgement_line
from newsletter.cli.console import bad, faint, good, say, say_block, strong
from newsletter.cli.exit_status import ExitStatus
from newsletter.cli.findings import told
from newsletter.cli.formats import AsFormat, Format
from newsletter.cli.issue_files import ISSUE
from newsletter.cli.publication import issue_here
from newsletter.cli.readiness import ready_or_exit
from newsletter.cli.said import person_said, reason_said
from newsletter.cli.segments import SegmentText, segment_line, segment_said, warn_of_strangers
from newsletter.cli.withdraw import withdraw_approval
from newsletter.cli.wording import command_for
from newsletter.errors import Act, Remedy
from newsletter.publishing import approving
from newsletter.publishing.correcting import ready_to_approve
from newsletter.publishing.dating import issue_date
from newsletter.publishing.issues import read_issue
from newsletter.publishing.publication import Books
from newsletter.publishing.ready import Ready


def approve(
    path: Annotated[Path, ISSUE],
    by: Annotated[str, typer.Option("--by", metavar="NAME", help="Your name.")],
    segment: SegmentText = None,
    force: Annotated[
        bool, typer.Option("--force", help="Override the rule: this one approval is enough.")
    ] = False,
    withdraw: Annotated[
        bool, typer.Option("--withdraw", help="Take your approval of the issue back.")
    ] = False,
    reason: Annotated[
        str,
        typer.Option(
            "--reason", help="Why, for the log; with --force or --withdraw.", show_default=False
        ),
    ] = "",
    format_: AsFormat = Format.TEXT,
) -> None:
    """Approve an issue as it is: any later change, of a single byte, voids the approval.

    It is for the segment given, or for that of its slot, or for everybody. An issue that was sent,
    and says in its front matter what is corrected, is approved as a correction. An approval may be
    taken back until the sending has begun.
    """
    name = person_said(by)
    if withdraw:
        withdraw_approval(path, name, reason, format_, is_plain=not (force or segment))
        return
    override = reason_said(force=force, reason=reason)
    wanted = segment_said(segment)
    with acting_on(issue_here(path), format_, name) as books:
        issue = read_issue(issue_here(path), books.settings.house)
        warn_of_strangers(wanted, books)
        made, first = ready_to_approve(issue, books, wanted)
        ready = ready_or_exit(made)
        _say_issue(ready, books)
        if ready.has_errors:
            say(bad("It is not approved: the check has errors."))
            raise typer.Exit(ExitStatus.FOUND)
        if override is None and approving.is_author_unknown(ready):
            say(faint("The issue names no author, so nobody can tell whether you wrote it."))
        approving.approve(ready, books, override_reason=override)
        done = f"Approved by {name}." if override is None else f"Overridden by {name}: {override}"
        say(good(done))
        say(_what_follows(ready, first, books))


def _say_issue(ready: Ready, books: Books) -> None:
    say(f"{strong(ready.name)}  {faint(f'digest {ready.digest[:12]}')}")
    say(f"  Subject    {ready.rendered.subject}")
    say(f"  Preheader  {ready.rendered.preheader}")
    say(f"  Dated      {issue_date(ready.issue, ready.settings, ready.moment)}")
    if ready.segment:
        say(f"  Segment    {segment_line(ready.segment, books)}")
    say(f"  Message    {ready.desk.composer.size:,} bytes")
    say_block(told(ready.diagnostics))


def _what_follows(ready: Ready, first: Run | None, books: Books) -> str:
    """Who approved it is said once more only where there are others."""
    judgement = approving.judgement_on(ready, books)
    if not judgement.is_given:
        return f"{judgement_line(judgement)}: somebody else must approve it."
    step = _next_step(ready, first, books)
    if len(judgement.names) > 1:
        return f"{judgement_line(judgement)}: {step}"
    return step if step.startswith("`") else step[0].upper() + step[1:]


def _next_step(ready: Ready, first: Run | None, books: Books) -> str:
    if first is not None:
        send = command_for(Remedy(Act.CORRECT, ready.issue.path))
        return f"`{send}` sends it to those who have {first.issue}."
    slot = books.database.slots.find(ready.issue.name)
    if slot is not None and slot.state is SlotState.SCHEDULED:
        return f"it goes out at {slot}."
    if books.database.runs.find(ready.issue.name) is not None:
        status = command_for(Remedy(Act.SEE_STATUS, ready.issue.name))
        return f"its sending has begun already: see `{status}`."
    with_segment = f" --segment {quote(ready.segment)}" if ready.segment else ""
    return f"`newsletter schedule {ready.issue.path}{with_segment}` puts it in its slot."
