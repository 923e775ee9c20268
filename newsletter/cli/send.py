"""`newsletter send`: show the plan, ask, deliver, and print the books."""

import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

import typer

from newsletter.addresses import AddrSpec
from newsletter.books import Holder, Run, RunState, minute, standing_of
from newsletter.cli import send_options as options
from newsletter.cli.asked import One, Wishes, the_one
from newsletter.cli.books import say_books, status_for
from newsletter.cli.console import confirm, faint, good, note, say, warning
from newsletter.cli.exit_status import ExitStatus
from newsletter.cli.formats import AsFormat, Format, Record, say_record, words_aside
from newsletter.cli.held_back import approval_row, early, held_back, say_changes
from newsletter.cli.listening import end_record, listening, say_stopping, write_json
from newsletter.cli.opening import publication_here
from newsletter.cli.people import ConsentText, bring, incoming_shown
from newsletter.cli.plan_record import dry_run_record
from newsletter.cli.plan_view import show_plan, write_first
from newsletter.cli.publication import issue_here
from newsletter.cli.said import reason_said
from newsletter.cli.segments import segment_said
from newsletter.cli.send_tests import recipients_of_tests, send_tests_of
from newsletter.cli.standing_record import one_record
from newsletter.cli.wording import command_for, line_of
from newsletter.clock import now
from newsletter.daemon import stop_on_signals
from newsletter.errors import RunBusyError
from newsletter.issue import Issue
from newsletter.publishing.aftermath import tell_of
from newsletter.publishing.approving import approvers
from newsletter.publishing.issues import read_issue
from newsletter.publishing.people.importing import Incoming
from newsletter.publishing.plan import Plan, describe, plan_audience
from newsletter.publishing.publication import Publication
from newsletter.publishing.restoring import stands_still
from newsletter.publishing.sending import Send, Sent, open_run, sent
from newsletter.publishing.sending import send as send_run
from newsletter.publishing.terms import RELAY_PAUSES, Terms
from newsletter.settings import TO_SEND


def send(
    path: options.IssuePath,
    dry_run: options.DryRun = False,
    yes: options.Yes = False,
    date_is_right: options.DateIsRight = False,
    test: options.Test = False,
    to: options.To = None,
    segment: options.Segment = None,
    subscribers: options.Subscribers = None,
    consent: ConsentText = "",
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
    format_: AsFormat = Format.TEXT,
) -> None:
    """Deliver an issue, once, to everyone on the list or to a segment; the same command resumes."""
    options.check_one_output(format_, is_stream=json_lines)
    opened = publication_here(needs=TO_SEND)
    publication = opened.at_pace(connections=connections, rate=options.rate_of(rate))
    wishes = Wishes(
        override=reason_said(force=force, reason=reason),
        terms=Terms(
            retry_now=retry_now,
            limit=limit,
            until=options.deadline(until, wait, now()),
            relay_pauses=RELAY_PAUSES,
        ),
        segment=segment_said(segment),
        subscribers=subscribers,
        consent=consent,
        yes=yes,
        date_is_right=date_is_right,
        extend=extend,
        machine=sys.stdout if json_lines else None,
        format=format_,
    )
    is_test = bool(to or test)
    options.check_whom(
        wishes.segment, subscribers, is_test=is_test, is_correction=correction, is_extended=extend
    )
    with words_aside(Format.JSON if json_lines else format_):
        issue = read_issue(issue_here(path), publication.settings.house)
        publication.open_transport()  # without one nothing else need be looked at
        addresses = recipients_of_tests(to or (), publication.settings, is_test=test)
        tests = addresses if is_test else None
        written = out if dry_run else None
        status, record = _act(issue, publication, wishes, tests, written, correction=correction)
    if format_ is Format.JSON:
        say_record(record)
    raise typer.Exit(status)


def _act(
    issue: Issue,
    publication: Publication,
    wishes: Wishes,
    tests: Sequence[AddrSpec] | None,
    out: Path | None,
    *,
    correction: bool,
) -> tuple[ExitStatus, Record]:
    """How it ends, and what a program is told; a dry run is where there is a folder for it."""
    if tests is not None:
        return send_tests_of(issue, publication, tests, wishes, dry_run=out is not None)
    with publication.acting() if out is None else publication.reading() as books:
        one = the_one(issue, books, wishes.segment, correction=correction)
        if out is not None:
            return _dry_run(one, wishes, out)
        status = _for_real(one, wishes)
        is_told = wishes.format is Format.JSON
        return status, one_record(Path(one.ready.name), books) if is_told else {}


def _dry_run(one: One, wishes: Wishes, out: Path) -> tuple[ExitStatus, Record]:
    ready = one.ready
    with incoming_shown(one.books, wishes.subscribers) as incoming:
        plan = _plan(one, incoming)
    show_plan(plan, ready, with_sizes=True)
    if ready.settings.approval.required:
        say(f"  {faint('Approval   ')}{approval_row(one)}")
        say()
    if ahead := early(one):
        say(warning(f"{ahead}."))
    if one.run is not None and one.run.digest != ready.digest:
        say_changes(one.run, one)
    write_first(ready, plan.audience.first, out, one.books)
    say(faint("Dry run: no socket was opened and nothing was sent."))
    status = ExitStatus.FOUND if ready.has_errors else ExitStatus.DONE
    return status, dry_run_record(plan, one)


def _for_real(one: One, wishes: Wishes) -> ExitStatus:
    ready, run, books = one.ready, one.run, one.books
    if run is not None and run.state is RunState.PAUSED:
        at = f" since {minute(run.controlled_at)}" if run.controlled_at else ""
        say(f"{run.issue} is paused by {run.controlled_by}{at}: `newsletter resume {run.issue}`.")
        return ExitStatus.TRY_AGAIN
    found = books.database.runs.find(ready.name)
    if found is not None and (holders := books.database.runs.holders(found.id, books.now())):
        return _busy(found, holders[0], one, wishes)
    with incoming_shown(books, wishes.subscribers) as incoming:
        plan = _plan(one, incoming)
        show_plan(plan, ready, with_sizes=False)
        if (status := held_back(one, wishes)) is not None:
            return status
        bring(incoming, wishes.consent, yes=wishes.yes)
    return _send(one, plan, wishes)


def _busy(run: Run, holder: Holder, one: One, wishes: Wishes) -> ExitStatus:
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


def _plan(one: One, incoming: Incoming | None) -> Plan:
    coming = None if incoming is None else incoming.plan
    audience = plan_audience(one.books, one.run, coming, one.corrects, one.ready.segment)
    return describe(one.ready, audience, one.books.publication, one.books)


def _send(one: One, plan: Plan, wishes: Wishes) -> ExitStatus:
    ready, books = one.ready, one.books
    due = plan.audience.due + (plan.audience.newcomers if wishes.extend else 0)
    people = _share(due, wishes.terms)
    whom = f"{people} of the segment {ready.segment}" if ready.segment else people
    question = f"Send {ready.name}, “{plan.subject}”, to {whom} over {plan.transport}?"
    if due and not confirm(question, yes=wishes.yes):
        say("Nothing was sent.")
        return ExitStatus.COULD_NOT_RUN
    try:
        names = approvers(ready, books) if one.must_be_approved and one.run is None else ()
        run = open_run(ready, books, extend=wishes.extend, corrects=one.corrects, approved_by=names)
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


async def _deliver(run: Run, one: One, wishes: Wishes) -> Sent:
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
