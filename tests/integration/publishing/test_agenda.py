"""What should be done now, by real settings, files and books, at any moment."""

import re
import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from newsletter.addresses import AddrSpec
from newsletter.books import SERVING, DeliveryState, LetterKind, NewRun, Outcome, Run
from newsletter.errors import Act, Remedy
from newsletter.process import this_process
from newsletter.publishing.agenda import Agenda, Item, Kind, Urgency, agenda_of
from newsletter.publishing.outside import Outside
from newsletter.store.people import letters
from newsletter.subscribers import AudienceMember, SuppressionKind
from tests.integration.publishing.conftest import (
    BEFORE,
    FRIDAY,
    SLOT,
    World,
    publication_of,
    with_transport,
)
from tests.turns import begin, settle

NOW, NEXT, NOTE = Urgency
MINUTE = timedelta(minutes=1)
OWNER = "friday process 812 since 2026-11-25 06:00:00 UTC [elsewhere/1/2 812 3]"


def documented() -> dict[str, set[str]]:
    """The facts of each kind, by the page for programs."""
    page = (Path(__file__).parents[3] / "docs/next.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([a-z ]+)` \| [^|]+ \|([^|]*)\|$", page, flags=re.MULTILINE)
    return {kind: set(re.findall(r"`(\w+)`", facts)) for kind, facts in rows}


FACTS = documented()


def agenda(world: World) -> Agenda:
    """With the facts that are documented, whatever is on it."""
    found = agenda_of(world.publication)
    for item in found.items:
        assert FACTS[item.kind] == set(item.facts), item
    return found


def test_every_kind_is_documented_and_no_other() -> None:
    assert [kind.value for kind in Kind] == list(FACTS)


def kinds(found: Agenda) -> list[tuple[Kind, Urgency]]:
    return [(item.kind, item.urgency) for item in found.items]


def one(world: World, kind: Kind) -> Item:
    (item,) = [item for item in agenda(world).items if item.kind is kind]
    return item


def beat(world: World, owner: str = OWNER) -> None:
    world.database.heartbeats.beat(owner, world.now, world.now, "waiting")


def begun(world: World, people: int = 3, name: str = "2026-11-27") -> Run:
    audience = [
        AudienceMember(subscriber_id=None, address=AddrSpec(f"r{n}", "example.com"), first_name="")
        for n in range(people)
    ]
    new = NewRun(issue=name, digest="d", subject="Five stories", message_date=world.now)
    return world.database.runs.open(new, audience, world.now, by="ada", owner="nobody")


def settled(world: World, run: Run, states: Sequence[DeliveryState | None]) -> None:
    """Each of the first deliveries in a state; None leaves one in doubt."""
    journal = world.database.journal
    claims = journal.claim(run.id, "me", world.now, timedelta(minutes=9), len(states))
    begin(world.database, claims, world.now)
    outcomes = [
        Outcome(delivery=claim, state=state)
        for claim, state in zip(claims, states, strict=True)
        if state is not None
    ]
    settle(world.database, outcomes, world.now)
    journal.release(run.id, "me", world.now)
    world.database.runs.finish(run.id, "ada", world.now)


def test_all_is_well_where_the_issue_is_approved_and_a_daemon_alive(ready_world: World) -> None:
    beat(ready_world)

    found = agenda(ready_world)
    slot = found.next_slot

    assert [(Kind.READY, NOTE), (Kind.KEPT, NOTE)] == kinds(found)
    assert ("2026-11-27", SLOT, FRIDAY) == (slot.issue, slot.at, slot.day)


def test_new_publication_wants_an_issue_a_key_and_people(world: World) -> None:
    """Without a database, and none is made by looking; the key comes with a copy of the example."""
    (world.folder / ".env.example").write_text("NEWSLETTER_SECRET_KEY=\n")
    environment = replace(
        world.settings.environment,
        secret_key=None,
        transport=None,
        database=type(world.settings.environment.database)(f"sqlite:///{world.folder}/none.db"),
    )
    publication = world.publication
    publication = replace(
        publication, settings=replace(publication.settings, environment=environment)
    )

    found = agenda_of(publication)

    assert [(Kind.NO_ISSUE, NEXT), (Kind.NO_KEY, NEXT), (Kind.NOBODY, NEXT)] == kinds(found)
    assert (".env.example",) == found.items[1].facts["files"]
    assert not (world.folder / "none.db").exists()


