"""What keeps a send by hand from beginning: errors, changes, missing approvals, its day."""

from newsletter.books import Run, SlotState, minute
from newsletter.cli.approval_view import approval_lines, judgement_line
from newsletter.cli.asked import One, Wishes
from newsletter.cli.console import bad, confirm, faint, say, strong
from newsletter.cli.exit_status import ExitStatus
from newsletter.cli.wording import command_for
from newsletter.errors import Act, NewsletterError, Remedy
from newsletter.publishing.approving import approve, judgement_on
from newsletter.publishing.changes import since_run
from newsletter.publishing.dating import days_ahead
from newsletter.publishing.sending import open_run
from newsletter.publishing.standing import approvals_of

_TOMORROW = 1
"""Days ahead: whoever sends on the evening before is not asked."""


def held_back(one: One, wishes: Wishes) -> ExitStatus | None:
    """How it ends before anybody is asked about the sending; None where it goes on."""
    ready, run, books = one.ready, one.run, one.books
    _say_slot(one)
    if ready.has_errors:
        say(bad("Nothing was sent: the check has errors."))
        return ExitStatus.FOUND
    if run is not None and run.digest != ready.digest:
        say_changes(run, one)
        open_run(ready, books, corrects=one.corrects)  # raises what is wrong with it
    if run is None and not _may_go(one, wishes.override):
        return ExitStatus.FOUND
    if not _is_day_right(one, wishes):
        say("Nothing was sent.")
        return ExitStatus.COULD_NOT_RUN
    return None


def _may_go(one: One, override: str | None) -> bool:
    """Whether [approval] lets a send by hand begin; an override is recorded."""
    ready, books = one.ready, one.books
    if not one.must_be_approved or judgement_on(ready, books).is_given:
        return True
    if override is not None:
        approve(ready, books, override_reason=override)
        say(f"Sent without the approvals asked for, by {books.by}: {override}")
        return True
    for line in approval_lines(approvals_of(ready, books)):
        say(line)
    what = "the correction" if one.corrects else "it"
    say(bad(f"Nothing was sent: {what} is not approved."))
    say(f"{_to_approve(one)}, or `{_send(one)} --force --reason TEXT`")
    return False


def approval_row(one: One) -> str:
    """For a dry run: what the approvals are worth, and what to do where they keep it back."""
    judgement = judgement_on(one.ready, one.books)
    line = judgement_line(judgement)
    if judgement.is_given:
        return line
    if not one.must_be_approved:
        return f"{line}; {faint('a send by hand needs none')}"
    return f"{line}; {_to_approve(one)}"


def _to_approve(one: One) -> str:
    return f"`{command_for(Remedy(Act.APPROVE, one.ready.issue.path))}`"


def _send(one: One) -> str:
    act = Act.CORRECT if one.corrects else Act.SEND
    return command_for(Remedy(act, one.ready.issue.path))


def early(one: One) -> str:
    """That the issue's day is yet to come, in words; "" where it may go out: tomorrow's may."""
    day, ahead = one.day, days_ahead(one.day, one.ready.settings, one.books.now())
    if day is None or ahead <= _TOMORROW or one.corrects or one.run:
        return ""
    return f"{one.ready.name} is dated {day:%A} {day}, {ahead} days from now"


def _is_day_right(one: One, wishes: Wishes) -> bool:
    """Whether an issue whose day is yet to come is to go out now."""
    what = early(one)
    if not what or wishes.date_is_right:
        return True
    if wishes.yes:
        raise NewsletterError(
            what,
            where=one.ready.issue.path,
            next_step="wait for its day, or say --date-is-right to send it now",
        )
    return confirm(f"{what}. Send it now all the same?", yes=False, option="--date-is-right")


def _say_slot(one: One) -> None:
    slot = one.books.database.slots.find(one.ready.name)
    if slot is not None and slot.state is SlotState.SCHEDULED:
        say(f"It is scheduled for {slot}: whoever gets it now does not get it again then.")
        say()


def say_changes(run: Run, one: One) -> None:
    say(strong(f"{run.issue} has changed since its run began ({minute(run.started_at)})."))
    for line in since_run(one.books, run, one.ready.rendered).words():
        say(line)
    say()
