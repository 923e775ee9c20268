"""`newsletter approve`: a named person's yes to exactly the bytes that would go out."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from newsletter import wiring
from newsletter.check import FORMATS
from newsletter.cli.console import bad, faint, good, say, say_block, strong
from newsletter.cli.exit_status import ExitStatus
from newsletter.cli.publication import settings_here
from newsletter.errors import NewsletterError

if TYPE_CHECKING:
    from newsletter.cli.ready import Ready
    from newsletter.store import Database


def approve(
    path: Annotated[Path, typer.Argument(help="The issue's file.", show_default=False)],
    by: Annotated[str, typer.Option("--by", metavar="NAME", help="Who says yes.")],
    force: Annotated[
        bool, typer.Option("--force", help="Override the rule: this yes is all that is needed.")
    ] = False,
    reason: Annotated[
        str, typer.Option("--reason", help="Why, for the log; with --force.", show_default=False)
    ] = "",
) -> None:
    """Approve an issue as it is: any later change, of a single byte, voids the approval.

    Exit status 0 it is recorded, 1 the check has errors, 2 could not run.
    """
    from newsletter.cli import approvals
    from newsletter.cli.dating import ready_in_book

    name = approvals.person_said(by)
    override = approvals.reason_said(force=force, reason=reason)
    settings = settings_here(with_environment=True)
    issue = wiring.read_issue(path, settings.house)
    with wiring.open_database(settings) as database:
        wiring.check_not_restored(database, settings)
        ready = ready_in_book(issue, settings, database)
        _say_issue(ready)
        if ready.has_errors:
            say(bad("It is not approved: the check has errors."))
            raise typer.Exit(ExitStatus.FOUND)
        if override is None:
            _check_author(ready, name)
        approvals.approve(ready, database, by=name, override_reason=override)
        verdict = approvals.verdict_on(ready, database)
        say(good(f"Approved by {name}.") if override is None else f"Overridden by {name}.")
        step = _next_step(ready, database) if verdict.is_given else "somebody else must approve it."
        say(f"{approvals.verdict_line(verdict)}: {step}")


def _say_issue(ready: "Ready") -> None:
    sizes = ready.desk.composer
    say(f"{strong(ready.name)}  {faint(f'digest {ready.digest[:12]}')}")
    say(f"  Subject    {ready.rendered.subject}")
    say(f"  Preheader  {ready.rendered.preheader}")
    say(f"  Dated      {wiring.issue_date(ready.issue, ready.settings, ready.moment)}")
    say(f"  Message    {sizes.size:,} bytes")
    say_block(FORMATS["text"](ready.diagnostics))


def _check_author(ready: "Ready", name: str) -> None:
    from newsletter.cli.approvals import is_same_person

    if ready.settings.approval.author_may_approve:
        return
    if not ready.issue.author:
        say(faint("The issue names no author, so nobody can tell whether this is another person."))
    elif is_same_person(ready.issue.author, name):
        raise NewsletterError(
            f"{name} is its author, and an author may not approve",
            where=ready.issue.path,
            next_step="let another person approve it, or say --force and --reason",
        )


def _next_step(ready: "Ready", database: "Database") -> str:
    slot = database.slots.find(ready.issue.name)
    if slot is not None and slot.state == "scheduled":
        return f"it goes out at {slot}."
    return f"`newsletter schedule {ready.issue.path}` puts it in its slot."
