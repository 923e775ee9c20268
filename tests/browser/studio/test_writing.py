"""Writing: parts as cards, marks where the cursor is, the outline, moves, finding."""

import re
from typing import TYPE_CHECKING

import pytest

from tests.acceptance.publication import Publication
from tests.browser.studio.studio_world import studio

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ISSUE = """---
subject: Shelves that count
preheader: And a palm for a purse
date: 2026-06-19
number: 174
---
# The five biggest retail technology news stories of the week

Hello {{ first_name | default("there") }}, it is Friday, including Northfold and Tessel.

## 1. Northfold reads palms

Whoever has signed up once holds a **hand** over the reader.

[Read the full story](https://www.example.com/2026/06/palm?from=desk)

## 2. Tessel buys Loopback

> £38 million is what Tessel pays.

## Sponsored by Tillwright

Borrow a till.

<!-- check: ignore story-count -->
## 3. Quillon goes back

On 30 September the app will be switched off.

---
Sign up for our free retail technology newsletter [here](https://www.example.com/newsletter).
"""

PASTED = """The five biggest retail technology news stories of the week
It’s Friday, and so is the news.
1. Northfold lets shoppers pay by showing a palm
Whoever has signed up once holds a hand over the reader.
2. Tessel buys Loopback
Sending things back costs fashion shops more than rent.
3. Quillon goes back
On 30 September the app will be switched off.
Sign up for our free retail technology newsletter here.
"""


@pytest.fixture
def issue(publication: Publication) -> str:
    """Three stories, a sponsor, and one of everything that is drawn."""
    name = "2026-06-19"
    (publication.folder / "issues" / f"{name}.md").write_text(ISSUE, "utf-8")
    return name


def source(page: "Page") -> str:
    """The text as it is, whatever is drawn over it: CodeMirror keeps it at its element."""
    found: str = page.evaluate(
        "document.querySelector('.cm-content').cmTile.root.view.state.doc.toString()"
    )
    return found


def headlines(page: "Page") -> list[str]:
    return re.findall(r"^## (.*)$", source(page), re.MULTILINE)


def outline(page: "Page") -> "Locator":
    return page.locator("#outline li")


def line(page: "Page", words: str) -> "Locator":
    return page.locator(".cm-line", has_text=words).first


def test_marks_show_where_the_cursor_is_and_only_there(
    publication: Publication, browser: "Browser", issue: str
) -> None:
    from playwright.sync_api import expect

    with studio(publication, browser, issue) as world:
        page = world.open()
        expect(page.locator("#heading")).to_have_text(re.compile("No. 174.*19 June"))
        expect(page.locator(".cards .card")).to_have_count(7)
        expect(line(page, "subject")).to_have_attribute("data-count", "18, good from 30")

        expect(line(page, "Hello")).to_contain_text("Hello first name, or “there”, it is")
        page.get_by_text("first name, or").click()
        expect(line(page, "Hello")).to_contain_text('{{ first_name | default("there") }}')

        expect(line(page, "Read the full story")).to_have_text(
            "Read the full storyexample.com/2026/06/palm"
        )
        page.get_by_text("Read the full story").first.click()
        expect(line(page, "Read the full story")).to_have_text(
            "[Read the full story](https://www.example.com/2026/06/palm?from=desk)"
        )
        expect(line(page, "Northfold reads palms")).to_have_text("1Northfold reads palms")
        page.get_by_text("Northfold reads palms").last.click()
        expect(line(page, "Northfold reads palms")).to_have_text("## 1. Northfold reads palms")
        page.keyboard.press("Home")
        page.keyboard.press("Home")
        page.keyboard.press("ArrowRight")
        page.keyboard.type("#")

        expect(line(page, "Northfold reads palms")).to_have_text("### 1. Northfold reads palms")
        expect(page.locator(".cards .card.story")).to_have_count(2)
        page.keyboard.press("Control+z")
        expect(page.locator(".cards .card.story")).to_have_count(3)
        undone = source(page)

    assert ISSUE == undone


def test_parts_move_whole_and_numbers_follow_in_one_step_to_undo(
    publication: Publication, browser: "Browser", issue: str
) -> None:
    from playwright.sync_api import expect

    with studio(publication, browser, issue) as world:
        page = world.open()
        expect(outline(page)).to_have_count(7)
        before = source(page)
        page.get_by_text("On 30 September").first.click()
        page.keyboard.press("Alt+Shift+ArrowUp")
        above_sponsor = headlines(page)
        page.keyboard.press("Alt+Shift+ArrowUp")
        second = source(page)
        expect(page.locator("#moved")).to_contain_text("“Quillon goes back” is now 2 of 4")
        page.keyboard.type("!")
        typed = source(page)
        page.keyboard.press("Control+z")
        page.keyboard.press("Control+z")
        page.keyboard.press("Control+z")
        undone = source(page)

        page.keyboard.press("F6")
        page.keyboard.press("F6")
        page.keyboard.press("Home")
        for _ in range(2):
            page.keyboard.press("ArrowDown")
        page.keyboard.press("Alt+Shift+ArrowDown")
        by_rail = headlines(page)
        page.keyboard.press("Enter")
        page.keyboard.type("x")
        expect(line(page, "Northfold reads palms")).to_have_text("## 2. xNorthfold reads palms")
        page.keyboard.press("Control+z")

        entry = outline(page).nth(3).bounding_box()
        assert entry
        page.mouse.move(entry["x"] + 60, entry["y"] + 12)
        page.mouse.down()
        page.mouse.move(entry["x"] + 60, entry["y"] - 60, steps=4)
        expect(page.locator(".drop-line")).to_be_visible()
        page.mouse.up()
        by_drag = headlines(page)

    assert ["2. Quillon goes back", "Sponsored by Tillwright"] != above_sponsor[1:3]
    assert "<!-- check: ignore story-count -->\n## 2. Quillon goes back\n" in second
    assert "3. Tessel buys Loopback" in second
    assert len(before) + 1 == len(typed)
    assert before == undone
    assert ["1. Tessel buys Loopback", "2. Northfold reads palms"] == by_rail[:2]
    assert ["1. Northfold reads palms", "2. Tessel buys Loopback"] == by_drag[:2]


def test_pasted_text_without_marks_is_drawn_as_the_issue_that_it_is(
    publication: Publication, browser: "Browser", issue: str
) -> None:
    from playwright.sync_api import expect

    (publication.folder / "issues" / f"{issue}.md").write_text(PASTED, "utf-8")
    with studio(publication, browser, issue) as world:
        page = world.open()
        expect(page.locator(".cards .card.story")).to_have_count(3)
        expect(page.locator(".cm-line.headline .n")).to_have_text(["1", "2", "3"])
        page.get_by_text("On 30 September").click()
        page.keyboard.type("x")
        expect(page.locator(".cards .card.story")).to_have_count(3)
        page.keyboard.press("Alt+Shift+ArrowUp")
        moved = source(page)

    assert "\n2. Quillon goes back\n" in moved
    assert "\n3. Tessel buys Loopback\n" in moved
