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

    from newsletter.books import Run
    from newsletter.cli.progress import Progress, Report
    from newsletter.cli.sending import Terms
    from newsletter.delivery import Plan
    from newsletter.store import Database
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
    override: str | None
    """Why it is sent without the approvals asked for; None where it is not."""


def send(
    path: options.IssuePath,
    dry_run: options.DryRun = False,
    yes: options.Yes = False,
    to: options.To = None,
    subscribers: options.Subscribers = None,
    extend: options.Extend = False,
    retry_now: options.RetryNow = False,
    correction: options.Correction = False,
    force: options.Force = False,
    reason: options.Reason = "",
    out: options.Out = Path("outbox"),
    rate: options.Rate = None,
    connections: options.Connections = None,
    limit: options.Limit = None,
    until: options.Until = None,
    wait: options.Wait = None,
    json_lines: options.JsonLines = False,
) -> None:
    """Deliver an issue, once, to everyone on the list; the same command resumes.

    Exit status 0 everyone has it, 1 the check has errors, an approval is missing or somebody needs
    a person, 2 could not run, 75 some recipients are deferred or the run is paused: run it again.
    """
    from newsletter.cli.approvals import reason_said
    from newsletter.cli.sending import Terms

    settings = settings_here(with_environment=True)
    machine = sys.stdout if json_lines else None
    pace = options.rate_of(rate)
    override = reason_said(force=force, reason=reason)
    terms = Terms(retry_now=retry_now, limit=limit, until=options.deadline(until, wait, now()))
    wishes = _Wishes(terms, yes, extend=extend, machine=machine, override=override)
    if correction and (subscribers or extend or to):
        raise NewsletterError(
            "a correction goes to those who have the first one, and to nobody else",
            where="--correction",
            next_step="leave out --subscribers, --extend and --to",
        )
    with redirect_stdout(sys.stderr) if machine else nullcontext():
        issue = wiring.read_issue(path, settings.house)
        opened = wiring.open_transport(settings)
        transport = wiring.paced(opened, connections=connections, rate=pace)
        if to:
            tests = make_ready(issue, settings, mark=TEST_MARK)
            raise typer.Exit(_send_tests(tests, to, transport, dry_run=dry_run, yes=yes))
        with wiring.open_database(settings) as database:
            wiring.check_not_restored(database, settings)
            one = _one(issue, settings, database, transport, correction=correction)
            raise typer.Exit(
                _dry_run(one, subscribers, out)
                if dry_run
                else _send_for_real(one, subscribers, wishes)
            )


@dataclass(frozen=True, slots=True)
class _One:
    """The issue to send, what it is sent with, and the run it has, if it has one.

    `corrects` is the first sending, where this is its correction.
    """

    ready: Ready
    run: "Run | None"
    database: "Database"
    transport: "Transport"
    corrects: "Run | None" = None


def _one(
    issue: Issue,
    settings: Settings,
    database: "Database",
    transport: "Transport",
    *,
    correction: bool,
) -> _One:
    if correction:
        from newsletter.cli.correcting import correct

        ready, first = correct(issue, settings, database)
        run = database.runs.find(ready.name)
        return _One(ready, run, database, transport, corrects=first)
    from newsletter.cli.dating import ready_in_book

    run = database.runs.find(issue.name)
    return _One(ready_in_book(issue, settings, database), run, database, transport)


def _dry_run(one: _One, subscribers: Path | None, out: Path) -> ExitStatus:
    ready = one.ready
    plan = _plan(one, _incoming(one.database, subscribers))
    show_plan(plan, ready, with_sizes=True)
    _say_approvals(one)
    if one.run is not None and one.run.digest != ready.digest:
        _say_changes(one.database, one.run, ready)
    write_first(ready, plan.audience.first, out)
    say(faint("Dry run: no socket was opened and nothing was sent."))
    return ExitStatus.FOUND if ready.has_errors else ExitStatus.DONE


def _send_for_real(one: _One, subscribers: Path | None, wishes: _Wishes) -> ExitStatus:
    database, ready, run = one.database, one.ready, one.run
    if run is not None and run.state == "paused":
        at = f" since {run.controlled_at:%Y-%m-%d %H:%M} UTC" if run.controlled_at else ""
        say(f"{run.issue} is paused by {run.controlled_by}{at}: `newsletter resume {run.issue}`.")
        return ExitStatus.TRY_AGAIN
    incoming = _incoming(database, subscribers)
    plan = _plan(one, incoming)
    show_plan(plan, ready, with_sizes=False)
    _say_slot(one)
    if ready.has_errors:
        say(bad("Nothing was sent: the check has errors."))
        return ExitStatus.FOUND
    if run is not None and run.digest != ready.digest:
        _say_changes(database, run, ready)
        _open_run(one, extend=False)  # which refuses it
    if run is None and not _may_go(one, wishes.override):
        return ExitStatus.FOUND
    _import(database, incoming, yes=wishes.yes)
    return _send(one, plan, wishes)


