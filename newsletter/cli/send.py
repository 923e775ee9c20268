"""`newsletter send`: show the plan, ask, deliver, and print the books."""

import sys
from contextlib import nullcontext, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from newsletter import wiring
from newsletter.addresses import AddrSpec, parse_addr_spec
from newsletter.cli import send_options as options
from newsletter.cli.console import bad, confirm, faint, good, note, say
from newsletter.cli.exit_status import ExitStatus
from newsletter.cli.publication import settings_here
from newsletter.cli.ready import Ready, describe, make_ready, show_plan, write_first
from newsletter.clock import now
from newsletter.errors import NewsletterError
from newsletter.issue import Issue
from newsletter.settings import Settings

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from typing import TextIO

    from newsletter.cli.progress import Progress, Report
    from newsletter.cli.sending import Terms
    from newsletter.delivery import Plan
    from newsletter.store import Database, Run
    from newsletter.subscribers import ImportPlan
    from newsletter.transports import Transport

TEST_MARK = "[Test]"


@dataclass(frozen=True, slots=True)
class _Wishes:
    """What was asked for on the command line, beyond the issue."""

    terms: "Terms"
    yes: bool
    extend: bool
    machine: "TextIO | None"
    """Where JSON goes; None where people read."""


def send(
    path: options.IssuePath,
    dry_run: options.DryRun = False,
    yes: options.Yes = False,
    to: options.To = None,
    subscribers: options.Subscribers = None,
    extend: options.Extend = False,
    retry_now: options.RetryNow = False,
    out: options.Out = Path("outbox"),
    rate: options.Rate = None,
    connections: options.Connections = None,
    limit: options.Limit = None,
    until: options.Until = None,
    wait: options.Wait = None,
    json_lines: options.JsonLines = False,
) -> None:
    """Deliver an issue, once, to everyone on the list; the same command resumes.

    Exit status 0 everyone has it, 1 the check has errors or somebody needs a person, 2 could not
    run, 75 some recipients are deferred or the run is paused: run it again.
    """
    from newsletter.cli.sending import Terms

    settings = settings_here(with_environment=True)
    machine = sys.stdout if json_lines else None
    pace = options.rate_of(rate)
    ends = options.deadline(until, wait, now())
    wishes = _Wishes(
        Terms(retry_now=retry_now, limit=limit, until=ends), yes, extend=extend, machine=machine
    )
    with redirect_stdout(sys.stderr) if machine else nullcontext():
        issue = wiring.read_issue(path, settings.house)
        opened = wiring.open_transport(settings)
        transport = wiring.paced(opened, connections=connections, rate=pace)
        if to:
            tests = make_ready(issue, settings, mark=TEST_MARK)
            raise typer.Exit(_send_tests(tests, to, transport, dry_run=dry_run, yes=yes))
        with wiring.open_database(settings) as database:
            one = _One(issue, settings, database, transport)
            raise typer.Exit(
                _dry_run(one, subscribers, out)
                if dry_run
                else _send_for_real(one, subscribers, wishes)
            )


@dataclass(frozen=True, slots=True)
class _One:
    """The issue to send, and what it is sent with."""

    issue: Issue
    settings: Settings
    database: "Database"
    transport: "Transport"


def _dry_run(one: _One, subscribers: Path | None, out: Path) -> ExitStatus:
    run = one.database.journal.find_run(one.issue.name)
    ready = make_ready(one.issue, one.settings, moment=run.message_date if run else None)
    incoming = _incoming(one.database, subscribers)
    plan = _plan(ready, one.database, run, incoming, one.transport)
    show_plan(plan, ready, with_sizes=True)
    if run is not None and run.digest != ready.rendered.digest:
        _say_changes(one.database, run, ready)
    write_first(ready, plan.audience.first, out)
    say(faint("Dry run: no socket was opened and nothing was sent."))
    return ExitStatus.FOUND if ready.has_errors else ExitStatus.DONE


def _send_for_real(one: _One, subscribers: Path | None, wishes: _Wishes) -> ExitStatus:
    database = one.database
    run = database.journal.find_run(one.issue.name)
    if run is not None and run.state == "paused":
        at = f" since {run.controlled_at:%Y-%m-%d %H:%M} UTC" if run.controlled_at else ""
        say(f"{run.issue} is paused by {run.controlled_by}{at}: `newsletter resume {run.issue}`.")
        return ExitStatus.TRY_AGAIN
    ready = make_ready(one.issue, one.settings, moment=run.message_date if run else None)
    incoming = _incoming(database, subscribers)
    plan = _plan(ready, database, run, incoming, one.transport)
    show_plan(plan, ready, with_sizes=False)
    if ready.has_errors:
        say(bad("Nothing was sent: the check has errors."))
        return ExitStatus.FOUND
    if run is not None and run.digest != ready.rendered.digest:
        _say_changes(database, run, ready)
        _open_run(ready, database, extend=False)  # which refuses it
    _import(database, incoming, yes=wishes.yes)
    return _send(ready, database, one.transport, plan, wishes)


