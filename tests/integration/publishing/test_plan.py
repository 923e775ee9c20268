"""Whom a send would go to, before anybody is sent to."""

from dataclasses import replace

from newsletter.books import NewRun
from newsletter.publishing.plan import plan_audience
from tests.integration.publishing.conftest import BEFORE, World
from tests.people import bring, planned
from tests.segments import put


def test_plan_counts_those_who_joined_after_the_run_began(world: World) -> None:
    database = world.database
    run = database.runs.open(
        NewRun(issue="issue", digest="digest", subject="Subject", message_date=BEFORE),
        database.subscribers.audience(BEFORE),
        BEFORE,
        by="ada",
    )
    bring(database, "email\nb@example.com\nc@example.com\n", BEFORE)
    database.suppressions.add("c@example.com", "complained", BEFORE)

    plan = plan_audience(world.books(), run, planned(database, "email\nd@example.com\n", BEFORE))

    assert (4, 2) == (plan.due, plan.newcomers)
    assert [f"reader{n}@example.com" for n in range(3)] == [
        str(each.address) for each in plan.first
    ]


def test_plan_of_a_segment_counts_its_people_of_everybody(world: World) -> None:
    put(world.database, "ada@example.com", ["uk"], city="Leeds", company="Acme")
    house = replace(world.settings.house, merge_fields=("city",))
    books = replace(world, settings=replace(world.settings, house=house)).books()

    plan = plan_audience(books, None, None, segment="tag:uk")

    assert ("tag:uk", 1, 5) == (plan.segment, plan.due, plan.everybody)
    assert [{"first_name": "Ada", "city": "Leeds"}] == [each.fields for each in plan.first]
