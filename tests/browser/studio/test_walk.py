"""An editor's Friday, from an empty desk to the slot, as one walk through the real studio.

The steps have tests of their own; this one shows that they are one way.
"""

import io
import re
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from tests.acceptance.publication import Publication
from tests.acceptance.site_world import going
from tests.browser.studio.studio_world import EXAMPLE, come_between, studio, text
from tests.browser.studio.test_bringing import PASTES, drop, paste
from tests.pace import patience

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ROBIN = ("--by", "Robin Example")
STORIES = (
    ("Northfold lets shoppers pay by palm", "northfold-palm"),
    ("Parcelwise opens a hall without aisles", "parcelwise-hall"),
    ("Marlow Grocers teaches its shelves to count", "marlow-shelves"),
    ("Tessel buys the returns company Loopback", "tessel-loopback"),
    ("Quillon closes its app", "quillon-web"),
)


@pytest.fixture
def received(publication: Publication) -> Iterator[tuple[Publication, Path]]:
    """An empty publication, its mail going to a local inbox, and the folder of what comes."""
    (publication.folder / f"issues/{EXAMPLE}.md").unlink()
    people = publication.people(3)
    assert 0 == publication.run("subscribers", "import", people, "--yes").status
    with going(publication, "inbox", "received", "--port", "0") as inbox:
        url = inbox.wait_for("NEWSLETTER_TRANSPORT=").strip().partition("=")[2]
        environment = {**publication.environment, "NEWSLETTER_TRANSPORT": url}
        yield replace(publication, environment=environment), publication.folder / "received"


def test_issue_from_nothing_to_its_slot(
    received: tuple[Publication, Path], browser: "Browser"
) -> None:
    publication, inbox = received
    with studio(publication, browser, "", *ROBIN) as world:
        page = world.open()
        file = world.file(lay_out(page))
        write(page)
        mend_by_press(page)
        move_up(page)
        bring_in(page)
        read_in_the_dark(page)
        after = choose_between_two_versions(page, file)
        port = world.url.rpartition(":")[2]
        world.studio.kill()
        page.keyboard.type(" It counts.")
        says(page, "#strips", "The studio on this machine is not running.")

        with studio(publication, browser, "", "--port", port, *ROBIN):
            says(page, "#status-saved", "Saved")
            have_a_test(page)
            await_mail(inbox)
            approve_and_schedule(page)
            written = file.read_text(encoding="utf-8")

    assert "says that it has begun in Leeds." in after
    assert "It counts." in written
    assert re.search(r"^!\[Two shelves\]\(images/\S*shelves\S*\)$", written, re.MULTILINE)
    assert "## 1. Parcelwise opens a hall without aisles\n" in written
    assert 0 == publication.run("check", file.stem).status
    scheduled = publication.run("scheduled").out

    assert file.stem in scheduled
    assert "Robin Example" in publication.run("status", file.stem).out


def says(page: "Page", place: str, words: str) -> None:
    from playwright.sync_api import expect

    expect(page.locator(place)).to_contain_text(words)


def lay_out(page: "Page") -> str:
    """A new issue from the house format, from the page that greets; its name."""
    page.get_by_role("heading", name="No issue yet.").wait_for()
    page.keyboard.press("n")
    page.get_by_role("button", name="Lay it out").press("Enter")
    page.wait_for_url("**/issues/2*")
    return page.url.rpartition("/")[2]


def write(page: "Page") -> None:
    """Every slot in its turn, by the keys alone; what the check misses goes with it."""
    says(page, "#outline", "2 slots")
    text(page).focus()
    page.keyboard.press("Control+Home")
    for words in (
        "A palm for a purse and shelves that count",
        "Northfold reads hands, Parcelwise drops its aisles, Quillon leaves",
        "Here are this week’s five, including Northfold, Tessel and Quillon.",
    ):
        page.keyboard.press("Tab")
        page.keyboard.insert_text(words)
    for headline, slug in STORIES:
        page.keyboard.press("Tab")
        page.keyboard.type(headline)
        page.keyboard.press("Tab")
        page.keyboard.type(f"{headline.split()[0]} says that it has begun with twelve shops.")
        page.keyboard.press("Enter")
        page.keyboard.insert_text(f"[Read the full story](https://www.example.com/{slug})")
    says(page, "#next-act", "Approve…")
    says(page, "#status-saved", "Saved")


def line(page: "Page", words: str) -> None:
    """The cursor at the end of the line with these words."""
    page.locator(".cm-line", has_text=words).first.click()
    page.keyboard.press("End")


