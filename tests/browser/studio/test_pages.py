"""The pages round the desk, walked as an editor does, by keys where there are keys."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from tests.acceptance.publication import Publication
from tests.browser.studio.studio_world import EXAMPLE, studio

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]

_DROP = """() => {
  const data = new DataTransfer();
  data.items.add(new File([], 'empty.docx'));
  document.body.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true }));
}"""
"""A file that has no text in it, let go over the page."""

PAGES = ("/", f"/issues/{EXAMPLE}/report", "/people", "/returned", "/new", "/import", "/example")


def test_empty_publication_greets_with_three_ways_and_the_first_begins(
    publication: Publication, browser: "Browser"
) -> None:
    from playwright.sync_api import expect

    (publication.folder / "issues" / f"{EXAMPLE}.md").unlink()
    with studio(publication, browser) as world:
        page = world.open()
        expect(page.get_by_role("heading", name="No issue yet.")).to_be_visible()
        expect(page.locator(".ways a")).to_have_count(3)
        expect(page.locator("#first")).to_be_focused()

        page.keyboard.press("ArrowRight")
        expect(page.locator(".ways a").nth(1)).to_be_focused()
        page.keyboard.press("e")
        expect(page.locator("#found")).to_have_text("The check finds nothing.")
        expect(page.frame_locator("#message").locator("h1")).to_contain_text("five biggest")
        page.go_back()

        expect(page.locator("#first")).to_be_focused()
        page.evaluate(_DROP)
        expect(page.get_by_role("alert")).to_contain_text("docx")
        page.keyboard.press("n")
        page.get_by_role("button", name="Lay it out").press("Enter")
        page.wait_for_url("**/issues/2*")
        name = page.url.rpartition("/")[2]
        world.file(name).write_text("---\nsubject: A new one\n---\n# Five\n", encoding="utf-8")
        page.goto(f"{world.url}/")
        expect(page.locator(".row a")).to_have_text("A new one")
        expect(page.locator(".row .state")).to_contain_text("error")

    assert not list(publication.folder.glob("*.db"))


def test_shelf_notices_other_editors_and_offers_what_it_does_not_find(
    publication: Publication, browser: "Browser"
) -> None:
    from playwright.sync_api import expect

    with studio(publication, browser) as world:
        page = world.open()
        expect(page.get_by_role("heading", level=1)).to_contain_text("Next: ")
        rows = page.locator(".row:visible")
        expect(rows).to_have_count(1)

        other = world.file("summer-special")
        other.write_text("---\nsubject: The summer special\n---\n# Summer\n", encoding="utf-8")
        expect(page.get_by_role("link", name="The summer special")).to_be_visible()

        page.keyboard.press("/")
        page.keyboard.type("summer")
        expect(rows).to_have_count(1)
        page.keyboard.press("Escape")
        expect(rows).to_have_count(2)
        page.keyboard.press("/")
        page.keyboard.type("Returns, the long read")
        expect(page.locator("#nothing")).to_contain_text("Begin “Returns, the long read”")
        page.keyboard.press("Enter")
        page.get_by_role("button", name="Lay it out").press("Enter")
        page.wait_for_url("**/issues/returns-the-long-read")

    assert "subject: Returns, the long read\n" in world.file("returns-the-long-read").read_text(
        encoding="utf-8"
    )


def test_sent_issue_has_its_report_and_a_person_is_added_and_suppressed(
    publication: Publication, browser: "Browser"
) -> None:
    from playwright.sync_api import expect

    people = ("--subscribers", "subscribers.example.csv")
    assert 0 == publication.run("send", EXAMPLE, *people, "--yes").status
    with studio(publication, browser) as world:
        page = world.open()
        page.locator("#sent").wait_for()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        page.wait_for_url("**/report")
        expect(page.locator(".lead h2")).to_contain_text(" accepted, in ")
        expect(page.get_by_role("table", name="").first).to_be_visible()
        with page.expect_download() as saved:
            page.get_by_role("link", name="Save the report").click()

        page.goto(f"{world.url}/people")
        page.locator("#text").blur()
        page.keyboard.press("a")
        page.get_by_label("Address", exact=True).fill("ada@example.org")
        page.get_by_role("button", name="Add", exact=True).click()
        expect(page.get_by_role("alert")).to_contain_text("say where and how they said yes")
        page.get_by_label("Where and how they said yes").fill("at our stand")
        page.get_by_role("button", name="Add", exact=True).click()
        expect(page.get_by_role("status")).to_have_text("ada@example.org is on the list.")
        page.get_by_text("Suppress…").last.click()
        page.get_by_label("Why; it is kept").last.fill("asked by phone")
        page.get_by_role("button", name="Suppress", exact=True).last.click()
        expect(page.get_by_role("status")).to_contain_text("is now suppressed")
        expect(page.locator(".lead .w")).to_contain_text("not sent to them: suppressed")

    assert f"{EXAMPLE}-report.html" == saved.value.suggested_filename
    assert "ada" not in page.url


@pytest.mark.parametrize("dark", [False, True])
def test_axe_finds_no_fault_on_any_page(
    publication: Publication, browser: "Browser", judge: Callable[["Page"], list[Any]], dark: bool
) -> None:
    people = ("--subscribers", "subscribers.example.csv")
    assert 0 == publication.run("send", EXAMPLE, *people, "--yes").status
    draft = publication.folder / "issues" / "draft.md"
    draft.write_text("---\nsubject: A draft\n---\n# Five\n", encoding="utf-8")
    found = {}
    with studio(publication, browser) as world:
        page = world.open(dark=dark)
        for path in PAGES:
            page.goto(f"{world.url}{path}", wait_until="networkidle")
            found[path] = judge(page)
        page.goto(f"{world.url}/people")
        page.locator("#text").fill("a")
        page.keyboard.press("Enter")
        page.locator("[data-person]").first.click()
        page.locator("#person .facts").wait_for()
        found["a person"] = judge(page)
        page.set_viewport_size({"width": 1024, "height": 700})
        page.goto(f"{world.url}/")
        found["narrow"] = judge(page)

    assert {} == {path: faults for path, faults in found.items() if faults}
