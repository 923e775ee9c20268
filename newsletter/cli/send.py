"""`newsletter send`: show the plan, ask, deliver, and print the books."""

import asyncio
import sys
from contextlib import nullcontext, redirect_stdout
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TextIO

import typer

from newsletter.addresses import parse_addr_spec
from newsletter.books import Holder, Run, RunState, SlotState, minute, standing_of
from newsletter.cli import send_options as options
from newsletter.cli.approval_view import approval_lines, judgement_line
from newsletter.cli.books import say_books, status_for
from newsletter.cli.console import (
    bad,
    confirm,
    faint,
    good,
    note,
    say,
    strong,
    warning,
)
from newsletter.cli.exit_status import ExitStatus
from newsletter.cli.listening import end_record, listening, say_stopping, write_json
from newsletter.cli.opening import publication_here
from newsletter.cli.plan_view import import_lines, show_plan, write_first
from newsletter.cli.publication import issue_here
from newsletter.cli.readiness import ready_or_exit
from newsletter.cli.said import reason_said
from newsletter.cli.wording import command_for, line_of
from newsletter.clock import now
from newsletter.daemon import stop_on_signals
from newsletter.errors import NewsletterError, RunBusyError
from newsletter.issue import Issue
from newsletter.publishing.aftermath import tell_of
from newsletter.publishing.approving import approve, judgement_on
from newsletter.publishing.changes import since_run
from newsletter.publishing.correcting import make_correction
from newsletter.publishing.dating import days_ahead
from newsletter.publishing.issues import read_issue
from newsletter.publishing.plan import Plan, describe, plan_audience, plan_tests
from newsletter.publishing.publication import Books, Publication
from newsletter.publishing.ready import Ready, make_ready, ready_in_books
from newsletter.publishing.restoring import stands_still
from newsletter.publishing.sending import (
    RELAY_PAUSES,
    Send,
    Sent,
    Terms,
    open_run,
    sent,
)
from newsletter.publishing.sending import send as send_run
from newsletter.publishing.standing import approvals_of
from newsletter.publishing.testing import TEST_MARK, send_tests
from newsletter.subscribers import ImportPlan, read_subscriber_file

_TOMORROW = 1
"""Days ahead: whoever sends on the evening before is not asked."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Wishes:
    """What was asked for on the command line, beyond the issue.

    `machine` is where JSON goes, None where people read. `override` is why it is sent without the
    approvals asked for, None where it is not.
    """

    terms: Terms
    subscribers: Path | None
    yes: bool
    extend: bool
    machine: TextIO | None
    override: str | None
    date_is_right: bool


def send(
    path: options.IssuePath,
    dry_run: options.DryRun = False,
    yes: options.Yes = False,
    date_is_right: options.DateIsRight = False,
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
    a person, 2 could not run, 75 some recipients are deferred, a limit is reached or the run is
    paused: run it again.
    """
    publication = publication_here().at_pace(connections=connections, rate=options.rate_of(rate))
    wishes = _Wishes(
        override=reason_said(force=force, reason=reason),
        terms=Terms(
            retry_now=retry_now,
            limit=limit,
            until=options.deadline(until, wait, now()),
            relay_pauses=RELAY_PAUSES,
        ),
        subscribers=subscribers,
        yes=yes,
        date_is_right=date_is_right,
        extend=extend,
        machine=sys.stdout if json_lines else None,
    )
    if correction and (subscribers or extend or to):
        raise NewsletterError(
            "a correction goes to those who have the first version, and to nobody else",
            where="--correction",
            next_step="leave out --subscribers, --extend and --to",
        )
    with redirect_stdout(sys.stderr) if wishes.machine else nullcontext():
        issue = read_issue(issue_here(path), publication.settings.house)
        publication.open_transport()  # without one nothing else need be looked at
        if to:
            raise typer.Exit(_send_tests(issue, publication, to, wishes, dry_run=dry_run))
        with publication.reading() if dry_run else publication.acting() as books:
            one = _one(issue, books, correction=correction)
            raise typer.Exit(_dry_run(one, wishes, out) if dry_run else _for_real(one, wishes))


@dataclass(frozen=True, kw_only=True, slots=True)
class _One:
    """The issue to send, and the run it has, if it has one.

    `day` is the issue's own, or its slot's; `corrects` the first sending, where this is its
    correction.
    """

    ready: Ready
    run: Run | None
    books: Books
    day: date | None
    corrects: Run | None = None


def _one(issue: Issue, books: Books, *, correction: bool) -> _One:
    first: Run | None = None
    if correction:
        made, first = make_correction(issue, books)
    else:
        made = ready_in_books(issue, books)
    ready = ready_or_exit(made)
    run = books.begun(ready.name)
    slot = books.database.slots.find(issue.name)
    coming = slot.local_date if slot and slot.state is SlotState.SCHEDULED else None
    return _One(ready=ready, run=run, books=books, day=issue.date or coming, corrects=first)


