"""The message beside the text: every sight really differs, every view tells, and both keep step."""

import random
import re
from typing import TYPE_CHECKING

import pytest

from tests.acceptance.publication import Publication
from tests.browser.studio.studio_world import EXAMPLE, studio, text

if TYPE_CHECKING:
    from playwright.sync_api import Browser, FrameLocator, Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]

VIEW = "document.querySelector('.cm-content').cmTile.root.view"
LEAF = "document.querySelector('#message .leaf')"
WHOLE = "{}.contentDocument.documentElement.outerHTML"
LIGHTS = "document.querySelector('dialog.lights iframe')"


def frame(page: "Page") -> "FrameLocator":
    return page.frame_locator("#message iframe")


def style(page: "Page", selector: str, name: str) -> str:
    """As the frame has computed it."""
    found = frame(page).locator(selector).first
    told: str = found.evaluate("(element, name) => getComputedStyle(element)[name]", name)
    return told


def see(page: "Page", keys: str) -> None:
    """Pressed while the message has the focus."""
    page.get_by_role("group", name="The message").focus()
    for key in keys:
        page.keyboard.press(key)


def put(page: "Page", start: int, end: int, words: str) -> None:
    """An edit, as if it had been typed."""
    page.evaluate(
        f"([from, to, insert]) => {VIEW}.dispatch({{ changes: {{ from, to, insert }} }})",
        [start, end, words],
    )


def test_sights_are_what_readers_have_whatever_the_system_prefers(
    publication: Publication, browser: "Browser"
) -> None:
    from playwright.sync_api import expect

    with studio(publication, browser, EXAMPLE) as world:
        page = world.open(dark=True)
        expect(frame(page).locator("h1")).to_be_visible()
        see(page, "")
        light, phone = style(page, ".card", "backgroundColor"), style(page, "h1", "fontSize")
        assert ("rgb(255, 255, 255)", "28px") == (light, phone)

        see(page, "d")
        assert "rgb(22, 31, 29)" == style(page, ".card", "backgroundColor")
        see(page, "2")
        assert "32px" == style(page, "h1", "fontSize")
        expect(page.locator(".inboxline small")).to_have_text(re.compile(r"^at 6\d %$"))
        expect(page.get_by_role("radio", name="Desktop")).to_be_checked()

        see(page, "1f")
        assert light == style(page, ".card", "backgroundColor")
        expect(page.locator(".likeness")).to_contain_text("likeness")
        filtered = page.locator("#message iframe").evaluate("each => getComputedStyle(each).filter")
        assert "invert(1) hue-rotate(180deg)" == filtered

        see(page, "lt")
        assert "56px" == style(page, "h1", "fontSize")
        see(page, "s")
        assert 0 == frame(page).locator("style").count()
        see(page, "o")
        expect(page.get_by_role("radio", name="Desktop")).to_be_checked()
        assert "0px" == style(page, ".badge", "borderTopLeftRadius")
        assert frame(page).locator("table.masthead").count() > 0
        expect(frame(page).locator("body")).not_to_contain_text("96")

        see(page, "a1")
        assert phone == style(page, "h1", "fontSize")
        assert "20px" == style(page, ".badge", "borderTopLeftRadius")


def test_images_are_shown_from_the_studio_and_can_be_off(
    publication: Publication, browser: "Browser"
) -> None:
    from playwright.sync_api import expect

    from tests.pictures import photo, saved

    folder = publication.folder / "images"
    folder.mkdir()
    (folder / "shelf.jpg").write_bytes(saved(photo(900, 400), "JPEG"))
    with studio(publication, browser, EXAMPLE) as world:
        path = world.file()
        shown = path.read_text("utf-8").replace("## 2.", "![A shelf](images/shelf.jpg)\n\n## 2.")
        path.write_text(shown, "utf-8")
        page = world.open()
        image = frame(page).locator('img[alt="A shelf"]')
        expect(image).to_have_js_property("naturalWidth", 900)
        image.evaluate("each => { each.isOld = true }")

        text(page).press("Control+End")
        page.keyboard.type(" More.")
        expect(frame(page).locator("body")).to_contain_text("here. More.")
        assert image.evaluate("each => each.isOld")

        see(page, "i")
        expect(image).not_to_have_attribute("src", re.compile("."))
        expect(image).to_have_js_property("naturalWidth", 0)


