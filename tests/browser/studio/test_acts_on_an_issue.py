"""An issue on its way, by the keys alone: a test in the inbox, a yes, a changed byte, a slot."""

import email
import email.policy
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.acceptance.publication import Publication
from tests.acceptance.schedule_world import issue_text
from tests.acceptance.site_world import going
from tests.browser.studio.studio_world import studio, text

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]

NAME = "soon"
ROBIN = ("--by", "Robin Example")


@pytest.fixture
def file(publication: Publication) -> Path:
    """A sound issue without a day of its own, and three people to send it to."""
    path = publication.folder / f"issues/{NAME}.md"
    path.write_text(issue_text(), encoding="utf-8")
    done = publication.run("subscribers", "import", publication.people(3), "--yes")
    assert 0 == done.status, done.err
    return path


@pytest.fixture
def received(publication: Publication) -> Iterator[tuple[Publication, Path]]:
    """The publication, its mail going to a local inbox; and the folder of what comes."""
    with going(publication, "inbox", "received", "--port", "0") as inbox:
        url = inbox.wait_for("NEWSLETTER_TRANSPORT=").strip().partition("=")[2]
        environment = {**publication.environment, "NEWSLETTER_TRANSPORT": url}
        yield replace(publication, environment=environment), publication.folder / "received"


def next_act(page: "Page") -> "Locator":
    return page.locator("#next-act")


def way(page: "Page") -> str:
    return page.locator("#way [aria-current]").inner_text()


def test_test_arrives_in_the_inbox_and_the_button_says_so(
    received: tuple[Publication, Path], file: Path, browser: "Browser"
) -> None:
    from playwright.sync_api import expect

    publication, folder = received
    with studio(publication, browser, file.stem) as world:
        page = world.open()
        expect(next_act(page)).to_have_text("Approve…")
        text(page).focus()
        page.keyboard.press("F9")
        expect(page.get_by_label("To which address?")).to_be_focused()
        page.keyboard.type("robin@@example.com")
        page.keyboard.press("Enter")
        page.get_by_label("To which address?").fill("robin@example")
        page.keyboard.press("Enter")
        expect(page.locator(".below .refused")).to_contain_text("robin@example")
        page.keyboard.press("Escape")
        page.keyboard.press("F9")
        page.keyboard.type("robin@example.com")
        page.keyboard.press("Enter")
        expect(page.locator("#send-test")).to_contain_text("Sent to you ")
        text(page).focus()
        page.keyboard.press("F9")
        expect(page.locator("#send-test")).to_contain_text("Sent to you ")

        tests = sorted(folder.glob("*.eml"))
        message = email.message_from_bytes(tests[0].read_bytes(), policy=email.policy.default)

    assert len(tests) in (1, 2)
    assert "robin@example.com" == message["To"]
    assert message["Subject"].startswith("[Test] ")


def test_issue_is_approved_changed_approved_anew_scheduled_and_taken_out(
    publication: Publication,
    file: Path,
    browser: "Browser",
    find_axe_faults: Callable[["Page"], list[Any]],
) -> None:
    from playwright.sync_api import expect

    with studio(publication, browser, NAME, *ROBIN) as world:
        page = world.open()
        expect(next_act(page)).to_have_text("Approve…")
        assert "Approved 0 of 1" == way(page)
        text(page).focus()
        page.keyboard.press("Control+Enter")
        expect(page.locator("#yes h2")).to_have_text("Nothing of it was approved before.")
        expect(page.locator("#yes")).to_contain_text("Walmart opens a shop on Twitter")
        page.keyboard.press("Escape")
        expect(page.locator("#yes")).to_have_count(0)
        page.keyboard.press("Control+Enter")
        page.get_by_role("button", name="Approve as Robin Example").click()
        expect(next_act(page)).to_have_text("Schedule…")

        file.write_text(issue_text("It began on Monday."), encoding="utf-8")
        page.reload()
        expect(next_act(page)).to_have_text("Approve…")
        page.keyboard.press("Control+Enter")
        expect(page.locator("#yes h2")).to_contain_text("One change since you approved it at")
        expect(page.locator("#yes ins")).to_have_text("It began on Monday.")
        expect(page.locator("#yes")).to_contain_text("Robin Example at")
        expect(page.locator("#yes")).to_contain_text(", void.")
        assert [] == find_axe_faults(page)
        page.keyboard.press("Control+Enter")
        expect(next_act(page)).to_have_text("Schedule…")
        shown = publication.run("status", NAME)
        assert "holds  Robin Example" in shown.out

        page.keyboard.press("Control+Enter")
        sheet = page.get_by_role("dialog")
        expect(sheet).to_contain_text("Robin Example approved these bytes")
        expect(sheet).to_contain_text("3 subscribers today")
        expect(sheet.locator("svg")).to_have_count(1)
        page.keyboard.press("Control+Enter")
        expect(sheet).to_have_count(0)
        expect(page.locator("#status-slot")).to_contain_text("Goes out")
        assert NAME in publication.run("scheduled").out

        expect(next_act(page)).to_have_text("Slot…")
        page.keyboard.press("Control+Enter")
        sheet.get_by_label("Why, for the log").fill("Legal has not read it")
        sheet.get_by_role("button", name="Take it out").click()
        expect(next_act(page)).to_have_text("Schedule…")
        log = publication.run("log").out

    assert "Legal has not read it" in log
    assert "Robin Example" in log