def _say_changes(database: "Database", run: "Run", ready: Ready) -> None:
    from newsletter.cli.changed_issue import change_lines

    for line in change_lines(database, run, ready.rendered):
        say(line)
    say()


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
    ready: Ready,
    database: "Database",
    run: "Run | None",
    incoming: "ImportPlan | None",
    transport: "Transport",
) -> "Plan":
    from newsletter.delivery import plan_audience

    again = ready.settings.limits.resends_doubts
    audience = plan_audience(database, run, incoming, resends_doubts=again)
    return describe(ready, audience, transport)


def _send(
    ready: Ready, database: "Database", transport: "Transport", plan: "Plan", wishes: _Wishes
) -> ExitStatus:
    from newsletter.cli.books import say_books, status_of
    from newsletter.cli.progress import end_record, write_json

    due = plan.audience.due + (plan.audience.newcomers if wishes.extend else 0)
    name = ready.issue.name
    is_known = database.journal.find_run(name) is not None
    question = f"Send {name} to {_share(due, wishes)} over {transport.name}?"
    if due and not confirm(question, yes=wishes.yes):
        say("Nothing was sent.")
        return ExitStatus.COULD_NOT_RUN
    run = _open_run(ready, database, extend=wishes.extend)
    error: NewsletterError | None = None
    if not due and is_known:
        everyone = (
            "Everyone already has this issue" if not plan.audience.settled else "Nobody is due"
        )
        say(good(f"{everyone}: nothing to send."))
    else:
        error = _deliver(run, ready, database, transport, wishes)
    if wishes.machine:
        balance = database.journal.balance(run.id)
        state = (database.journal.find_run(name) or run).state
        status = ExitStatus.COULD_NOT_RUN if error else status_of(balance)
        text = str(error) if error else ""
        record = end_record(name, state.value, balance, status=status, error=text)
        write_json(wishes.machine, record)
    if error:
        raise error
    return say_books(run, database)


def _share(due: int, wishes: _Wishes) -> str:
    limit = wishes.terms.limit
    return f"{due:,} people" if limit is None or limit >= due else f"{limit:,} of {due:,} people"


def _open_run(ready: Ready, database: "Database", *, extend: bool) -> "Run":
    return database.journal.open_run(
        ready.issue.name,
        ready.rendered.digest,
        ready.rendered.subject,
        ready.moment,
        database.subscribers.audience(),
        now(),
        extend=extend,
        text=ready.rendered.text,
    )


def _deliver(
    run: "Run", ready: Ready, database: "Database", transport: "Transport", wishes: _Wishes
) -> NewsletterError | None:
    """The fault of ours that stopped it, for the books to be told first."""
    from newsletter.cli.progress import Progress
    from newsletter.cli.sending import deliver_run

    settings = ready.settings
    if settings.limits.resends_doubts:
        why = "in doubt, and sent again by the policy"
        database.journal.resolve_all(run.issue, accepted=False, now=now(), reason=why, by="policy")
    progress = Progress(run.issue, database.journal.balance(run.id).unfinished)
    with _report(progress, wishes.machine) as report:
        try:
            deliver_run(
                run,
                ready.desk,
                database,
                transport,
                settings,
                terms=wishes.terms,
                progress=progress,
                report=report,
            )
        except NewsletterError as error:
            return error
    return None


def _report(progress: "Progress", machine: "TextIO | None") -> "AbstractContextManager[Report]":
    """A bar on a terminal, JSON for machines, and a line now and then for all others."""
    from newsletter.cli.progress import json_lines, lines

    if machine:
        return nullcontext(json_lines(machine))
    if sys.stderr.isatty():
        from newsletter.cli.progress_bar import progress_bar

        return progress_bar(progress.total)
    return nullcontext(lines(note, every=5.0))


def _send_tests(
    ready: Ready, to: list[str], transport: "Transport", *, dry_run: bool, yes: bool
) -> ExitStatus:
    """Tests go out even with errors in the check: how it looks is what a test is for."""
    from newsletter.cli.sending import deliver_tests
    from newsletter.delivery import AudiencePlan, Recipient

    addresses: list[AddrSpec] = [parse_addr_spec(text) for text in to]
    first = tuple(Recipient(address=address, fields={}) for address in addresses)
    audience = AudiencePlan(due=len(first), suppressed={}, first=first)
    show_plan(describe(ready, audience, transport), ready, with_sizes=dry_run)
    if dry_run:
        return ExitStatus.DONE
    if not confirm(f"Send a test to {len(first)} addresses?", yes=yes):
        return ExitStatus.COULD_NOT_RUN
    return deliver_tests(addresses, ready.desk, transport, ready.settings.sender.reverse_path)