def test_database_of_another_version_is_not_opened(world: World) -> None:
    """Whether somebody has approved the issue stands in it, and so nothing is said of that."""
    world.write()
    with sqlite3.connect(world.folder / "newsletter.db") as connection:
        connection.execute("UPDATE newsletter_version SET version_num = '0001'")

    found = agenda(world)

    assert [(Kind.SCHEMA, NOW)] == kinds(found)
    assert found.is_blind
    with sqlite3.connect(world.folder / "newsletter.db") as connection:
        rows = connection.execute("SELECT version_num FROM newsletter_version").fetchall()
    assert [("0001",)] == rows


def test_file_that_is_no_database_is_told_and_hides_nothing(world: World) -> None:
    path = world.write()
    path.write_text(path.read_text().replace("Walmart opens a shop on Twitter", "…"))
    world.database.close()
    for path in world.folder.glob("newsletter.db*"):
        path.write_bytes(b"no database at all, but for its name" * 30)

    found = kinds(agenda(world))

    assert [(Kind.DATABASE, NOW), (Kind.FINDINGS, NEXT)] == found


def test_database_from_a_backup_is_told_first(ready_world: World) -> None:
    (ready_world.folder / "newsletter.witness").write_text(f"9999 {'0' * 64}\n")

    first = agenda(ready_world).items[0]

    assert (Kind.RESTORED, Act.ACCEPT_RESTORED) == (first.kind, first.remedy and first.remedy.act)


def test_draft_wants_its_blanks_filled_before_anything_else(world: World) -> None:
    path = world.write(name="2026-12-04")
    path.write_text(path.read_text().replace("Walmart opens a shop on Twitter", "…"))

    item = one(world, Kind.FINDINGS)

    assert ("2026-12-04", 1, Urgency.NEXT) == (item.issue, item.facts["errors"], item.urgency)
    assert Remedy(Act.CHECK, "2026-12-04") == item.remedy
    assert {Kind.FINDINGS} == {each.kind for each in agenda(world).items}


def test_sound_draft_wants_a_yes_and_a_slot(world: World) -> None:
    world.write(name="2026-12-04")

    found = agenda(world)

    assert [(Kind.UNAPPROVED, NEXT), (Kind.UNSCHEDULED, NEXT)] == kinds(found)
    assert "" == found.next_slot.issue


def test_steps_of_one_issue_stand_together_the_next_issue_first(world: World) -> None:
    world.write(name="2026-12-04")
    later = world.write(name="2026-12-11")
    later.write_text(later.read_text().replace("Walmart opens a shop on Twitter", "…"))

    found = [(item.issue, item.kind) for item in agenda(world).items]

    assert [
        ("2026-12-04", Kind.UNAPPROVED),
        ("2026-12-04", Kind.UNSCHEDULED),
        ("2026-12-11", Kind.FINDINGS),
    ] == found


def test_slot_within_a_day_makes_what_is_missing_urgent(world: World) -> None:
    world.write()
    world.schedule()
    before = kinds(agenda(world))
    world.now = SLOT - timedelta(hours=20)

    assert [(Kind.UNKEPT, NEXT), (Kind.UNAPPROVED, NEXT)] == before
    assert [(Kind.UNKEPT, NOW), (Kind.UNAPPROVED, NOW)] == kinds(agenda(world))


def test_text_that_changed_after_the_approval_names_whose_it_was(ready_world: World) -> None:
    ready_world.write("One word more.")

    item = one(ready_world, Kind.UNAPPROVED)

    assert "Ada Lovelace" == item.facts["voided"]


def test_issue_dated_another_day_than_its_slot_is_told(ready_world: World) -> None:
    path = ready_world.path
    path.write_text(f"---\ndate: 2026-12-04\n---\n{path.read_text()}")

    item = one(ready_world, Kind.MISDATED)

    assert ("2026-12-04", Act.UNSCHEDULE) == (item.facts["day"], item.remedy and item.remedy.act)


def test_issues_that_were_sent_or_are_long_past_are_no_drafts(world: World) -> None:
    """One of last week that was not sent is; and of many, the three that come next."""
    for name in ("2021-11-26", "2026-11-20", "2026-11-27", "2026-12-04", "2026-12-11", "notes"):
        world.write(name=name)
    begun(world)
    found = {item.issue for item in agenda(world).items if item.kind is Kind.UNSCHEDULED}

    assert {"2026-11-20", "2026-12-04", "2026-12-11"} == found