def test_views_tell_of_text_source_inbox_links_and_programs(
    publication: Publication, browser: "Browser"
) -> None:
    from playwright.sync_api import expect

    with studio(publication, browser, EXAMPLE) as world:
        page = world.open()
        expect(frame(page).locator("h1")).to_be_visible()
        expect(page.locator("#status-bytes")).to_have_text(re.compile(r"^\d\d\.\d of 100 kB$"))
        tabs = page.get_by_role("tab")
        assert ["Message", "Text", "Source", "Inbox", "Links", "Programs"] == tabs.all_inner_texts()

        tabs.first.focus()
        page.keyboard.press("ArrowRight")
        panel = page.get_by_role("tabpanel")
        expect(panel).to_contain_text("1. WALMART TURNS A JASON DERULO SHOW")
        page.keyboard.press("ArrowRight")
        expect(panel).to_contain_text("List-Unsubscribe-Post: List-Unsubscribe=One-Click")
        panel.get_by_text("As it is sent").click()
        expect(panel).to_contain_text("Content-Transfer-Encoding: quoted-printable")
        tabs.nth(2).focus()
        page.keyboard.press("ArrowRight")
        expect(panel).to_contain_text("subject cut at 38")
        page.keyboard.press("ArrowRight")
        expect(panel.get_by_role("row")).to_have_count(7)
        expect(panel).to_contain_text("not asked yet")
        page.keyboard.press("End")
        expect(panel.get_by_role("row", name="Outlook (Windows)")).to_contain_text("word-spacing")

        page.keyboard.press("Home")
        expect(page.get_by_role("group", name="The message")).to_be_visible()


def test_a_story_pressed_in_the_message_has_the_cursor_and_the_reverse(
    publication: Publication, browser: "Browser"
) -> None:
    from playwright.sync_api import expect

    with studio(publication, browser, EXAMPLE) as world:
        page = world.open()
        words = frame(page).get_by_text("Both bring groceries to the door")
        expect(words).to_be_attached()
        page.evaluate(f"{LEAF}.scrollTop = 1450")
        box = words.bounding_box()
        assert box
        page.mouse.click(box["x"] + 20, box["y"] + 8)

        head = page.evaluate(f"{VIEW}.state.selection.main.head")
        line = page.evaluate(f"{VIEW}.state.doc.lineAt({head}).text")
        assert line.startswith("Both bring groceries")
        assert page.evaluate(f"{VIEW}.hasFocus")
        bar = page.locator("#message .mirror")
        expect(bar).to_be_visible()

        page.evaluate(f"{LEAF}.scrollTop = 0")
        text(page).press("Control+End")
        for _ in range(6):
            page.keyboard.press("ArrowUp")
        expect(frame(page).get_by_text("L.K. Bennett and THG")).to_be_in_viewport()
        top, bottom = bar.evaluate("({ offsetTop, offsetHeight }) => [offsetTop, offsetHeight]")
        place = frame(page).get_by_text("L.K. Bennett").evaluate("e => e.getBoundingClientRect().y")
        assert top < place < top + bottom


def test_scrolling_keeps_step_both_ways(publication: Publication, browser: "Browser") -> None:
    from playwright.sync_api import expect

    with studio(publication, browser, EXAMPLE) as world:
        page = world.open()
        expect(frame(page).locator("h1")).to_be_visible()
        write = page.locator("#write")
        write.evaluate("each => { each.scrollTop = each.scrollHeight }")
        expect(frame(page).get_by_text("Example Media Ltd")).to_be_in_viewport()
        write.evaluate("each => { each.scrollTop = 0 }")
        expect(frame(page).get_by_text("Retail technology, weekly")).to_be_in_viewport()

        heading = frame(page).get_by_role("heading", name="Richemont moves its computers")
        heading.evaluate("() => 0")
        top = heading.evaluate("each => each.getBoundingClientRect().y")
        page.evaluate(f"{LEAF}.scrollTop = {top} - 150")

        expect(page.locator(".cm-line", has_text="Richemont moves its")).to_be_in_viewport()


