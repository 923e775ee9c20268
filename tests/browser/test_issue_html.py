"""What is particular to our design, in a real browser; fit and faults are test_every_issue.py's."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]

Show = Callable[..., "Page"]


def styles(page: "Page", selector: str, name: str) -> list[str]:
    """The computed style of every element that the selector finds."""
    found = page.evaluate(
        "([selector, name]) => [...document.querySelectorAll(selector)]"
        ".map(one => getComputedStyle(one)[name])",
        [selector, name],
    )
    assert found
    return [str(one) for one in found]


def test_issue_is_in_standards_mode(show: Show, html: str) -> None:
    assert "CSS1Compat" == show(html).evaluate("document.compatMode")


def test_issue_shows_no_preheader(show: Show, html: str) -> None:
    page = show(html)

    assert not page.locator(".preheader").is_visible()
    assert "tie up well" not in page.inner_text("body")


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
        (".panel", "backgroundColor", "rgb(30, 42, 39)"),
    ],
)
def test_dark_colours_win(show: Show, html: str, selector: str, name: str, colour: str) -> None:
    assert {colour} == set(styles(show(html, dark=True), selector, name))


def test_phone_layout_uses_the_width(show: Show, html: str) -> None:
    page = show(html, width=375)
    box = page.locator(".prose").first.bounding_box()

    assert box
    assert 375 - 2 * 22 == box["width"]


def test_pictures_are_as_wide_as_the_text(show: Show, html: str) -> None:
    wide, narrow = (show(html, width=width).locator("img").bounding_box() for width in (680, 375))

    assert wide
    assert narrow
    assert (504, 252) == (wide["width"], wide["height"])
    assert 375 - 2 * 22 == narrow["width"]


@pytest.mark.parametrize("width", [680, 375])
def test_small_pictures_are_not_stretched(show: Show, html: str, width: int) -> None:
    small = html.replace("shed.png", "small.png")
    box = show(small, width=width).locator("img").bounding_box()

    assert small != html
    assert box
    assert (120, 60) == (box["width"], box["height"])
