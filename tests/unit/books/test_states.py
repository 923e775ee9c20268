"""The table of events: what is an end has no way out, and all else has one in and one out."""

from enum import StrEnum

import pytest

from newsletter.books import (
    DeliveryEvents,
    DeliveryState,
    Event,
    RunEvents,
    RunState,
    SlotEvents,
    SlotState,
)


def events(table: type) -> list[Event[StrEnum]]:
    return [event for event in vars(table).values() if isinstance(event, Event)]


@pytest.mark.parametrize(
    ("table", "states", "first", "ends"),
    [
        (
            DeliveryEvents,
            DeliveryState,
            {"planned", "suppressed"},
            {"accepted", "failed", "suppressed", "cancelled"},
        ),
        (RunEvents, RunState, {"freezing"}, {"cancelled"}),
        (SlotEvents, SlotState, {"scheduled"}, {"done"}),
    ],
)
def test_every_state_is_come_to_and_only_ends_are_not_left(
    table: type, states: type[StrEnum], first: set[str], ends: set[str]
) -> None:
    before = {state for event in events(table) for state in event.before}
    after = {state for event in events(table) for state in event.after}

    assert ends == set(states) - before
    assert set(states) == after | first


def test_only_what_is_claimed_or_in_doubt_can_become_accepted() -> None:
    """But for what a relay's log proves, in a run that is held after a restore."""
    by_proof = DeliveryEvents.PROVE
    ways = [
        event
        for event in events(DeliveryEvents)
        if DeliveryState.ACCEPTED in event.after and event != by_proof
    ]

    assert {DeliveryState.CLAIMED, DeliveryState.IN_DOUBT} == set[StrEnum]().union(
        *(event.before for event in ways)
    )