def test_what_is_changed_in_place_is_what_a_fresh_page_would_have(
    publication: Publication, browser: "Browser"
) -> None:
    """The light table draws the same message on new pages: both are the same to the letter."""
    from playwright.sync_api import expect

    chance = random.Random(174)
    pieces = [
        "## 9. Another\n\nIt ends.\n\n",
        "> ",
        "**",
        "\n\n",
        "a word ",
        "[b](https://c.example/d)",
    ]
    with studio(publication, browser, EXAMPLE) as world:
        page = world.open()
        expect(frame(page).locator("h1")).to_be_visible()
        whole = world.file().read_text("utf-8")
        title, story = whole.index("The five biggest"), whole.index("## 1.") + 99
        for turn in range(10):
            for _ in range(4):
                length = page.evaluate(f"{VIEW}.state.doc.length")
                start = chance.randrange(story, length)
                taken = chance.choice([0, 0, 1, 40, 400])
                put(page, start, min(length, start + taken), chance.choice(["", *pieces]))
                page.wait_for_timeout(30)
            put(page, title, title, f"turn{turn} ")
            expect(frame(page).locator("h1")).to_contain_text(f"turn{turn} ")

            page.keyboard.press("F4")
            expect(
                page.frame_locator("dialog.lights iframe").first.locator("body")
            ).to_contain_text(f"turn{turn} ")
            mended = page.evaluate(WHOLE.format("document.querySelector('#message iframe')"))
            fresh = page.evaluate(WHOLE.format(LIGHTS))
            assert fresh == mended
            page.keyboard.press("Escape")


def test_light_table_shows_all_sights_which_scroll_together(
    publication: Publication, browser: "Browser"
) -> None:
    from playwright.sync_api import expect

    with studio(publication, browser, EXAMPLE) as world:
        page = world.open()
        expect(frame(page).locator("h1")).to_be_visible()
        page.keyboard.press("F4")
        leaves = page.locator("dialog.lights .leaf")
        expect(leaves).to_have_count(4)
        third = page.frame_locator("dialog.lights iframe").nth(3)
        expect(third.get_by_text("Example Media Ltd")).to_be_attached()

        leaves.first.evaluate("each => { each.scrollTop = each.scrollHeight }")
        expect(third.get_by_text("Example Media Ltd")).to_be_in_viewport()

        page.get_by_text("Choose what is shown").click()
        page.get_by_label("Desktop Outlook").check()
        expect(leaves).to_have_count(5)
        page.keyboard.press("Escape")
        expect(page.locator("dialog.lights")).to_have_count(0)
        assert page.evaluate(f"{VIEW}.hasFocus")


def test_a_leaf_stays_blank_with_one_sentence_where_there_is_no_message_yet(
    publication: Publication, browser: "Browser"
) -> None:
    from playwright.sync_api import expect

    with studio(publication, browser, EXAMPLE) as world:
        path = world.file()
        shown = path.read_text("utf-8").replace(
            "](https://www.example.com/2021/11/getir-weezy)",
            "](https://www.example.com/{{ first_name }})",
        )
        path.write_text(shown, "utf-8")
        page = world.open()
        blank = page.locator("#message .leaf.empty")

        expect(blank).to_have_text(re.compile(r"No message yet. Line \d+: there is a merge field"))
        expect(page.locator("#status-bytes")).to_be_empty()

        start = page.evaluate(f"{VIEW}.state.doc.toString()").index("{{ first_name }})")
        put(page, start, start + 16, "x")
        expect(frame(page).locator("h1")).to_be_visible()
        expect(blank).to_be_hidden()
        put(page, start, start + 1, "{{ first_name }}")
        expect(page.locator("p.stale")).to_contain_text("the message before the last change. Line")
        expect(frame(page).locator("h1")).to_be_visible()


def test_views_are_reached_by_their_names_and_enter_leads_from_the_message_to_the_text(
    publication: Publication, browser: "Browser"
) -> None:
    from playwright.sync_api import expect

    with studio(publication, browser, EXAMPLE) as world:
        page = world.open()
        expect(page.frame_locator("#message iframe").first.locator("h1")).to_be_visible()
        for words, tab in (("inboxes", "Inbox"), ("headers", "Source"), ("phone", "Message")):
            page.keyboard.press("F1")
            page.keyboard.type(words)
            page.keyboard.press("Enter")
            expect(page.get_by_role("tab", name=tab)).to_have_attribute("aria-selected", "true")
        page.keyboard.press("F1")
        page.keyboard.type("divide")
        page.keyboard.press("Enter")
        expect(page.get_by_role("separator", name="Width of the message")).to_be_focused()

        text(page).focus()
        page.keyboard.press("Control+End")
        leaf = page.locator("#message .leaf:visible").first
        leaf.focus()
        leaf.evaluate("leaf => leaf.scrollTo(0, 0)")
        page.keyboard.press("Enter")
        expect(text(page)).to_be_focused()
        page.keyboard.type("Here: ")
        expect(text(page)).to_contain_text("Here: The five biggest")
