"""`newsletter schedule`: put an issue in a slot, or install what starts slots by itself."""

from pathlib import Path
from typing import Annotated

import typer

from newsletter.books import in_time
from newsletter.cli.approval_view import approval_lines
from newsletter.cli.console import bad, faint, good, say, say_block, strong, warning
from newsletter.cli.exit_status import ExitStatus
from newsletter.cli.findings import told
from newsletter.cli.install import install
from newsletter.cli.opening import publication_here
from newsletter.cli.publication import issue_here
from newsletter.cli.readiness import ready_or_exit
from newsletter.cli.said import person_said, wall_time_said
from newsletter.errors import NewsletterError
from newsletter.publishing import scheduling
from newsletter.publishing.publication import Books
from newsletter.publishing.scheduling import Scheduled
from newsletter.publishing.standing import approvals_of
from newsletter.schedule import clock_change_note, slot_instant, slot_words

_INSTALL = Path("install")


Issue = Annotated[
    Path,
    typer.Argument(
        metavar="ISSUE",
        help="The issue's name or file; or `install`, to have slots started automatically.",
        show_default=False,
    ),
]
At = Annotated[
    str | None,
    typer.Option(
        metavar='"2026-11-27 07:00"',
        help="This moment instead of the rule's next, in [schedule] timezone.",
        show_default=False,
    ),
]
By = Annotated[
    str | None, typer.Option(metavar="NAME", help="Your name, for the log.", show_default=False)
]
Systemd = Annotated[
    bool, typer.Option("--systemd", help="install: a service that runs `newsletter run`.")
]
Timer = Annotated[
    bool, typer.Option("--timer", help="install: a timer that runs `newsletter due`.")
]
Cron = Annotated[
    bool, typer.Option("--cron", help="install: a line for cron that runs `newsletter due`.")
]
User = Annotated[str, typer.Option(help="install: the user it runs as.")]
Name = Annotated[
    str | None,
    typer.Option(
        metavar="NAME",
        help="install: what the files are called; without it, after the publication.",
        show_default=False,
    ),
]
To = Annotated[
    Path | None,
    typer.Option(
        metavar="FOLDER",
        help="install: write it there, instead of printing it.",
        show_default=False,
    ),
]


def schedule(
    path: Issue,
    at: At = None,
    by: By = None,
    systemd: Systemd = False,
    timer: Timer = False,
    cron: Cron = False,
    user: User = "newsletter",
    name: Name = None,
    to: To = None,
) -> None:
    """Put an issue in the next free slot of the rule, or at --at; `due` or `run` sends it.

    Exit status 0 it is scheduled, 1 the check has errors, 2 could not run.
    """
    if path == _INSTALL:
        install(systemd=systemd, timer=timer, cron=cron, user=user, name=name, to=to)
        return
    if systemd or timer or cron or name or to:
        raise NewsletterError(
            "this is for `newsletter schedule install`",
            where="--systemd, --timer, --cron, --name, --to",
            next_step="leave it out, or write `install` instead of the issue",
        )
    moment = wall_time_said(at) if at is not None else None
    with publication_here().acting(person_said(by) if by is not None else "") as books:
        found = scheduling.schedule(issue_here(path), moment, books)
        if isinstance(found, Scheduled):
            _say_slot(found, books)
            return
        ready = ready_or_exit(found)
        say_block(told(ready.diagnostics))
        say(bad("It is not scheduled: the check has errors."))
        raise typer.Exit(ExitStatus.FOUND)


def _say_slot(found: Scheduled, books: Books) -> None:
    slot, ready = found.slot, found.ready
    when = in_time(slot_instant(slot), books.now())
    say(f"{strong(slot.issue)} goes out at {good(slot_words(slot))}, {when}.")
    say(faint(f"  {ready.rendered.subject}  digest {ready.digest[:12]}"))
    zone = ready.settings.schedule.zone
    if changed := clock_change_note(slot.local_date, slot.local_time, zone):
        say(warning(changed))
    approvals = approvals_of(ready, books)
    if not approvals.judgement.is_given:
        for line in approval_lines(approvals):
            say(line)
        say(
            warning("It is not sent unless it is approved by then:")
            + f" newsletter approve {slot.path} --by NAME"
        )
    if not books.database.heartbeats.known():
        say(faint("Is anything there to start it? `newsletter run`, or `newsletter due` by cron."))
