"""The books of a run on the terminal: the numbers, and the names of whoever needs a person."""

from collections.abc import Mapping

from newsletter.books import Failure, Run, Standing, minute, standing_of
from newsletter.cli.console import faint, say
from newsletter.cli.exit_status import ExitStatus
from newsletter.publishing.publication import Books
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
