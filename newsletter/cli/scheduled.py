"""`newsletter scheduled`: what goes out when, and whether it is approved."""

from typing import TYPE_CHECKING, Annotated

import typer

from newsletter import wiring
from newsletter.cli.console import bad, faint, good, say, strong, warning
from newsletter.cli.publication import settings_here
from newsletter.clock import now

if TYPE_CHECKING:
    from newsletter.books import SlotRow
    from newsletter.settings import Settings
    from newsletter.store import Database


def scheduled(
    everything: Annotated[
        bool, typer.Option("--all", help="Also what is done, was missed or was taken out.")
    ] = False,
) -> None:
    """List the slots: wall time, zone, UTC, how long until, approvals, state."""
    from newsletter.books import SlotState
    from newsletter.schedule import next_slot_date, rule_words

    settings = settings_here(with_environment=True)
    with wiring.open_database(settings) as database:
        states = () if everything else (SlotState.SCHEDULED, SlotState.STARTED, SlotState.MISSED)
        slots = database.slots.in_states(*states)
        for slot in slots:
            _say(slot, settings, database)
        if not slots:
            say("Nothing is scheduled.")
        day = next_slot_date(settings.schedule, now())
        say(faint(f"The rule: {rule_words(settings.schedule)}; its next slot is on {day}."))


def _say(slot: "SlotRow", settings: "Settings", database: "Database") -> None:
    from newsletter.books import in_time
    from newsletter.schedule import slot_instant

    moment = slot_instant(slot)
    say(
        f"{strong(slot.issue)}  {slot.local_date:%a} {slot}  {moment:%Y-%m-%d %H:%M} UTC  "
        f"{in_time(moment, now())}  {_state(slot)}"
    )
    say(f"  {_approval(slot, settings, database)}")


def _state(slot: "SlotRow") -> str:
    from newsletter.books import SlotState

    paint = {
        SlotState.MISSED: bad,
        SlotState.STARTED: warning,
        SlotState.CANCELLED: faint,
        SlotState.DONE: good,
    }.get(slot.state, str)
    reason = f": {slot.reason}" if slot.reason else ""
    return paint(f"{slot.state.value}{reason}")


def _approval(slot: "SlotRow", settings: "Settings", database: "Database") -> str:
    """By the file as it is now, where the issue has not begun."""
    from newsletter.books import SlotState
    from newsletter.cli.alerts import Refusal
    from newsletter.cli.approvals import verdict_line, verdict_on
    from newsletter.cli.letting_out import clear_new
    from newsletter.cli.ready import this_second

    if slot.state is not SlotState.SCHEDULED:
        return faint(f"scheduled by {slot.scheduled_by}")
    found = clear_new(slot, settings, database, this_second())
    if isinstance(found, Refusal):
        return bad(f"would not be sent: {found.reason}")
    return verdict_line(verdict_on(found.ready, database))
