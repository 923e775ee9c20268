"""Whom a send would go to, before anybody is sent to."""

from newsletter.books import NewRun
from newsletter.publishing.plan import plan_audience
from newsletter.store import Database
from newsletter.subscribers import ImportPlan, parse_subscribers
from tests.integration.publishing.conftest import BEFORE, World


def test_plan_counts_those_who_joined_after_the_run_began(world: World) -> None:
    database = world.database
    run = database.runs.open(
        NewRun(issue="issue", digest="digest", subject="Subject", message_date=BEFORE),
        database.subscribers.audience(),
        BEFORE,
        by="ada",
    )
    database.subscribers.apply(plan_of(database, "email\nb@example.com\nc@example.com\n"), BEFORE)
    database.subscribers.suppress("c@example.com", "complained", BEFORE)

    plan = plan_audience(world.books(), run, plan_of(database, "email\nd@example.com\n"))

    assert (4, 2) == (plan.due, plan.newcomers)
    assert [f"reader{n}@example.com" for n in range(3)] == [
        str(each.address) for each in plan.first
    ]


def plan_of(database: Database, text: str) -> ImportPlan:
    return database.subscribers.plan_import(parse_subscribers(text))