def test_file_that_is_no_text_is_told(world: World) -> None:
    world.write(name="2026-12-04").write_bytes(b"\x00\x01\x02" * 100)

    item = one(world, Kind.UNREADABLE)

    assert "2026-12-04" == item.issue


def test_issue_that_is_gone_from_its_slot_is_told_with_the_way_out(ready_world: World) -> None:
    (ready_world.folder / "issues/2026-11-27.md").unlink()

    item = one(ready_world, Kind.UNREADABLE)

    assert str(item.facts["fault"]).startswith("issues/2026-11-27.md is gone, and its slot is 2026")
    assert Remedy(Act.UNSCHEDULE, "2026-11-27") == item.remedy


def test_issue_whose_time_is_past_is_not_said_to_go_out(ready_world: World) -> None:
    assert Kind.READY in {kind for kind, _ in kinds(agenda(ready_world))}

    ready_world.now = datetime(2026, 11, 27, 8, tzinfo=UTC)

    assert Kind.READY not in {kind for kind, _ in kinds(agenda(ready_world))}


def test_template_that_broke_after_the_approval_is_told(ready_world: World) -> None:
    templates = ready_world.folder / "templates"
    templates.mkdir(exist_ok=True)
    (templates / "issue.mjml.j2").write_text("{% if %}")

    item = one(ready_world, Kind.UNREADABLE)

    assert str(item.facts["fault"]).startswith("templates/issue.mjml.j2:1: the template cannot be")


def test_two_files_of_one_name_are_told_apart(ready_world: World) -> None:
    """The name alone would be refused."""
    text = ready_world.folder / "issues/2026-11-27.md"
    text.write_text(text.read_text() + "\nMore.\n")
    text.with_suffix(".txt").write_text("x\n")

    found = agenda(ready_world).items

    assert {"issues/2026-11-27.md"} == {
        each.remedy.subject
        for each in found
        if each.remedy and each.remedy.act in (Act.CHECK, Act.APPROVE)
    }


def test_interrupted_run_wants_the_same_send_again(world: World) -> None:
    settled(world, begun(world), [DeliveryState.ACCEPTED])
    world.database.journal.release_all(1, world.now)

    item = one(world, Kind.INTERRUPTED)

    assert (2, 3) == (item.facts["left"], item.facts["audience"])
    assert Remedy(Act.SEND, "2026-11-27") == item.remedy


def test_interrupted_run_with_a_slot_goes_on_where_a_daemon_is_alive(ready_world: World) -> None:
    begun(ready_world)
    ready_world.database.journal.release_all(1, ready_world.now)
    beat(ready_world)

    assert NOTE is one(ready_world, Kind.WAITING).urgency


def test_run_that_is_being_sent_is_no_matter(world: World) -> None:
    run = begun(world)
    world.database.journal.claim(run.id, this_process(world.now), world.now, 9 * MINUTE, 1)

    assert NOTE is one(world, Kind.SENDING).urgency


def test_paused_run_is_named_with_who_paused_it(world: World) -> None:
    begun(world)
    world.database.runs.pause("2026-11-27", "Grace", world.now)

    item = one(world, Kind.PAUSED)

    assert ("Grace", Act.RESUME) == (item.facts["by"], item.remedy and item.remedy.act)


def test_doubts_come_before_what_came_back(world: World) -> None:
    settled(world, begun(world), [DeliveryState.REFUSED, None, DeliveryState.ACCEPTED])
    world.now += MINUTE
    world.database.membership.leave("reader1@example.com", world.now)
    suppress = world.database.suppressions.add
    suppress("reader2@example.com", "spam", world.now, kind=SuppressionKind.COMPLAINT)
    suppress("reader3@example.com", "wrote", world.now)
    world.now += MINUTE

    doubts, back = one(world, Kind.DOUBTS), one(world, Kind.CAME_BACK)

    assert (1, NOW) == (doubts.facts["people"], doubts.urgency)
    counts = {name: fact for name, fact in back.facts.items() if isinstance(fact, int) and fact}
    assert {"refused": 1, "left": 1, "complaints": 1, "suppressed_by_hand": 1} == counts
    assert Remedy(Act.READ_REPORT, "2026-11-27") == back.remedy


