"""The books of a run on the terminal: the numbers, the names, and the exit status they mean."""

from newsletter.books import Balance, Failure, Run, minute, needs_person
from newsletter.cli.console import faint, say
from newsletter.cli.exit_status import ExitStatus
from newsletter.reports import balance_lines, state_word, why
from newsletter.store import Database

_SHOWN_FAILURES = 10


def say_books(run: Run, database: Database) -> ExitStatus:
    """Print the balance and who needs a person; the exit status says the same."""
    balance = database.runs.balance(run.id)
    say(run.issue)
    for line in balance_lines(balance):
        say(line)
    _say_failures(run, database)
    return status_of(balance)


def status_of(balance: Balance) -> ExitStatus:
    if needs_person(balance) or not balance.balanced:
        return ExitStatus.FOUND
    return ExitStatus.TRY_AGAIN if balance.unfinished else ExitStatus.DONE


def failure_line(failure: Failure) -> str:
    """Who, in which state, what the relay said, and when the next try is due."""
    return f"  {failure.recipient}  {state_word(failure.state)}  {faint(why(failure))}"


def _say_failures(run: Run, database: Database) -> None:
    for shown, failure in enumerate(database.audiences.failures(run.issue)):
        if shown == _SHOWN_FAILURES:
            say(f"  … `newsletter status {run.issue} --failed` names them all")
            break
        say(failure_line(failure))
    due = database.journal.next_due(run.id)
    if due:
        say(f"Deferred until {minute(due)}: run the same command then.")
