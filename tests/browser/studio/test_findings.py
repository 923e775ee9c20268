"""Findings at the desk: they come after a rest and go at once, and are mended where they stand."""

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.acceptance.publication import Publication
from tests.browser.studio.studio_world import EXAMPLE, studio

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]

FAULTS = {
    "including Walmart, Getir": "including Walmart, Gettir",
    "Twitter into a shop\n": "Twitter into a shop.\n",
    "Sunday 28 November": "Monday 28 November",
    "carrefour-flash)": "carrefour-flash?utm_source=desk)",
}
WATCH = """() => {
  const text = document.querySelector('.cm-content');
  text.addEventListener('keydown', () => { window.typed = performance.now(); });
  new MutationObserver(() => {
    if (text.querySelector('.f')) window.seen ??= performance.now();
  }).observe(text, { subtree: true, childList: true, attributes: true });
}"""
"""When the last key was pressed, and when the first finding was seen."""

CAUGHT = "1 error, 3 warnings"


def break_issue(publication: Publication, *wanted: str) -> str:
    """Put faults into the issue; its text before."""
    path = publication.folder / "issues" / f"{EXAMPLE}.md"
    sound = path.read_text(encoding="utf-8")
    broken = sound
    for before in wanted or FAULTS:
        assert before in broken
        broken = broken.replace(before, FAULTS[before], 1)
    path.write_text(broken, encoding="utf-8")
    return sound


def counts(page: "Page") -> "Locator":
    return page.locator("#status-findings")


def written(page: "Page") -> str:
    """The text as the editor has it, whatever is drawn over it."""
    found: str = page.evaluate(
        "document.querySelector('.cm-content').cmTile?.view?.state.doc.toString()"
        " ?? document.querySelector('.cm-content').cmView.view.state.doc.toString()"
    )
    return found


def put_cursor(page: "Page", words: str) -> None:
    """Behind these words, by the editor's own hand."""
    page.evaluate(
        """(words) => {
          const content = document.querySelector('.cm-content');
          const { view } = content.cmTile ?? content.cmView;
          const at = view.state.doc.toString().indexOf(words) + words.length;
          view.dispatch({ selection: { anchor: at }, scrollIntoView: true });
          view.focus();
        }""",
        words,
    )


def test_finding_waits_for_a_rest_and_goes_at_once(
    publication: Publication, browser: "Browser"
) -> None:
    from playwright.sync_api import expect

    with studio(publication, browser, EXAMPLE) as world:
        page = world.open()
        expect(counts(page)).to_have_text("No findings")
        put_cursor(page, "runs in the US and Hong Kong moves as well, all before 2023")
        page.evaluate(WATCH)
        page.keyboard.type(" the the", delay=20)
        twice = page.locator(".f.warn", has_text="the")
        expect(twice).to_be_visible()
        note = page.get_by_role("button", name="Warning “the” is there twice.")
        expect(note).to_be_visible()
        expect(counts(page)).to_have_text("1 warning")
        assert 400 <= page.evaluate("window.seen - window.typed")

        page.keyboard.press("Backspace")

        assert 0 == twice.count()
        assert 0 == note.count()
        expect(counts(page)).to_have_text("No findings")


