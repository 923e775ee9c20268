"""The shelf: what it says of every state of an issue, and that looking changes nothing."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from newsletter.publishing.shelf import ShelfKeeper
from newsletter.settings import Secret
from tests.integration.publishing.conftest import BEFORE, SLOT, World, publication_of
from tests.integration.web.studio.pages_world import Browser


def test_shelf_says_when_the_next_slot_is_and_that_nobody_has_it(browser: Browser) -> None:
    page = browser.shelf()

    assert "No issue yet." in page
    assert "The next slot is Friday 27 November, 07:00 in London." in page
    assert "That leaves two days: time enough for five stories." in page


def test_shelf_has_a_draft_with_its_errors(world: World, browser: Browser) -> None:
    path = world.write()
    path.write_text(path.read_text(encoding="utf-8").replace("## 3", "## 4"), encoding="utf-8")

    page = browser.shelf()

    assert "Being written" in page
    assert "Draft, 2 errors" in page
    assert "no slot yet, so it does not go out by itself" in page


def test_shelf_counts_the_slots_of_an_issue_that_is_laid_out(browser: Browser) -> None:
    assert 200 == browser.post("/api/new", {"day": "2026-12-04", "number": "7"}).status_code

    page = browser.shelf()

    assert "7 Fri 4 Dec Without a subject yet" in page
    assert "slots empty" in page


def test_shelf_names_whose_yes_is_missing_and_who_has_given_theirs(
    world: World, browser: Browser
) -> None:
    world.write()
    world.schedule()

    before = browser.shelf()
    world.approve()
    after = browser.shelf()

    assert "Nobody has approved it; one person has still to. Without that nothing" in before
    assert "and you are told" in before
    assert "Scheduled Fri 07:00 · approved 0 of 1" in before
    assert "Ada Lovelace has approved it, and it goes out as it is" in after
    assert "approved 1 of 1" in after


def test_shelf_says_what_was_sent_and_who_needs_a_person(
    ready_world: World, browser: Browser
) -> None:
    ready_world.tick()

    page = browser.shelf()

    assert "Sent" in page
    assert "4 accepted" in page
    assert "need a person" not in page


def test_shelf_has_an_issue_that_was_changed_by_another_program(
    world: World, browser: Browser
) -> None:
    world.write(name="one")
    first = browser.get("/api/shelf").json()["stamp"]

    assert first == browser.get("/api/shelf").json()["stamp"]

    world.write(name="two")

    assert first != browser.get("/api/shelf").json()["stamp"]


def test_stamp_stays_while_only_looked_at(ready_world: World, browser: Browser) -> None:
    browser.shelf()
    stamps = {browser.get("/api/shelf").json()["stamp"] for _ in range(3)}
    browser.shelf()

    assert stamps == {browser.get("/api/shelf").json()["stamp"]}


def test_looking_at_a_shelf_makes_no_database(world: World, tmp_path: Path) -> None:
    nowhere = tmp_path / "elsewhere" / "none.db"
    environment = replace(world.settings.environment, database=Secret(f"sqlite:///{nowhere}"))
    settings = replace(world.settings, environment=environment)
    world.write()
    keeper = ShelfKeeper(publication_of(settings, lambda: BEFORE))

    keeper.work_out()
    shelf = keeper.look()

    assert shelf.is_whole
    assert shelf.subscribers is None
    assert ["2026-11-27"] == [draft.head.name for draft in shelf.writing]
    assert not nowhere.parent.exists()


def test_issue_past_its_day_that_nobody_sent_is_no_draft(world: World, browser: Browser) -> None:
    world.write()
    world.now = SLOT + timedelta(days=30)

    page = browser.shelf()

    assert "Past their day" in page
    assert "Not sent from here" in page
    assert "Being written" not in page
