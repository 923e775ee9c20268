"""`newsletter approve`: a named person's yes to exactly the bytes that would go out."""

from pathlib import Path
from typing import Annotated

import typer

from newsletter.books import SlotState
from newsletter.cli.approval_view import judgement_line
from newsletter.cli.console import bad, faint, good, say, say_block, strong
from newsletter.cli.exit_status import ExitStatus
from newsletter.cli.findings import told
from newsletter.cli.opening import publication_here
from newsletter.cli.publication import issue_here
from newsletter.cli.readiness import ready_or_exit
from newsletter.cli.said import person_said, reason_said
from newsletter.publishing import approving
from newsletter.publishing.dating import issue_date
from newsletter.publishing.issues import read_issue
from newsletter.publishing.publication import Books
from newsletter.publishing.ready import Ready, ready_in_books


def approve(
    path: Annotated[Path, typer.Argument(help="The issue's name or file.", show_default=False)],
    by: Annotated[str, typer.Option("--by", metavar="NAME", help="Your name.")],
    force: Annotated[
        bool, typer.Option("--force", help="Override the rule: this one approval is enough.")
    ] = False,
    reason: Annotated[
        str, typer.Option("--reason", help="Why, for the log; with --force.", show_default=False)
    ] = "",
) -> None:
    """Approve an issue as it is: any later change, of a single byte, voids the approval.

    Exit status 0 it is recorded, 1 the check has errors, 2 could not run.
    """
    name = person_said(by)
    override = reason_said(force=force, reason=reason)
    publication = publication_here()
    issue = read_issue(issue_here(path), publication.settings.house)
    with publication.acting(name) as books:
        ready = ready_or_exit(ready_in_books(issue, books))
        _say_issue(ready)
        if ready.has_errors:
            say(bad("It is not approved: the check has errors."))
            raise typer.Exit(ExitStatus.FOUND)
        if override is None and approving.is_author_unknown(ready):
            say(faint("The issue names no author, so nobody can tell whether you wrote it."))
        approving.approve(ready, books, override_reason=override)
        judgement = approving.judgement_on(ready, books)
        say(good(f"Approved by {name}.") if override is None else f"Overridden by {name}.")
        step = _next_step(ready, books) if judgement.is_given else "somebody else must approve it."
        say(f"{judgement_line(judgement)}: {step}")


def _say_issue(ready: Ready) -> None:
    say(f"{strong(ready.name)}  {faint(f'digest {ready.digest[:12]}')}")
    say(f"  Subject    {ready.rendered.subject}")
    say(f"  Preheader  {ready.rendered.preheader}")
    say(f"  Dated      {issue_date(ready.issue, ready.settings, ready.moment)}")
    say(f"  Message    {ready.desk.composer.size:,} bytes")
    say_block(told(ready.diagnostics))


def _next_step(ready: Ready, books: Books) -> str:
    slot = books.database.slots.find(ready.issue.name)
    if slot is not None and slot.state is SlotState.SCHEDULED:
        return f"it goes out at {slot}."
    return f"`newsletter schedule {ready.issue.path}` puts it in its slot."