def _dry_run(one: _One, wishes: _Wishes, out: Path) -> ExitStatus:
    ready = one.ready
    plan = _plan(one, _incoming(one.books, wishes.subscribers))
    show_plan(plan, ready, with_sizes=True)
    if ready.settings.approval.required:
        say(f"  {faint('Approval   ')}{judgement_line(judgement_on(ready, one.books))}")
        say()
    if early := _early(one):
        say(warning(f"{early}."))
    if one.run is not None and one.run.digest != ready.digest:
        _say_changes(one.run, one)
    write_first(ready, plan.audience.first, out, one.books)
    say(faint("Dry run: no socket was opened and nothing was sent."))
    return ExitStatus.FOUND if ready.has_errors else ExitStatus.DONE


def _for_real(one: _One, wishes: _Wishes) -> ExitStatus:
    ready, run, books = one.ready, one.run, one.books
    if run is not None and run.state is RunState.PAUSED:
        at = f" since {minute(run.controlled_at)}" if run.controlled_at else ""
        say(f"{run.issue} is paused by {run.controlled_by}{at}: `newsletter resume {run.issue}`.")
        return ExitStatus.TRY_AGAIN
    found = books.database.runs.find(ready.name)
    if found is not None and (holders := books.database.runs.holders(found.id, books.now())):
        return _busy(found, holders[0], one, wishes)
    incoming = _incoming(books, wishes.subscribers)
    plan = _plan(one, incoming)
    show_plan(plan, ready, with_sizes=False)
    _say_slot(one)
    if ready.has_errors:
        say(bad("Nothing was sent: the check has errors."))
        return ExitStatus.FOUND
    if run is not None and run.digest != ready.digest:
        _say_changes(run, one)
        open_run(ready, books, corrects=one.corrects)  # raises what is wrong with it
    if run is None and not _may_go(one, wishes.override):
        return ExitStatus.FOUND
    if not _is_day_right(one, wishes):
        say("Nothing was sent.")
        return ExitStatus.COULD_NOT_RUN
    is_wanted = incoming is not None and incoming.changes_something
    if incoming and is_wanted and confirm("Import these subscribers?", yes=wishes.yes):
        books.database.subscribers.apply(incoming, books.now())
    return _send(one, plan, wishes)


def _busy(run: Run, holder: Holder, one: _One, wishes: _Wishes) -> ExitStatus:
    """Another process sends it; if that one has died unseen, its lease ends."""
    until = f"{holder.lease_until:%Y-%m-%d %H:%M:%S} UTC"
    what = "freezing the audience of" if run.state is RunState.FREEZING else "sending"
    busy = f"{holder.owner} is {what} {run.issue} at this moment; its lease runs until {until}"
    say(f"{busy}.")
    say(f"`newsletter status {run.issue}` shows how far it is. If it has died, send again then.")
    if wishes.machine:
        balance = one.books.database.runs.balance_seen(run.id, one.books.now())
        record = end_record(run, balance, status=ExitStatus.TRY_AGAIN, error=busy)
        write_json(wishes.machine, record)
    return ExitStatus.TRY_AGAIN


def _may_go(one: _One, override: str | None) -> bool:
    """Whether [approval] lets a send by hand begin; an override is recorded."""
    ready, books = one.ready, one.books
    if not ready.settings.approval.send_too or judgement_on(ready, books).is_given:
        return True
    if override is not None:
        approve(ready, books, override_reason=override)
        say(f"Sent without the approvals asked for, by {books.by}: {override}")
        return True
    for line in approval_lines(approvals_of(ready, books)):
        say(line)
    path = ready.issue.path
    say(bad("Nothing was sent: it is not approved."))
    say(f"`newsletter approve {path} --by NAME`, or `newsletter send {path} --force --reason TEXT`")
    return False


def _early(one: _One) -> str:
    """That the issue's day is yet to come, in words; "" where it may go out: tomorrow's may."""
    day, ahead = one.day, days_ahead(one.day, one.ready.settings, one.books.now())
    if day is None or ahead <= _TOMORROW or one.corrects or one.run:
        return ""
    return f"{one.ready.name} is dated {day:%A} {day}, {ahead} days from now"


def _is_day_right(one: _One, wishes: _Wishes) -> bool:
    """Whether an issue whose day is yet to come is to go out now."""
    what = _early(one)
    if not what or wishes.date_is_right:
        return True
    if wishes.yes:
        raise NewsletterError(
            what,
            where=one.ready.issue.path,
            next_step="wait for its day, or say --date-is-right to send it now",
        )
    return confirm(f"{what}. Send it now all the same?", yes=False)