def test_correction_is_no_issue_since_which_something_came_back(world: World) -> None:
    settled(world, begun(world), [DeliveryState.REFUSED, *[DeliveryState.ACCEPTED] * 2])
    world.now += MINUTE
    new = NewRun(
        issue="fix", digest="d", subject="s", message_date=world.now, corrects="2026-11-27"
    )
    accepted = world.database.audiences.accepted("2026-11-27")
    world.database.runs.open(new, accepted, world.now, by="ada")

    assert "2026-11-27" == one(world, Kind.CAME_BACK).issue


def test_slot_that_nobody_started_is_due_then_late_then_missed(ready_world: World) -> None:
    ready_world.now = SLOT + 5 * MINUTE
    due = one(ready_world, Kind.OVERDUE)
    ready_world.now = SLOT + 90 * MINUTE
    late = one(ready_world, Kind.OVERDUE)
    ready_world.database.slots.miss("2026-11-27", ready_world.now, "late by 1 h 30 min")
    missed = one(ready_world, Kind.MISSED)
    ready_world.now = SLOT + timedelta(days=8)

    acts = [item.remedy and item.remedy.act for item in (due, late, missed)]
    assert [Act.SEND_DUE, Act.SEND, Act.SEND] == acts
    assert Kind.MISSED not in {item.kind for item in agenda(ready_world).items}


@pytest.mark.parametrize(("after", "is_believed"), [(MINUTE, True), (-MINUTE, False)])
def test_slot_started_in_its_time_shows_that_somebody_keeps_the_schedule(
    ready_world: World, after: timedelta, *, is_believed: bool
) -> None:
    """A timer has no heartbeat. What was sent by hand before its time shows nothing."""
    ready_world.database.slots.start("2026-11-27", "due", SLOT + after)
    ready_world.now = SLOT + timedelta(days=2)
    ready_world.write(name="2026-12-04")
    ready_world.schedule("2026-12-04", date(2026, 12, 4))

    assert is_believed == (Kind.UNKEPT not in {item.kind for item in agenda(ready_world).items})


def test_silent_daemon_is_urgent_before_a_slot_and_none_beside_a_living_one(
    ready_world: World,
) -> None:
    beat(ready_world)
    ready_world.now = SLOT - timedelta(hours=5)
    alone = one(ready_world, Kind.SILENT)
    beat(ready_world, "other process 9 [elsewhere/1/2 9 9]")

    assert (NOW, "1 day 19 h") == (alone.urgency, alone.facts["last_heard"])
    assert "friday process 812" == alone.facts["process"]
    assert NOTE is one(ready_world, Kind.SILENT).urgency


def test_site_is_no_keeper_and_is_missed_where_it_has_died(ready_world: World) -> None:
    ready_world.database.heartbeats.beat(OWNER, ready_world.now, ready_world.now, SERVING)
    alive = kinds(agenda(ready_world))
    ready_world.now += timedelta(minutes=5)

    assert [(Kind.UNKEPT, NEXT), (Kind.READY, NOTE), (Kind.SERVED, NOTE)] == alive
    assert (Kind.UNSERVED, NOW) in kinds(agenda(ready_world))


def test_letters_wait_for_somebody_who_sends_them(world: World) -> None:
    with world.database._connections.writing() as connection:
        letters.owe(connection, LetterKind.WELCOME, AddrSpec("r", "example.com"), "k", world.now)
    waiting = one(world, Kind.LETTERS)
    beat(world)

    assert (1, NEXT) == (waiting.facts["letters"], waiting.urgency)
    assert NOTE is one(world, Kind.LETTERS).urgency


def test_issue_sent_before_its_time_leaves_its_slot_to_the_next(world: World) -> None:
    begun(world)

    assert date(2026, 12, 4) == agenda(world).next_slot.day


def test_transport_at_fault_is_told_without_its_password(world: World) -> None:
    settings = with_transport(world.settings, "smtp://me:geheim@relay.example?tls=maybe")
    publication = publication_of(settings, lambda: BEFORE)

    (item,) = [each for each in agenda_of(publication).items if each.kind is Kind.TRANSPORT]

    assert "geheim" not in str(item)


def test_site_that_does_not_answer_is_told_only_when_asked(ready_world: World) -> None:
    imprint = replace(ready_world.settings.publication, base_url="https://127.0.0.1:1/news")
    settings = replace(ready_world.settings, publication=imprint)
    publication = replace(ready_world.publication, settings=settings)

    asked = agenda_of(publication, outside=Outside(timeout=1))

    assert Kind.SITE in {item.kind for item in asked.items}
    assert Kind.SITE not in {item.kind for item in agenda_of(publication).items}
