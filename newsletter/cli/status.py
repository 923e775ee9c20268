"""`newsletter status`: the books, the slots, the approvals, and who keeps the schedule."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from newsletter.books import (
    STOPPED,
    Heartbeat,
    Room,
    Run,
    RunState,
    Slot,
    SlotState,
    Standing,
    in_time,
    minute,
    standing_of,
    worst,
)
from newsletter.cli.approval_view import approval_lines
from newsletter.cli.books import failure_line, rest_line, status_for
from newsletter.cli.console import bad, faint, good, say, strong, warning
from newsletter.cli.exit_status import ExitStatus
from newsletter.cli.formats import AsFormat, Format, say_record
from newsletter.cli.issue_files import ISSUE
from newsletter.cli.opening import publication_here
from newsletter.cli.standing_record import one_record, publication_record
from newsletter.cli.wording import line_of
from newsletter.errors import NewsletterError
from newsletter.publishing.issues import issue_name
from newsletter.publishing.publication import Books
from newsletter.publishing.resting import (
    Resting,
    group_relays,
    relay_cap,
    rest_of,
    rooms_left,
)
from newsletter.publishing.standing import approvals_sent, check_known, issue_standing, without_it
from newsletter.publishing.standing_back import held_back
from newsletter.reports import balance_lines, balance_sentence
from newsletter.schedule import slot_instant, slot_words

_PAINT = {SlotState.MISSED: bad, SlotState.STARTED: warning}


def status(
    issue: Annotated[str | None, ISSUE] = None,
    failed: Annotated[
        bool, typer.Option("--failed", help="Name everyone who does not have it, and why.")
    ] = False,
    format_: AsFormat = Format.TEXT,
) -> None:
    """Say who has an issue and who does not, in numbers that balance; and what is to come."""
    with publication_here().reading() as books:
        if issue is None:
            _say_all(books) if format_ is Format.TEXT else say_record(publication_record(books))
            return
        name = issue_name(issue)
        check_known(name, books)
        run, slot = books.database.runs.find(name), books.database.slots.find(name)
        if format_ is Format.JSON:
            say_record(one_record(Path(issue), books, failed=failed))
        elif run is None:
            say(strong(name))
            _say_slot(slot, books)
            _say_approvals(name, Path(issue), slot, books)
        else:
            _say_run(run, books, failed=failed)
            _say_slot(slot, books)
            _say_given(run, books)
        raise typer.Exit(_status_of(run, books) if run else ExitStatus.DONE)


def _status_of(run: Run, books: Books) -> ExitStatus:
    standing = standing_of(books.database.runs.balance_seen(run.id, books.now()))
    if run.state is RunState.FREEZING:
        standing = worst([standing, Standing.WAITING])
    return status_for(standing)


def _say_all(books: Books) -> None:
    database = books.database
    runs = database.runs.all()
    if not runs:
        say("No issue has been sent yet.")
    for run in runs:
        balance = database.runs.balance_seen(run.id, books.now())
        word = (good if balance.complete else warning)(run.state.value)
        corrects = faint(f"  corrects {run.corrects}") if run.corrects else ""
        say(f"{strong(run.issue)}  {word}  {minute(run.started_at)}{corrects}")
        _say_segment(run.segment)
        say(f"  {balance_sentence(balance)}")
    for slot in database.slots.in_states(SlotState.SCHEDULED, SlotState.MISSED):
        say(strong(slot.issue))
        _say_slot(slot, books)
    _say_relay(books)
    for beat in database.heartbeats.known():
        say(_heartbeat_line(beat, books))


def _say_run(run: Run, books: Books, *, failed: bool) -> None:
    database = books.database
    say(f"{strong(run.issue)}  {run.subject}  {faint(f'digest {run.digest[:12]}')}")
    if run.corrects:
        say(faint(f"  a correction of {run.corrects}"))
    _say_segment(run.segment)
    for line in balance_lines(database.runs.balance_seen(run.id, books.now())):
        say(line)
    if run.state is RunState.FREEZING:
        _say_freezing(run, books)
    _say_rest(run, books)
    for reason, count in database.statistics.suppressed(run.id).items():
        say(faint(f"  {count:,} suppressed: {reason}"))
    if failed:
        for failure in without_it(run.issue, books):
            say(failure_line(failure))


def _say_segment(segment: str) -> None:
    if segment:
        say(f"  to a segment: {segment}")


def _say_rest(run: Run, books: Books) -> None:
    for held in held_back(run, books):
        say(warning(f"  {held.words}"))
    try:
        rest = rest_of(run, books, books.publication.open_transport())
    except NewsletterError:
        return
    if rest is not None and run.state not in STOPPED:
        say(warning(f"  {rest_line(rest)}"))


def _say_relay(books: Books) -> None:
    """What [limits] leaves now, and the caps that relays have stated."""
    try:
        transport = books.publication.open_transport()
    except NewsletterError:
        return  # whoever sends is told
    _say_rooms(rooms_left(books, transport), relay_cap(books, transport))
    for each in group_relays(books, transport):
        _say_rooms(each.rooms, each.cap, f" over {' and '.join(each.relays)}")


def _say_rooms(rooms: Sequence[Room], cap: Resting | None, over: str = "") -> None:
    for room in rooms:
        used = room.limit - room.left
        say(f"Limit of {room.words}{over}: {used:,} used, {room.left:,} left")
    if cap:
        say(warning(f"{rest_line(cap)}{over and f' ({over.strip()})'}"))


def _say_freezing(run: Run, books: Books) -> None:
    so_far = f"  its audience is being frozen, {run.frozen:,} so far: nobody is sent anything yet"
    say(warning(so_far))
    if not books.database.runs.holders(run.id, books.now()):
        say(
            warning(
                f"  whoever froze it has stopped: `newsletter send {run.issue}` goes on with it"
            )
        )
    if run.controlled_by:
        say(warning(f"  it is paused by {run.controlled_by}, and stands still when it is whole"))


def _say_slot(slot: Slot | None, books: Books) -> None:
    if slot is None:
        return
    paint = _PAINT.get(slot.state, good)
    reason = f": {slot.reason}" if slot.reason not in ("", slot.state) else ""
    words = f"{paint(slot.state.value)}{reason}"
    say(f"  {words}  {_slot_times(slot, books)}  {faint(f'by {slot.scheduled_by}')}")
    if slot.state in (SlotState.SCHEDULED, SlotState.MISSED):
        _say_segment(slot.segment)


def _slot_times(slot: Slot, books: Books) -> str:
    """The slot, and how far away it is where it is still to come, or was kept or missed.

    What was sent by hand before its time says when.
    """
    if slot.state is SlotState.CANCELLED:
        return slot_words(slot)
    moment, started = slot_instant(slot), slot.started_at
    if started is not None and started < moment:
        return f"sent at {minute(started)}, before its slot of {slot_words(slot)}"
    return f"{slot_words(slot)}, {in_time(moment, books.now())}"


def _say_approvals(name: str, path: Path, slot: Slot | None, books: Books) -> None:
    """By the file as it is now: what holds, what is void, and what has changed since."""
    found = issue_standing(name, path, slot, books)
    if found.fault is not None:
        say(bad(f"  {line_of(found.fault)}"))
    if found.has_errors:
        say(bad(f"  The check has errors: newsletter check {found.path}"))
    if found.approvals is not None:
        for line in approval_lines(found.approvals):
            say(line)


def _say_given(run: Run, books: Books) -> None:
    """Who approved what was sent."""
    for approval in approvals_sent(run, books):
        override = f": {approval.override_reason}" if approval.override_reason else ""
        word = "overridden" if override else "approved"
        gone = approval.withdrawn_at
        since = f", who took it back on {minute(gone)}, after it had begun" if gone else ""
        say(faint(f"  {word} by {approval.approved_by}{since}{override}"))


def _heartbeat_line(beat: Heartbeat, books: Books) -> str:
    owner = beat.owner.partition(" [")[0]
    words = f"{owner}: {beat.doing}, last heard from {in_time(beat.beat_at, books.now())}"
    return bad(f"{words}: dead or hanging") if beat.is_silent(books.now()) else words