def _say_slot(one: _One) -> None:
    slot = one.books.database.slots.find(one.ready.name)
    if slot is not None and slot.state is SlotState.SCHEDULED:
        say(f"It is scheduled for {slot}: whoever gets it now does not get it again then.")
        say()


def _say_changes(run: Run, one: _One) -> None:
    say(strong(f"{run.issue} has changed since its run began ({minute(run.started_at)})."))
    for line in since_run(one.books, run, one.ready.rendered).words():
        say(line)
    say()


def _incoming(books: Books, path: Path | None) -> ImportPlan | None:
    if path is None:
        return None
    lenient = books.settings.limits.lenient_addresses
    file = read_subscriber_file(path, lenient=lenient)
    incoming = books.database.subscribers.plan_import(file)
    for line in import_lines(incoming, str(path)):
        say(line)
    say()
    return incoming


def _plan(one: _One, incoming: ImportPlan | None) -> Plan:
    audience = plan_audience(one.books, one.run, incoming, one.corrects)
    return describe(one.ready, audience, one.books.publication, one.books)


def _send(one: _One, plan: Plan, wishes: _Wishes) -> ExitStatus:
    ready, books = one.ready, one.books
    due = plan.audience.due + (plan.audience.newcomers if wishes.extend else 0)
    people = _share(due, wishes.terms)
    question = f"Send {ready.name}, “{plan.subject}”, to {people} over {plan.transport}?"
    if due and not confirm(question, yes=wishes.yes):
        say("Nothing was sent.")
        return ExitStatus.COULD_NOT_RUN
    try:
        run = open_run(ready, books, extend=wishes.extend, corrects=one.corrects)
    except RunBusyError as error:  # another began it since we looked
        say(f"{line_of(error)}.")
        return ExitStatus.TRY_AGAIN
    if run.state is RunState.PAUSED:
        return _say_held(run)
    if due or one.run is None:
        done = asyncio.run(_deliver(run, one, wishes))
    else:
        nobody = "Nobody is due" if plan.audience.settled else "Everyone already has this issue"
        say(good(f"{nobody}: nothing to send."))
        done = sent(books, run)
    if wishes.machine:
        _write_end(done, wishes.machine)
    if isinstance(done.fault, RunBusyError):  # it took the run in the moment before we did
        say(f"{line_of(done.fault)}.")
        return ExitStatus.TRY_AGAIN
    if done.fault:
        raise done.fault
    return say_books(run, books)


def _say_held(run: Run) -> ExitStatus:
    held = stands_still(run)
    say(warning(f"Nothing was sent: {held.reason}."))
    say(f"{held.step}: {', '.join(f'`{command_for(each)}`' for each in held.remedies)}")
    return ExitStatus.TRY_AGAIN


def _share(due: int, terms: Terms) -> str:
    limit = terms.limit
    return f"{due:,} people" if limit is None or limit >= due else f"{limit:,} of {due:,} people"


async def _deliver(run: Run, one: _One, wishes: _Wishes) -> Sent:
    with stop_on_signals(say_stopping) as stop:
        with listening(wishes.machine) as listener:
            done = await send_run(
                Send(
                    books=one.books,
                    ready=one.ready,
                    run=run,
                    terms=wishes.terms,
                    listener=listener,
                    stop=stop,
                )
            )
        for fault in await tell_of(done, one.books):
            note(warning(fault))
    return done


def _write_end(done: Sent, machine: TextIO) -> None:
    error = line_of(done.fault) if done.fault else ""
    if isinstance(done.fault, RunBusyError):
        status = ExitStatus.TRY_AGAIN
    else:
        status = ExitStatus.COULD_NOT_RUN if done.fault else status_for(standing_of(done.balance))
    write_json(machine, end_record(done.run, done.balance, status=status, error=error))


def _send_tests(
    issue: Issue, publication: Publication, to: list[str], wishes: _Wishes, *, dry_run: bool
) -> ExitStatus:
    """Tests go out even with errors in the check: how it looks is what a test is for."""
    ready = ready_or_exit(make_ready(issue, publication, mark=TEST_MARK))
    lenient = publication.settings.limits.lenient_addresses
    addresses = [parse_addr_spec(text, lenient=lenient) for text in to]
    show_plan(describe(ready, plan_tests(addresses), publication), ready, with_sizes=dry_run)
    if dry_run:
        return ExitStatus.DONE
    if not confirm(f"Send a test to {len(addresses)} addresses?", yes=wishes.yes):
        return ExitStatus.COULD_NOT_RUN

    async def deliver() -> ExitStatus:
        status = ExitStatus.DONE
        async for test in send_tests(ready, addresses, publication):
            word = good("accepted") if test.is_accepted else bad(test.verdict)
            say(f"  {test.address}: {word}  {test.said}".rstrip())
            status = status if test.is_accepted else ExitStatus.FOUND
        return status

    return asyncio.run(deliver())