def test_first_key_after_a_yes_says_what_it_voids_and_undo_gives_it_back(
    publication: Publication, file: Path, browser: "Browser"
) -> None:
    from playwright.sync_api import expect

    assert 0 == publication.run("approve", file, "--by", "Kim Example").status
    with studio(publication, browser, NAME) as world:
        page = world.open()
        expect(next_act(page)).to_have_text("Schedule…")
        text(page).focus()
        page.keyboard.press("Control+End")
        page.keyboard.type("x")
        strip = page.locator("#strips .strip", has_text="This voids the approval by Kim Example")
        expect(strip).to_be_visible()
        page.keyboard.press("Control+z")
        expect(strip).to_have_count(0)
        page.keyboard.type("y")
        page.wait_for_timeout(200)
        expect(strip).to_have_count(0)


def test_refusals_are_in_the_words_of_the_command(
    publication: Publication, file: Path, browser: "Browser"
) -> None:
    """The author may not approve; a slot that another issue has is not given again."""
    from playwright.sync_api import expect

    file.write_text(issue_text(author="Robin Example"), encoding="utf-8")
    command = publication.run("approve", file, "--by", "Robin Example")
    words = "Robin Example wrote it, and authors may not approve their own issue"
    with studio(publication, browser, NAME, *ROBIN) as world:
        page = world.open()
        expect(next_act(page)).to_have_text("Schedule…")
        page.keyboard.press("F1")
        page.keyboard.type("approve")
        page.keyboard.press("Enter")
        expect(page.locator("#yes .say")).to_contain_text(words)
        expect(page.locator("#approve")).to_have_attribute("aria-disabled", "true")
        page.get_by_role("button", name="Override the rule…").click()
        page.get_by_role("button", name="Override", exact=True).click()
        expect(page.locator("#yes .refused")).to_contain_text("an override needs a reason")
        page.keyboard.press("Escape")

        page.keyboard.press("Control+Enter")
        sheet = page.get_by_role("dialog")
        choice = sheet.get_by_role("radio").first
        expect(choice).to_be_checked()
        (publication.folder / "issues/other.md").write_text(issue_text(), encoding="utf-8")
        at = choice.get_attribute("value") or ""
        assert 0 == publication.run("schedule", "other", "--at", at).status
        said = publication.run("schedule", NAME, "--at", at).err
        sheet.get_by_role("button", name="Schedule for").click()
        refused = sheet.locator(".refused p").first
        expect(refused).to_be_visible()
        told = refused.text_content() or ""

    assert words in command.err
    assert told in " ".join(said.split())


def test_list_of_keys_is_a_command_line_and_no_key_means_two_things(
    publication: Publication,
    file: Path,
    browser: "Browser",
    find_axe_faults: Callable[["Page"], list[Any]],
) -> None:
    from playwright.sync_api import expect

    with studio(publication, browser, file.stem) as world:
        page = world.open()
        expect(next_act(page)).to_have_text("Approve…")
        page.locator("#next-act").focus()
        page.keyboard.press("?")
        find = page.get_by_label("What do you want to do?")
        expect(find).to_be_focused()
        assert [] == faults_of_sheet(find_axe_faults(page))
        rows = page.locator("#keys .key").evaluate_all("rows => rows.map((row) => row.dataset)")
        page.keyboard.type("nothing like this")
        expect(page.locator("#keys")).to_have_text("Nothing of that name.")
        find.fill("schedule")
        expect(page.locator("#keys .key[aria-selected=true]")).to_have_text("Schedule…")
        page.keyboard.press("Enter")
        expect(page.get_by_role("dialog")).to_contain_text("to go out?")
        assert [] == faults_of_sheet(find_axe_faults(page))
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_have_count(0)
        text(page).focus()
        page.keyboard.press("F1")
        expect(find).to_be_focused()

    assert {"F1", "F9", "Ctrl-Enter"} <= {key for row in rows for key in row["keys"].split()}
    assert [] == list(conflicts(rows))


def faults_of_sheet(faults: list[Any]) -> list[Any]:
    """What stands behind a sheet is inert, so that nothing in it can have the focus."""
    return [fault for fault in faults if fault[0] != "scrollable-region-focusable"]


def conflicts(rows: list[dict[str, str]]) -> Iterator[str]:
    """Keys that two commands have in one place, unless each of them has them only sometimes."""
    for one, other in combinations(rows, 2):
        shared = set(one["keys"].split()) & set(other["keys"].split())
        places = {one["place"], other["place"]}
        is_one_place = len(places) == 1 or "everywhere" in places
        is_by_turns = one["when"] == other["when"] == "sometimes"
        if shared and is_one_place and not is_by_turns:
            yield f"{', '.join(sorted(shared))}: {one['name']}; {other['name']}"
