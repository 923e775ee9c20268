"""`newsletter approve --withdraw`: one's own approval taken back, and what that still changes."""

from collections.abc import Iterator
from pathlib import Path

from newsletter.books import OVER, SlotState, Withdrawal
from newsletter.cli.acting import acting_on
from newsletter.cli.approval_view import judgement_line
from newsletter.cli.console import bad, good, say, warning
from newsletter.cli.formats import Format
from newsletter.cli.said import on_one_line
from newsletter.cli.wording import command_for
from newsletter.errors import Act, NewsletterError, Remedy
from newsletter.publishing import approving
from newsletter.publishing.issues import issue_name
from newsletter.publishing.letting_out import Refusal
from newsletter.publishing.publication import Books
from newsletter.publishing.standing import slot_standing


def withdraw_approval(path: Path, by: str, reason: str, format_: Format, *, is_plain: bool) -> None:
    """Needs no more than the issue's name: its file may be gone, or have changed since."""
    if not is_plain:
        raise NewsletterError(
            "a withdrawal takes back every approval of the issue that you gave",
            where="--withdraw",
            next_step="leave out --force and --segment",
        )
    name = issue_name(str(path))
    with acting_on(path, format_, by) as books:
        done = approving.withdraw(name, books, because=on_one_line(reason))
        say(good(f"{by} no longer approves {name}."))
        for line in _what_follows(name, done, books):
            say(line)


def _what_follows(name: str, done: Withdrawal, books: Books) -> Iterator[str]:
    for run, state in done.runs.items():
        if state in OVER:
            yield f"{run} is {state}: whoever has it keeps it."
            continue
        pause, cancel = (command_for(Remedy(act, run)) for act in (Act.PAUSE, Act.CANCEL))
        yield warning(f"The sending of {run} has begun, and goes on.")
        yield f"`{pause}` stops it for now, `{cancel}` for good."
    slot = books.database.slots.find(name)
    if slot is None or slot.state is not SlotState.SCHEDULED or done.runs:
        return
    found = slot_standing(slot, books)
    if isinstance(found, Refusal):
        yield bad(f"It would not be sent at {slot}: {found.reason}.")
    elif found is not None:
        yield f"It still goes out at {slot}: {judgement_line(found)}."
