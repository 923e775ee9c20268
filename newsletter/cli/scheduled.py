"""`newsletter scheduled`: what goes out when, and whether it is approved."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated

import typer

from newsletter.books import Slot, SlotState, in_time, minute
from newsletter.cli.approval_view import judgement_line
from newsletter.cli.console import bad, faint, good, say, strong, warning
from newsletter.cli.formats import AsFormat, Format, Record, moment, say_record
from newsletter.cli.opening import publication_here
from newsletter.cli.standing_record import slot_prospect
from newsletter.publishing.letting_out import Refusal
from newsletter.publishing.publication import Books
from newsletter.publishing.standing import slot_standing
from newsletter.schedule import next_slot_date, rule_words, slot_instant

_PAINT = {
    SlotState.MISSED: bad,
    SlotState.STARTED: warning,
    SlotState.CANCELLED: faint,
    SlotState.DONE: good,
}


def scheduled(
    everything: Annotated[
        bool, typer.Option("--all", help="Also those that are done, missed or taken out.")
    ] = False,
    format_: AsFormat = Format.TEXT,
) -> None:
    """List the slots: wall time, zone, UTC, how long until, approvals, state."""
    with publication_here().reading() as books:
        states = () if everything else (SlotState.SCHEDULED, SlotState.STARTED, SlotState.MISSED)
        slots = books.database.slots.in_states(*states)
        if format_ is Format.JSON:
            say_record(_record(slots, books))
            return
        for slot in slots:
            _say(slot, books)
        if not slots:
            say("Nothing is scheduled.")
        rule = books.settings.schedule
        day = next_slot_date(rule, books.now())
        say(faint(f"The rule: {rule_words(rule)}; its next slot is on {day}."))


def _record(slots: Iterable[Slot], books: Books) -> Record:
    rule = books.settings.schedule
    return {
        "at": moment(books.now()),
        "rule": rule_words(rule),
        "next_date": next_slot_date(rule, books.now()).isoformat(),
        "slots": [slot_prospect(slot, books) for slot in slots],
    }


def _say(slot: Slot, books: Books) -> None:
    moment = slot_instant(slot)
    say(
        f"{strong(slot.issue)}  {slot.local_date:%a} {slot}  {minute(moment)}  "
        f"{_when(slot, moment, books)}{_state(slot)}"
    )
    if slot.segment:
        say(f"  to a segment: {slot.segment}")
    say(f"  {_approval(slot, books)}")


def _when(slot: Slot, moment: datetime, books: Books) -> str:
    """How far away it is; "" for one that was taken out. What was sent before it says when."""
    if slot.state is SlotState.CANCELLED:
        return ""
    if slot.started_at is not None and slot.started_at < moment:
        return f"sent {minute(slot.started_at)}  "
    return f"{in_time(moment, books.now())}  "


def _state(slot: Slot) -> str:
    paint = _PAINT.get(slot.state, str)
    reason = f": {slot.reason}" if slot.reason not in ("", slot.state) else ""
    return paint(f"{slot.state.value}{reason}")


def _approval(slot: Slot, books: Books) -> str:
    """By the file as it is now, where the issue has not begun."""
    found = slot_standing(slot, books)
    if found is None:
        return faint(f"scheduled by {slot.scheduled_by}")
    if isinstance(found, Refusal):
        return bad(f"would not be sent: {found.reason}")
    return judgement_line(found)