def test_findings_are_walked_and_mended_by_key_and_by_press(
    publication: Publication, browser: "Browser"
) -> None:
    from playwright.sync_api import expect

    sound = break_issue(publication)
    with studio(publication, browser, EXAMPLE) as world:
        page = world.open()
        expect(counts(page)).to_have_text(CAUGHT)
        broken = written(page)
        page.keyboard.press("F8")
        expect(page.locator(".note.open")).to_contain_text("names “Gettir”")
        assert 0 == page.locator(".note.open button", has_text="Fix").count()
        page.keyboard.press("F8")
        card = page.locator(".note.open")
        expect(card).to_contain_text("The headline ends in a full stop.")
        expect(card.locator("del")).to_have_text(".")
        expect(page.locator("#notes [role=status]")).to_contain_text("Warning 2 of 4.")

        page.keyboard.press("Control+.")
        expect(counts(page)).to_have_text("1 error, 2 warnings")
        assert "into a shop\n" in written(page)
        page.keyboard.press("Control+z")
        expect(counts(page)).to_have_text(CAUGHT)
        assert broken == written(page)

        put_cursor(page, "The price")
        page.keyboard.press("Shift+F8")
        expect(card).to_contain_text("tracking parameter")
        counts(page).click()
        expect(card).to_contain_text("names “Gettir”")
        page.keyboard.press("Escape")
        expect(card).to_have_count(0)
        page.get_by_role("button", name="Warning The link carries").click()
        card.get_by_role("button", name="Fix").click()
        expect(counts(page)).to_have_text("1 error, 2 warnings")
        page.keyboard.press("Control+z")
        expect(counts(page)).to_have_text(CAUGHT)

        put_cursor(page, "Boots replies")
        page.keyboard.press("Control+Shift+.")
        expect(counts(page)).to_have_text("1 error, 1 warning")
        page.keyboard.type("!")
        page.keyboard.press("Backspace")
        mended = sound.replace("Getir and", "Gettir and", 1).replace("Sunday", "Monday", 1)
        assert mended == written(page)
        page.keyboard.press("Control+z")
        page.keyboard.press("Control+z")
        expect(counts(page)).to_have_text(CAUGHT)
        assert broken == written(page)


def test_finding_is_passed_over_for_a_reason(
    publication: Publication, browser: "Browser", tmp_path: Path
) -> None:
    from playwright.sync_api import expect

    break_issue(publication, "Sunday 28 November")
    with studio(publication, browser, EXAMPLE) as world:
        page = world.open()
        expect(counts(page)).to_have_text("1 error")
        page.get_by_role("button", name="Error 28 November 2021 is a Sunday").click()
        card = page.locator(".note.open")
        card.get_by_role("button", name="Not here…").click()
        page.keyboard.press("Enter")
        expect(card).to_contain_text("A few words will do.")
        page.keyboard.press("Escape")
        expect(card.get_by_role("button", name="Not here…")).to_be_focused()

        page.keyboard.press("Enter")
        page.keyboard.type("they said so")
        page.keyboard.press("Enter")

        expect(counts(page)).to_have_text("No findings")
        comment = "<!-- check: ignore weekday-date because they said so -->\nCyber Week"
        assert comment in written(page)
        page.keyboard.press("Control+z")
        expect(counts(page)).to_have_text("1 error")

        page.keyboard.press("F8")
        with page.context.expect_page() as opened:
            card.get_by_role("link", name="What the rule wants").click()
        expect(opened.value.locator("h1")).to_contain_text("same day")
        expect(opened.value.locator("pre.sample").first).to_contain_text("## 1. Harbour Foods")


def test_finding_unfolds_below_its_line_where_there_is_no_margin(
    publication: Publication, browser: "Browser"
) -> None:
    from playwright.sync_api import expect

    break_issue(publication, "Twitter into a shop\n", "Sunday 28 November")
    with studio(publication, browser, EXAMPLE) as world:
        page = world.open(width=1024)
        expect(counts(page)).to_have_text("1 error, 1 warning")
        expect(page.locator("#notes li").first).to_be_hidden()
        page.locator(".f.error").click()
        line = page.locator(".finding-line")
        expect(line).to_contain_text("28 November 2021 is a Sunday, not a Monday.")
        page.keyboard.press("Shift+F8")
        expect(line).to_contain_text("full stop")
        above, below = page.locator(".f.warn").bounding_box(), line.bounding_box()
        assert above
        assert below
        assert above["y"] + above["height"] <= below["y"] + 8

        line.get_by_role("button", name="Fix").click()

        expect(line).to_have_count(0)
        expect(counts(page)).to_have_text("1 error")


def test_text_that_is_no_issue_is_told_above_it(
    publication: Publication, browser: "Browser"
) -> None:
    from playwright.sync_api import expect

    with studio(publication, browser, EXAMPLE) as world:
        page = world.open()
        expect(counts(page)).to_have_text("No findings")
        put_cursor(page, "Boots replies")
        page.keyboard.insert_text("\0")

        strip = page.get_by_role("alert")
        expect(strip).to_contain_text(re.compile("cannot be read as an issue.*binary"))
        page.keyboard.press("Backspace")
        expect(strip).to_have_count(0)
