"""`newsletter send`: show the plan, ask, deliver, and print the books."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from newsletter import wiring
from newsletter.addresses import AddrSpec, parse_addr_spec
from newsletter.check import FORMATS, Diagnostic, Severity
from newsletter.cli.console import bad, confirm, faint, good, say, say_block
from newsletter.cli.exit_status import ExitStatus
from newsletter.cli.output_files import write_file
from newsletter.cli.publication import settings_here
from newsletter.clock import now
from newsletter.errors import MessageError, RenderError
from newsletter.issue import Issue
from newsletter.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterable

    from newsletter.delivery import AudiencePlan, Plan, Recipient
    from newsletter.render import Rendered
    from newsletter.store import Database, Run
    from newsletter.subscribers import ImportPlan
    from newsletter.transports import Transport

TEST_MARK = "[Test]"


@dataclass(frozen=True, slots=True)
class _Ready:
    """An issue that was checked and rendered, at one moment, with a desk to write messages at."""

    issue: Issue
    settings: Settings
    moment: datetime
    diagnostics: tuple[Diagnostic, ...]
    rendered: "Rendered"
    desk: wiring.Desk

    @property
    def has_errors(self) -> bool:
        return any(item.severity is Severity.ERROR for item in self.diagnostics)


def send(
    path: Annotated[Path, typer.Argument(help="The issue's file.", show_default=False)],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show everything, open no socket, send nothing.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    to: Annotated[
        list[str] | None,
        typer.Option(
            metavar="ADDRESS",
            help="Send a test to this address, outside of the journal; may be repeated.",
            show_default=False,
        ),
    ] = None,
    subscribers: Annotated[
        Path | None,
        typer.Option(metavar="FILE.csv", help="Import these first.", show_default=False),
    ] = None,
    extend: Annotated[
        bool, typer.Option("--extend", help="Also send to those who joined since the run began.")
    ] = False,
    retry_now: Annotated[
        bool, typer.Option("--retry-now", help="Try deferred recipients again before they are due.")
    ] = False,
    out: Annotated[
        Path, typer.Option("--out", help="Where a dry run writes the first recipient's .eml.")
    ] = Path("outbox"),
) -> None:
    """Deliver an issue, once, to everyone on the list; the same command resumes.

    Exit status 0 everyone has it, 1 the check has errors or somebody needs a person, 2 could not
    run, 75 some recipients are deferred: run it again.
    """
    settings = settings_here(with_environment=True)
    issue = wiring.read_issue(path, settings.house)
    if to:
        status = _send_tests(
            _make_ready(issue, settings, mark=TEST_MARK), to, dry_run=dry_run, yes=yes
        )
        raise typer.Exit(status)
    with wiring.open_database(settings) as database:
        run = database.journal.find_run(issue.name)
        ready = _make_ready(issue, settings, moment=run.message_date if run else None)
        incoming = _incoming(database, subscribers)
        transport = wiring.open_transport(settings)
        plan = _plan(ready, database, run, incoming, transport)
        _show(plan, ready, with_sizes=dry_run)
        if dry_run:
            _write_first(ready, plan.audience.first, out)
            say(faint("Dry run: no socket was opened and nothing was sent."))
            raise typer.Exit(ExitStatus.FOUND if ready.has_errors else ExitStatus.DONE)
        if ready.has_errors:
            say(bad("Nothing was sent: the check has errors."))
            raise typer.Exit(ExitStatus.FOUND)
        _import(database, incoming, yes=yes)
        raise typer.Exit(
            _send(ready, database, transport, plan, extend=extend, retry_now=retry_now, yes=yes)
        )


def _make_ready(
    issue: Issue, settings: Settings, *, moment: datetime | None = None, mark: str = ""
) -> _Ready:
    """Check, render and compile. `moment` is that of the run where there is one already.

    An issue with errors may be one that cannot be rendered; then what the check says is enough.
    """
    moment = moment or now().replace(microsecond=0)
    try:
        rendered = wiring.render(issue, settings, moment)
        desk = wiring.open_desk(issue, rendered, settings, message_date=moment, subject_mark=mark)
    except (RenderError, MessageError):
        found = wiring.check(issue, settings, moment, None)
        if any(item.severity is Severity.ERROR for item in found):
            say_block(FORMATS["text"](found))
            say(bad("Nothing was sent: the check has errors."))
            raise typer.Exit(ExitStatus.FOUND) from None
        raise
    found = wiring.check(issue, settings, moment, rendered)
    return _Ready(issue, settings, moment, found, rendered, desk)


def _incoming(database: "Database", path: Path | None) -> "ImportPlan | None":
    if path is None:
        return None
    from newsletter.cli.plan_view import import_lines
    from newsletter.subscribers import read_subscriber_file

    incoming = database.subscribers.plan_import(read_subscriber_file(path))
    for line in import_lines(incoming, str(path)):
        say(line)
    say()
    return incoming


def _import(database: "Database", incoming: "ImportPlan | None", *, yes: bool) -> None:
    if incoming is None or not incoming.changes_something:
        return
    if confirm("Import these subscribers?", yes=yes):
        database.subscribers.apply(incoming, now())


def _plan(
    ready: _Ready,
    database: "Database",
    run: "Run | None",
    incoming: "ImportPlan | None",
    transport: "Transport",
) -> "Plan":
    from newsletter.delivery import plan_audience

    return _describe(ready, plan_audience(database, run, incoming), transport)


def _describe(ready: _Ready, audience: "AudiencePlan", transport: "Transport") -> "Plan":
    from newsletter.delivery import Plan

    composer = ready.desk.composer
    sizes = composer.part_sizes
    return Plan(
        issue=ready.issue.name,
        digest=ready.rendered.digest,
        sender=ready.settings.sender.mailbox,
        subject=ready.rendered.subject,
        preheader=ready.rendered.preheader,
        audience=audience,
        message_size=composer.size,
        headers_size=sizes.headers,
        text_size=sizes.text,
        html_size=sizes.html,
        transport=transport.name,
        connections=transport.connections,
        rate=transport.rate,
        diagnostics=ready.diagnostics,
    )


def _show(plan: "Plan", ready: _Ready, *, with_sizes: bool) -> None:
    from newsletter.cli.plan_view import plan_lines
    from newsletter.cli.size_view import size_lines

    sizes: Iterable[str] = ()
    if with_sizes:
        shares = wiring.weigh(ready.issue, ready.rendered, ready.settings, ready.moment)
        sizes = size_lines(shares, ready.issue, ready.settings.limits.html_bytes)
    for line in plan_lines(plan, sizes):
        say(line)
    say()


def _write_first(ready: _Ready, first: "tuple[Recipient, ...]", out: Path) -> None:
    if not first:
        say("There is nobody to send to: `newsletter subscribers import FILE.csv`.")
        return
    target = out / f"{ready.issue.name}.first.eml"
    write_file(target, ready.desk.message(first[0].address, first[0].fields))
    say(f"The exact message for {first[0].address} is in {target}.")


def _send(
    ready: _Ready,
    database: "Database",
    transport: "Transport",
    plan: "Plan",
    *,
    extend: bool,
    retry_now: bool,
    yes: bool,
) -> ExitStatus:
    from newsletter.cli.books import say_books
    from newsletter.cli.sending import deliver_run

    due = plan.audience.due + (plan.audience.newcomers if extend else 0)
    journal, name = database.journal, ready.issue.name
    known = journal.find_run(name)
    if due and not confirm(f"Send {name} to {due:,} people over {transport.name}?", yes=yes):
        say("Nothing was sent.")
        return ExitStatus.COULD_NOT_RUN
    run = journal.open_run(
        name,
        ready.rendered.digest,
        ready.rendered.subject,
        ready.moment,
        database.subscribers.audience(),
        now(),
        extend=extend,
    )
    if not due and known is not None:
        everyone = (
            "Everyone already has this issue" if not plan.audience.settled else "Nobody is due"
        )
        say(good(f"{everyone}: nothing to send."))
    else:
        deliver_run(run, ready.desk, database, transport, ready.settings, retry_now=retry_now)
    return say_books(run, database)


def _send_tests(ready: _Ready, to: list[str], *, dry_run: bool, yes: bool) -> ExitStatus:
    """Tests go out even with errors in the check: how it looks is what a test is for."""
    from newsletter.cli.sending import deliver_tests
    from newsletter.delivery import AudiencePlan, Recipient

    addresses: list[AddrSpec] = [parse_addr_spec(text) for text in to]
    first = tuple(Recipient(address=address, fields={}) for address in addresses)
    transport = wiring.open_transport(ready.settings)
    audience = AudiencePlan(due=len(first), suppressed={}, first=first)
    _show(_describe(ready, audience, transport), ready, with_sizes=dry_run)
    if dry_run:
        return ExitStatus.DONE
    if not confirm(f"Send a test to {len(first)} addresses?", yes=yes):
        return ExitStatus.COULD_NOT_RUN
    return deliver_tests(addresses, ready.desk, transport, ready.settings.sender.reverse_path)