def mend_by_press(page: "Page") -> None:
    from playwright.sync_api import expect

    line(page, "Marlow Grocers teaches")
    page.keyboard.type(".")
    note = page.locator("#notes .note", has_text="full stop")
    expect(note).to_be_visible()
    note.click()
    page.get_by_role("button", name=re.compile("^Fix")).click()
    expect(note).to_have_count(0)
    expect(text(page)).not_to_contain_text("shelves to count.")


def move_up(page: "Page") -> None:
    line(page, "Parcelwise opens")
    page.keyboard.press("Alt+Shift+ArrowUp")
    says(page, "#outline li:nth-child(3)", "Parcelwise opens a hall")


def bring_in(page: "Page") -> None:
    """A paste out of a document, taken back again; a picture, and what it shows."""
    from playwright.sync_api import expect

    line(page, "Tessel says that")
    page.keyboard.press("Enter")
    paste(page, (PASTES / "google-docs.html").read_text(encoding="utf-8"))
    says(page, ".note.paste", "Pasted from a document")
    page.keyboard.press("Control+z")
    expect(text(page)).not_to_contain_text("Sending things back")

    octets = io.BytesIO()
    Image.new("RGB", (1_200, 580), "#cdd8d1").save(octets, "PNG")
    words = "Marlow says that"
    drop(page, octets.getvalue(), "shelves.png", "image/png", on=words, place=".cm-line")
    page.get_by_label("What does it show").fill("Two shelves")
    page.keyboard.press("Enter")
    says(page, "#status-saved", "Saved")


def read_in_the_dark(page: "Page") -> None:
    """The message on a phone, and its ground after dark is another."""
    ground = """() => {
      const all = [...document.querySelectorAll('#message iframe')];
      const frame = all.find((one) => one.offsetParent);
      const page = frame.contentDocument;
      return [page.defaultView.innerWidth, getComputedStyle(page.body).backgroundColor];
    }"""
    page.get_by_text("Phone", exact=True).click()
    light = page.evaluate(ground)
    page.get_by_text("Dark", exact=True).click()
    page.wait_for_timeout(500)
    dark = page.evaluate(ground)
    page.get_by_text("Light", exact=True).click()

    assert 390 == light[0] == dark[0]
    assert light[1] != dark[1]


def choose_between_two_versions(page: "Page", file: Path) -> str:
    """Another program saves while words are typed here; what stands in the file afterwards."""
    from playwright.sync_api import expect

    line(page, "Marlow says that")
    before = once_it_holds(file, "Two shelves")
    theirs = before.replace("Marlow says that it has begun with twelve shops", "Marlow is sure")
    theirs = theirs.replace(
        "Tessel says that it has begun with twelve shops", "Tessel says that it has begun in Leeds"
    )
    come_between(page, file, theirs)
    page.keyboard.type(" Slowly.")
    versions = page.locator("#versions")
    expect(versions).to_contain_text("Yours")
    expect(versions).to_contain_text("Still to choose")
    versions.get_by_role("radio").first.check()
    expect(versions.get_by_role("button", name="Use this")).to_be_enabled()
    versions.get_by_role("button", name="Use this").click()
    expect(versions).to_have_count(0)
    says(page, "#status-saved", "Saved")
    return file.read_text(encoding="utf-8")


def once_it_holds(file: Path, words: str) -> str:
    """The file's text once these words are saved, for "Saved" may be of a time before."""
    end = time.monotonic() + patience(20)
    while words not in (found := file.read_text(encoding="utf-8")):
        assert time.monotonic() < end
        time.sleep(0.05)
    return found


def have_a_test(page: "Page") -> None:
    says(page, "#next-act", "Approve…")
    text(page).focus()
    page.keyboard.press("F9")
    page.get_by_label("To which address?").fill("robin@example.com")
    page.keyboard.press("Enter")
    says(page, "#send-test", "Sent to you ")


def await_mail(inbox: Path) -> None:
    end = time.monotonic() + patience(20)
    while not list(inbox.glob("*.eml")):
        assert time.monotonic() < end
        time.sleep(0.05)


def approve_and_schedule(page: "Page") -> None:
    text(page).focus()
    page.keyboard.press("Control+Enter")
    page.get_by_role("button", name="Approve as Robin Example").click()
    says(page, "#next-act", "Schedule…")
    page.keyboard.press("Control+Enter")
    page.get_by_role("dialog").get_by_role("button", name="Schedule for").click()
    says(page, "#status-slot", "Goes out")
