"""Which segment an issue goes to, by what is asked for, its run and its slot."""

from dataclasses import replace
from datetime import time

import pytest

from newsletter.books import NewRun, NewSlot
from newsletter.errors import RunConflictError, StoreError
from newsletter.publishing.approving import approve
from newsletter.publishing.letting_out import Refusal, clear_new
from newsletter.publishing.ready import Ready
from newsletter.publishing.segments import segment_in_books
from newsletter.subscribers import parse_segment
from tests.integration.publishing.conftest import BEFORE, FRIDAY, World
from tests.segments import put

ISSUE = "2026-11-27"
UK, FR = parse_segment("tag:uk"), parse_segment("tag:fr")


def schedule(world: World, segment: str) -> None:
    slot = NewSlot(
        issue=ISSUE,
        path=f"issues/{ISSUE}.md",
        local_date=FRIDAY,
        local_time=time(7, 0),
        zone="Europe/London",
        digest="d",
        segment=segment,
    )
    world.database.slots.schedule(slot, "ada", BEFORE)


def begin(world: World, segment: str) -> None:
    put(world.database, "ada@example.com", ["uk"])
    wanted = NewRun(issue=ISSUE, digest="d", subject="s", message_date=BEFORE, segment=segment)
    world.database.runs.open(wanted, world.database.subscribers.audience(BEFORE), BEFORE, by="ada")


def test_segment_is_the_one_asked_for_where_nothing_else_is_known(world: World) -> None:
    assert "" == segment_in_books(ISSUE, None, world.books())
    assert "tag:uk" == segment_in_books(ISSUE, UK, world.books())


def test_segment_of_a_slot_holds_until_the_issue_is_taken_out_of_it(world: World) -> None:
    schedule(world, "tag:uk")

    assert "tag:uk" == segment_in_books(ISSUE, None, world.books())
    assert "tag:uk" == segment_in_books(ISSUE, UK, world.books())
    with pytest.raises(StoreError, match="for the segment tag:uk, and not for the segment tag:fr"):
        segment_in_books(ISSUE, FR, world.books())

    world.database.slots.unschedule(ISSUE, "ada", BEFORE, "moved")
    assert "" == segment_in_books(ISSUE, None, world.books())
    assert "tag:fr" == segment_in_books(ISSUE, FR, world.books())


def test_segment_of_a_missed_slot_is_that_of_who_sends_it_by_hand(world: World) -> None:
    schedule(world, "tag:uk")
    world.database.slots.miss(ISSUE, BEFORE, "late")

    assert "tag:uk" == segment_in_books(ISSUE, None, world.books())
    assert "tag:fr" == segment_in_books(ISSUE, FR, world.books())


@pytest.mark.parametrize(
    ("segment", "words"), [("tag:uk", "the segment tag:uk"), ("", "everybody")]
)
def test_segment_of_a_run_is_its_own_for_ever(segment: str, words: str, world: World) -> None:
    begin(world, segment)

    assert segment == segment_in_books(ISSUE, None, world.books())
    with pytest.raises(
        RunConflictError, match=f"goes to {words}, and cannot go to the segment tag:fr"
    ):
        segment_in_books(ISSUE, FR, world.books())


def refusal_of(world: World) -> Refusal:
    slot = world.database.slots.find(ISSUE)
    assert slot is not None
    found = clear_new(slot, world.books())
    assert isinstance(found, Refusal)
    return found


def test_approval_for_everybody_lets_nothing_out_to_a_segment(world: World) -> None:
    world.write()
    world.approve()
    schedule(world, "tag:uk")

    refusal = refusal_of(world)

    assert "it is not approved, 0 of 1 approvals: Ada Lovelace approved other bytes than these" == (
        refusal.reason
    )
    assert "the segment it goes to" in refusal.lines[0]
    assert refusal.lines[0].endswith("(it was for everybody, and is for the segment tag:uk)")


def test_slot_of_a_segment_that_nobody_is_in_is_refused(world: World) -> None:
    ready = replace(world.ready(world.write(), FRIDAY), segment="tag:uk")
    approve(ready, world.books("Ada Lovelace"))
    schedule(world, "tag:uk")

    assert "there is nobody in the segment tag:uk to send it to" == refusal_of(world).reason

    put(world.database, "ada@example.com", ["uk"])
    slot = world.database.slots.find(ISSUE)
    assert slot is not None
    assert isinstance(clear_new(slot, world.books()), Ready)
