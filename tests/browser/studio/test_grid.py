"""The desk's panes: their widths, the line between them, one at a time, and writing only."""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from tests.acceptance.publication import Publication
from tests.browser.studio.studio_world import EXAMPLE, studio, text

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def width(page: "Page", what: str) -> int:
    box = page.locator(what).bounding_box()
    assert box
    return round(box["width"])


def test_panes_have_their_widths_and_the_line_between_is_kept_over_a_reload(
    publication: Publication, browser: "Browser"
) -> None:
    from playwright.sync_api import expect

    with studio(publication, browser, EXAMPLE) as world:
        page = world.open()
        expect(page.locator("#outline li")).to_have_count(8)
        usual = width(page, "#outline"), width(page, "#message")
        line = page.get_by_role("separator", name="Width of the message")
        expect(line).to_have_attribute("aria-valuenow", "484")
        line.focus()
        page.keyboard.press("ArrowLeft")
        page.keyboard.press("ArrowLeft")
        expect(line).to_have_attribute("aria-valuenow", "516")
        box = line.bounding_box()
        assert box
        page.mouse.move(box["x"] + 4, 400)
        page.mouse.down()
        page.mouse.move(box["x"] - 36, 400, steps=4)
        page.mouse.up()
        dragged = width(page, "#message")
        page.reload()
        expect(text(page)).to_be_visible()
        kept = width(page, "#message")
        page.get_by_role("separator").dblclick()
        again = width(page, "#message")
        page.set_viewport_size({"width": 1300, "height": 800})
        narrow = width(page, "#outline"), width(page, "#message")
        page.set_viewport_size({"width": 1920, "height": 1000})
        wide = width(page, "#outline"), width(page, "#message"), width(page, "#text")
        page.set_viewport_size({"width": 1024, "height": 720})
        small = width(page, "#outline"), width(page, "#message")

    assert (208, 484) == usual
    assert 556 == dragged
    assert 556 == kept
    assert 484 == again
    assert (52, 428) == narrow
    assert (248, 760, 640) == wide
    assert (52, 400) == small


def test_one_pane_at_a_time_on_a_small_screen_and_f6_brings_the_next(
    publication: Publication, browser: "Browser"
) -> None:
    from playwright.sync_api import expect

    with studio(publication, browser, EXAMPLE) as world:
        page = world.open(width=900)
        panes = ["#write", "#message", "#outline"]
        for shown in [*panes, "#write"]:
            expect(page.locator(shown)).to_be_visible()
            for other in panes:
                if other != shown:
                    expect(page.locator(other)).to_be_hidden()
            page.keyboard.press("F6")
        page.keyboard.press("F6")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        expect(text(page)).to_be_focused()


def test_writing_only_keeps_the_line_in_the_middle_and_esc_goes_back(
    publication: Publication, browser: "Browser"
) -> None:
    from playwright.sync_api import expect

    with studio(publication, browser, EXAMPLE) as world:
        page = world.open()
        page.keyboard.press("Alt+PageDown")
        page.keyboard.press("Alt+PageDown")
        expect(page.locator("#outline [aria-current]")).to_have_text(_begins_with("1"))
        page.keyboard.press("F2")
        expect(page.locator("#message")).to_be_hidden()
        expect(page.locator(".corner.l")).to_have_text(_begins_with("Story 1 of 5, "))
        inks = page.evaluate(
            "[...document.querySelectorAll('.cm-line:not(.gap, .fence)')]"
            ".map((line) => [line.classList.contains('now'), getComputedStyle(line).color])"
        )
        for _ in range(8):
            page.keyboard.press("ArrowDown")
        page.wait_for_timeout(100)
        caret = page.locator(".cm-cursor-primary").bounding_box()
        assert caret
        page.keyboard.press("Escape")
        expect(page.locator("#message")).to_be_visible()
        expect(text(page)).to_be_focused()

    assert {"rgb(27, 31, 29)"} == {ink for is_now, ink in inks if is_now}
    assert {"rgb(95, 102, 98)"} == {ink for is_now, ink in inks if not is_now}
    assert abs(caret["y"] + caret["height"] / 2 - 450) < 30


@pytest.mark.parametrize("dark", [False, True])
def test_desk_is_clean_for_axe(
    publication: Publication,
    browser: "Browser",
    find_axe_faults: Callable[["Page"], list[Any]],
    dark: bool,
) -> None:
    from playwright.sync_api import expect

    with studio(publication, browser, EXAMPLE) as world:
        page = world.open(dark=dark)
        expect(page.locator("#outline li small").first).to_be_visible()
        page.keyboard.press("Control+f")
        page.keyboard.type("the")
        wide = find_axe_faults(page)
        page.keyboard.press("Escape")
        page.set_viewport_size({"width": 1024, "height": 720})
        small = find_axe_faults(page)
        page.keyboard.press("F2")
        alone = find_axe_faults(page)

    assert [] == wide
    assert [] == small
    assert [] == alone


def _begins_with(words: str) -> re.Pattern[str]:
    return re.compile(f"^{re.escape(words)}")