def _may_go(one: _One, override: str | None) -> bool:
    """Whether [approval] lets a send by hand begin; an override is recorded."""
    from newsletter.cli.approvals import approval_lines, approve, verdict_on

    if not one.ready.settings.approval.send_too or verdict_on(one.ready, one.database).is_given:
        return True
    if override is not None:
        by = wiring.person_name()
        approve(one.ready, one.database, by=by, override_reason=override)
        say(f"Sent without the approvals asked for, by {by}: {override}")
        return True
    for line in approval_lines(one.ready, one.database):
        say(line)
    path = one.ready.issue.path
    say(bad("Nothing was sent: it is not approved."))
    say(f"`newsletter approve {path} --by NAME`, or `newsletter send {path} --force --reason TEXT`")
    return False


def _say_slot(one: _One) -> None:
    slot = one.database.slots.find(one.ready.name)
    if slot is not None and slot.state == "scheduled":
        say(f"It is scheduled for {slot}: what is sent now is not sent again then.")
        say()


def _say_approvals(one: _One) -> None:
    from newsletter.cli.approvals import verdict_line, verdict_on

    if one.ready.settings.approval.required:
        say(f"  {faint('Approval   ')}{verdict_line(verdict_on(one.ready, one.database))}")
        say()


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


def _plan(one: _One, incoming: "ImportPlan | None") -> "Plan":
    from newsletter.delivery import plan_audience

    if one.corrects is not None and one.run is None:
        from newsletter.cli.correcting import plan_correction

        return describe(one.ready, plan_correction(one.corrects, one.database), one.transport)
    again = one.ready.settings.limits.resends_doubts
    audience = plan_audience(one.database, one.run, incoming, resends_doubts=again)
    return describe(one.ready, audience, one.transport)


def _send(one: _One, plan: "Plan", wishes: _Wishes) -> ExitStatus:
    from newsletter.cli.books import say_books, status_of
    from newsletter.cli.delivering import end_run
    from newsletter.cli.progress import end_record, write_json

    ready, database = one.ready, one.database
    due = plan.audience.due + (plan.audience.newcomers if wishes.extend else 0)
    question = f"Send {ready.name} to {_share(due, wishes)} over {one.transport.name}?"
    if due and not confirm(question, yes=wishes.yes):
        say("Nothing was sent.")
        return ExitStatus.COULD_NOT_RUN
    run = _open_run(one, extend=wishes.extend)
    error: NewsletterError | None = None
    if not due and one.run is not None:
        everyone = (
            "Everyone already has this issue" if not plan.audience.settled else "Nobody is due"
        )
        say(good(f"{everyone}: nothing to send."))
    else:
        error = _deliver(run, one, wishes)
    balance = end_run(run, ready, database, by=wiring.person_name())
    if wishes.machine:
        state = (database.runs.find(ready.name) or run).state
        status = ExitStatus.COULD_NOT_RUN if error else status_of(balance)
        text = str(error) if error else ""
        record = end_record(ready.name, state.value, balance, status=status, error=text)
        write_json(wishes.machine, record)
    if error:
        raise error
    return say_books(run, database)


def _share(due: int, wishes: _Wishes) -> str:
    limit = wishes.terms.limit
    return f"{due:,} people" if limit is None or limit >= due else f"{limit:,} of {due:,} people"


def _open_run(one: _One, *, extend: bool) -> "Run":
    from newsletter.cli.delivering import open_run

    return open_run(
        one.ready,
        one.database,
        by=wiring.person_name(),
        extend=extend,
        corrects=one.corrects.issue if one.corrects else None,
    )


def _deliver(run: "Run", one: _One, wishes: _Wishes) -> NewsletterError | None:
    """The fault of ours that stopped it, for the books to be told first."""
    from newsletter.cli.delivering import deliver
    from newsletter.cli.progress import Progress

    progress = Progress(run.issue, one.database.runs.balance(run.id).unfinished)
    with _report(progress, wishes.machine) as report:
        return deliver(
            run,
            one.ready,
            one.database,
            one.transport,
            by=wiring.person_name(),
            terms=wishes.terms,
            progress=progress,
            report=report,
        )


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
