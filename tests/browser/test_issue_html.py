"""An issue in a real browser: at all widths, in the dark, without styles, and as Outlook has it."""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

Show = Callable[..., "Page"]

WIDTHS = [320, 375, 680, 1200]
WORDS = "p:not(.line p), li, h1, h2, a, .kicker div, .panel-title div, .contents-words"


def without_styles(html: str) -> str:
    """As the Gmail app shows it to an address of another provider."""
    return re.sub(r"<style.*?</style>", "", html, flags=re.DOTALL)


def as_outlook(html: str) -> str:
    """With the conditional comments open that Outlook opens, and those shut that it shuts."""
    shut = re.sub(r"<!--\[if !mso.*?\]><!-->.*?<!--<!\[endif\]-->", "", html, flags=re.DOTALL)
    return re.sub(r"<!--\[if [^\]]*mso[^\]]*\]>(.*?)<!\[endif\]-->", r"\1", shut, flags=re.DOTALL)


def measure_width(page: "Page") -> Any:
    return page.evaluate("document.documentElement.scrollWidth")


def styles(page: "Page", selector: str, name: str) -> list[str]:
    """The computed style of every element that the selector finds."""
    found = page.evaluate(
        "([selector, name]) => [...document.querySelectorAll(selector)]"
        ".map(one => getComputedStyle(one)[name])",
        [selector, name],
    )
    assert found
    return [str(one) for one in found]


@pytest.mark.parametrize("width", WIDTHS)
def test_issue_fits_the_window(show: Show, html: str, width: int) -> None:
    assert width == measure_width(show(html, width=width))


@pytest.mark.parametrize("width", WIDTHS)
def test_issue_fits_the_window_when_styles_are_dropped(show: Show, html: str, width: int) -> None:
    assert width == measure_width(show(without_styles(html), width=width))


def test_issue_fits_its_card_as_outlook_has_it(show: Show, html: str) -> None:
    """Here and only here the 0px trap shows: columns wider than the card."""
    page = show(as_outlook(html), width=800)
    wide = page.evaluate(
        "[...document.querySelectorAll('td,img,div')]"
        ".filter(one => one.closest('table') && one.getBoundingClientRect().width > 640"
        " && one.offsetParent !== null).map(one => one.outerHTML.slice(0, 200))"
    )

    assert 800 == measure_width(page)
    assert [] == wide


def test_issue_is_in_standards_mode(show: Show, html: str) -> None:
    assert "CSS1Compat" == show(html).evaluate("document.compatMode")


def test_issue_shows_no_preheader(show: Show, html: str) -> None:
    page = show(html)

    assert not page.locator(".preheader").is_visible()
    assert "tie up well" not in page.inner_text("body")


def test_words_are_large_enough_on_a_phone(show: Show, html: str) -> None:
    page = show(html, width=375)
    sizes = {float(size.removesuffix("px")) for size in styles(page, WORDS, "fontSize")}

    assert min(sizes) >= 13


def test_links_to_stories_are_tall_enough_for_a_thumb(show: Show, html: str) -> None:
    page = show(html, width=375)
    heights = page.evaluate(
        "[...document.querySelectorAll('.more a, .call-button a')]"
        ".map(one => one.getBoundingClientRect().height)"
    )

    assert 3 == len(heights)
    assert min(heights) >= 44


def test_badges_are_round(show: Show, html: str) -> None:
    """A headline of four lines must not stretch them."""
    boxes = show(html, width=320).evaluate(
        "[...document.querySelectorAll('.badge')].map(one => {"
        "const box = one.getBoundingClientRect(); return [box.width, box.height]})"
    )

    assert [[40, 40]] * 3 == boxes


@pytest.mark.parametrize(
    ("selector", "name", "colour"),
    [
        ("body", "backgroundColor", "rgb(12, 18, 17)"),
        (".card > table", "backgroundColor", "rgb(22, 31, 29)"),
        (".title h1", "color", "rgb(243, 246, 244)"),
        (".headline h2", "color", "rgb(243, 246, 244)"),
        (".prose div", "color", "rgb(203, 213, 209)"),
        (".prose p:not(.caption):not(blockquote p)", "color", "rgb(203, 213, 209)"),
        (".prose a", "color", "rgb(255, 164, 119)"),
        (".more a", "color", "rgb(255, 164, 119)"),
        (".foot-words a", "color", "rgb(157, 173, 168)"),
        (".panel > table > tbody > tr > td", "backgroundColor", "rgb(30, 42, 39)"),
    ],
)
def test_dark_colours_win(show: Show, html: str, selector: str, name: str, colour: str) -> None:
    assert {colour} == set(styles(show(html, dark=True), selector, name))


def test_dark_and_light_differ(show: Show, html: str) -> None:
    assert show(html).screenshot() != show(html, dark=True).screenshot()


def test_phone_layout_uses_the_width(show: Show, html: str) -> None:
    page = show(html, width=375)
    box = page.locator(".prose").first.bounding_box()

    assert box
    assert 375 - 2 * 22 == box["width"]


def test_pictures_are_as_wide_as_the_text(show: Show, html: str) -> None:
    wide, narrow = (show(html, width=width).locator("img").bounding_box() for width in (680, 375))

    assert wide
    assert narrow
    assert (528, 264) == (wide["width"], wide["height"])
    assert 375 - 2 * 22 == narrow["width"]
