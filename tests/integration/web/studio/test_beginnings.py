"""How an issue begins in the studio: its day and number, its file, a text brought along."""

from datetime import date
from pathlib import Path

from newsletter.issue import parse_issue, source_from_text
from newsletter.publishing.agenda.writing import checking_of
from newsletter.publishing.example_issue import example_issue
from tests.integration.publishing.conftest import World
from tests.integration.web.studio.pages_world import Browser


def files(world: World) -> list[str]:
    return sorted(path.name for path in (world.folder / "issues").glob("*"))


def test_new_issue_proposes_the_next_day_that_is_free(world: World, browser: Browser) -> None:
    world.write()
    world.schedule()
    world.write(name="2026-12-04")

    page = browser.get("/new").text

    assert "Friday 11 December is the next day that is free." in page
    assert 'value="2026-12-11"' in page


def test_new_issue_is_laid_out_and_leads_to_its_desk(world: World, browser: Browser) -> None:
    answer = browser.post("/api/new", {"day": "2026-12-04", "number": "47"})

    assert {"to": "/issues/2026-12-04"} == answer.json()

    text = (world.folder / "issues/2026-12-04.md").read_text(encoding="utf-8")

    assert "number: 47\n" in text
    assert 5 == text.count("\n## ")
    assert 200 == browser.get("/issues/2026-12-04").status_code


def test_new_issue_is_refused_in_the_words_of_the_command(world: World, browser: Browser) -> None:
    path = world.write()
    before = path.read_bytes()

    taken = browser.post("/api/new", {"day": "2026-11-27"})
    no_day = browser.post("/api/new", {"day": "soon"})
    no_number = browser.post("/api/new", {"day": "2026-12-04", "number": "-1"})

    assert [422, 422, 422] == [taken.status_code, no_day.status_code, no_number.status_code]
    assert "this already exists, and nothing is overwritten" in taken.json()["said"]
    assert "“soon” is not a day" in no_day.json()["said"]
    assert "“-1” is not an issue number" in no_number.json()["said"]
    assert before == path.read_bytes()
    assert ["2026-11-27.md"] == files(world)


def test_new_issue_of_a_name_has_it_as_its_subject_and_no_day(
    world: World, browser: Browser
) -> None:
    page = browser.get("/new?name=Returns%3A+the+long+read").text
    answer = browser.post("/api/new", {"name": "Returns: the long read"})

    assert "Begin “Returns: the long read”" in page
    assert {"to": "/issues/returns-the-long-read"} == answer.json()

    shelf = browser.shelf()

    assert "no date Returns: the long read" in shelf


def test_new_issue_never_leaves_its_folder(world: World, browser: Browser) -> None:
    answer = browser.post("/api/new", {"name": "../../newsletter"})

    assert {"to": "/issues/newsletter"} == answer.json()
    assert ["newsletter.md"] == files(world)
    assert 422 == browser.post("/api/new", {"name": "../.."}).status_code
    assert 422 == browser.post("/api/new", {}).status_code


def test_number_goes_with_the_day(world: World, browser: Browser) -> None:
    browser.post("/api/new", {"day": "2026-12-04", "number": "7"})

    assert {"number": 8} == browser.get("/api/new/number?day=2026-12-11").json()
    assert {"number": None} == browser.get("/api/new/number?day=soon").json()


def test_example_is_sound_and_stands_in_no_file(world: World, browser: Browser) -> None:
    text = browser.get("/api/example/open").json()["text"]
    look = browser.post("/api/example/look", {"text": text}).json()

    assert [] == look["findings"]
    assert "A bakery sells" in look["message"]["html"]
    assert not (world.folder / "issues").exists()


def test_example_has_as_many_stories_as_the_house_wants(world: World) -> None:
    house = world.settings.house
    issue = parse_issue(source_from_text(example_issue(house, date(2026, 12, 4))), cues=house.cues)
    found = checking_of(world.publication).find(issue, path=Path("issues/x.md"))

    assert house.stories[0] == len(issue.stories)
    assert () == found.diagnostics
