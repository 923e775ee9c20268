"""A new issue filled in: slots, paragraphs, quotes, lists and bold; words found and replaced."""

from typing import TYPE_CHECKING

import pytest

from tests.acceptance.publication import Publication
from tests.browser.studio.studio_world import studio
from tests.browser.studio.test_writing import line, outline, source

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def new_issue(publication: Publication) -> str:
    """What `newsletter new` lays out."""
    publication.run("new", "--date", "2026-07-10")
    return "2026-07-10"


def test_slots_go_when_typed_on_and_tab_leads_from_one_to_the_next(
    publication: Publication, browser: "Browser", new_issue: str
) -> None:
    from playwright.sync_api import expect

    with studio(publication, browser, new_issue) as world:
        page = world.open()
        expect(page.locator(".hint")).to_have_count(13)
        expect(outline(page).nth(2)).to_contain_text("Headline2 slots")
        page.keyboard.press("Tab")
        page.keyboard.type("A palm for a purse, and shelves that count")
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        page.keyboard.type("Friday.")
        page.keyboard.press("Tab")
        page.keyboard.type("Northfold")
        page.get_by_text("Write story 1 here").click()
        page.keyboard.type("First.")
        page.keyboard.press("Enter")
        page.keyboard.type("Second.")
        expect(line(page, "Northfold")).to_have_text("1Northfold")
        page.keyboard.press("Shift+Tab")
        page.keyboard.type("Behind")
        written = source(page)
        expect(outline(page).nth(2)).to_contain_text("3 words")
        for _ in range(9):
            page.keyboard.press("Tab")
            page.keyboard.type("x")
        expect(page.locator(".hint")).to_have_count(0)

    assert "subject: A palm for a purse, and shelves that count\npreheader: Behind\n" in written
    assert "of the week\n\nFriday.\n\n## 1. Northfold\n\nFirst.\n\nSecond.\n\n## 2. …\n" in written


def test_enter_is_a_paragraph_and_goes_on_with_quotes_and_lists(
    publication: Publication, browser: "Browser", new_issue: str
) -> None:
    from playwright.sync_api import expect

    with studio(publication, browser, new_issue) as world:
        page = world.open()
        page.get_by_text("Write story 1 here").click()
        page.keyboard.type("> One")
        page.keyboard.press("Enter")
        page.keyboard.type("two")
        page.keyboard.press("Enter")
        page.keyboard.press("Enter")
        page.keyboard.type("- a")
        page.keyboard.press("Enter")
        page.keyboard.type("b")
        page.keyboard.press("Enter")
        page.keyboard.press("Enter")
        page.keyboard.type("A bold word")
        page.keyboard.press("Enter")
        page.keyboard.press("Enter")
        page.keyboard.type("Last")
        page.get_by_text("A bold word").dblclick(position={"x": 90, "y": 14})
        page.keyboard.press("Control+b")
        bold = source(page)
        page.keyboard.press("Control+i")
        page.keyboard.press("Control+b")
        page.keyboard.press("End")
        expect(line(page, "A bold word").locator(".em")).to_have_text("bold")
        page.keyboard.press("ArrowUp")
        page.keyboard.type("Between")
        expect(page.locator(".cm-line.quote")).to_have_count(2)
        expect(page.locator(".cm-line.item .bullet")).to_have_text(["•", "•"])
        written = source(page)

    assert "\nA **bold** word\n" in bold
    assert "\n\n> One\n> two\n\n- a\n- b\n\nBetween\n\nA *bold* word\n\nLast\n\n## 2." in written, (
        written
    )


def test_words_are_found_and_replaced_and_counted(
    publication: Publication, browser: "Browser", new_issue: str
) -> None:
    from playwright.sync_api import expect

    with studio(publication, browser, new_issue) as world:
        page = world.open()
        page.keyboard.press("Control+f")
        page.keyboard.type("story")
        found = page.locator(".find-panel .find-count")
        expect(found).to_have_text("5 found")
        page.keyboard.press("Enter")
        expect(found).to_have_text("1 of 5")
        page.keyboard.press("Shift+Enter")
        expect(found).to_have_text("5 of 5")
        page.keyboard.press("Control+h")
        page.get_by_label("Replace with").fill("item")
        page.get_by_role("button", name="Replace all").click()
        expect(found).to_have_text("5 replaced")
        page.keyboard.press("Escape")
        expect(page.locator(".find-panel")).to_have_count(0)
        expect(page.locator(".cm-content")).to_be_focused()
        replaced = source(page)
        page.keyboard.press("Control+z")
        undone = source(page)

    assert 5 == replaced.count("write item")
    assert 5 == undone.count("write story")
    assert 5 == len(headlines_of(undone))


def headlines_of(text: str) -> list[str]:
    return [each for each in text.splitlines() if each.startswith("## ")]
