"""The books of a run on the terminal: the numbers, and the names of whoever needs a person."""

from collections.abc import Mapping

from newsletter.books import STOPPED, Failure, Run, Standing, minute, second, standing_of
from newsletter.cli.console import faint, say
from newsletter.cli.exit_status import ExitStatus
from newsletter.publishing.publication import Books
from newsletter.publishing.resting import Resting, rest_of
from newsletter.publishing.standing_back import held_back
from newsletter.reports import balance_lines, state_word, why

_SHOWN_FAILURES = 10

_STATUSES: Mapping[Standing, ExitStatus] = {
    Standing.DONE: ExitStatus.DONE,
    Standing.WAITING: ExitStatus.TRY_AGAIN,
    Standing.NEEDS_PERSON: ExitStatus.FOUND,
    Standing.UNABLE: ExitStatus.COULD_NOT_RUN,
}


def status_for(standing: Standing) -> ExitStatus:
    return _STATUSES[standing]


def say_books(run: Run, books: Books) -> ExitStatus:
    """Print the balance and who needs a person; the exit status says the same."""
    balance = books.database.runs.balance_seen(run.id, books.now())
    say(run.issue)
    for line in balance_lines(balance):
        say(line)
    _say_failures(run, books)
    say_rest(run, books)
    return status_for(standing_of(balance))


def failure_line(failure: Failure) -> str:
    """Who, in which state, what the relay said, and when the next try is due."""
    return f"  {failure.recipient}  {state_word(failure.state)}  {faint(why(failure))}"


def _say_failures(run: Run, books: Books) -> None:
    failures = books.database.audiences.failures(run.issue, now=books.now())
    for shown, failure in enumerate(failures):
        if shown == _SHOWN_FAILURES:
            say(f"  … `newsletter status {run.issue} --failed` names them all")
            break
        say(failure_line(failure))
    due = books.database.journal.next_due(run.id)
    if due:
        say(f"Deferred until {minute(due)}: run the same command then.")


def rest_line(rest: Resting) -> str:
    """`Rests until 2026-11-28 07:00:04 UTC: the limit of 500 a day is reached`."""
    return f"Rests until {second(rest.until)}: {rest.why}"


def say_rest(run: Run, books: Books) -> None:
    """When a run goes on that rests, and who sees to it."""
    now = books.database.runs.find(run.issue) or run
    for held in held_back(run, books):
        say(f"{held.words}: take `pause` out there, and run the same command.")
    rest = rest_of(run, books, books.publication.open_transport())
    if rest is None or now.state in STOPPED:
        return
    say(f"{rest_line(rest)}.")
    if books.database.slots.find(run.issue):
        say("Whoever keeps the schedule goes on with it then; so does the same command.")
    else:
        say("Run the same command then; with --wait 25h it waits for that by itself.")
