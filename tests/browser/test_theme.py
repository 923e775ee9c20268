"""The dark, as a browser shows it: each element has in it what its light colour is called there.

A palette whose colours are all different tells which key every colour on the page is of.
"""

import re
from collections.abc import Callable
from dataclasses import fields
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from newsletter.issue import parse_issue, source_from_text
from newsletter.render import Imprint, Palette, Theme, render_issue
from tests.mail.extremes import EXTREMES

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ROOT = Path(__file__).parents[2]
KEYS = tuple(one.name for one in fields(Palette))
LIGHT = Palette(**{key: f"#1a10{at:02x}" for at, key in enumerate(KEYS)})
DARK = Palette(**{key: f"#2d20{at:02x}" for at, key in enumerate(KEYS)})
TEXT = (
    EXTREMES["everything"]
    .replace("number: 46", "number: 46\ncorrection: It was the other.")
    .replace("---\nSign up", "## 3. Ruled off\n\nBy a line.\n\n---\nSign up")
)

LOOK = """
() => {
  const found = [];
  const borders = ["Left", "Right", "Top", "Bottom"];
  for (const one of document.querySelectorAll("body, body *")) {
    if (one.matches(".preheader")) continue;
    const style = getComputedStyle(one);
    const words = [...one.childNodes].some(n => n.nodeType === 3 && n.textContent.trim());
    const colours = [style.backgroundColor];
    if (words || one.tagName === "IMG") colours.push(style.color);
    for (const side of borders)
      if (style[`border${side}Width`] !== "0px" && style[`border${side}Style`] !== "none")
        colours.push(style[`border${side}Color`]);
    found.push([one.tagName + "." + one.className, ...colours]);
  }
  return found;
}
"""


def mail(logo: str = "") -> str:
    return render_issue(
        parse_issue(source_from_text(TEXT, path="issues/2021-11-26.md")),
        publication=Imprint(
            name="The Harbour Post",
            tagline="Boats and tides, weekly",
            language="en-GB",
            base_url="https://post.example.org",
            signup_url="https://post.example.org/signup",
            why="You get this because you signed up at post.example.org.",
            organisation="Harbour Press",
            postal_address="1 Quay Street, Whitby YO21 1DH, United Kingdom",
        ),
        theme=Theme(light=LIGHT, dark=DARK, logo=logo),
        templates=[ROOT / "templates"],
        issue_date=date(2021, 11, 26),
        tag="0" * 32,
    ).html


def marked_by_outlook(html: str) -> str:
    """As Outlook.com has it in the dark, but that it turns nothing by itself."""
    return re.sub(r"<html ", '<html data-ogsc="" data-ogsb="" ', html, count=1)


def in_the_dark(colour: str) -> str:
    """`rgb(26, 16, 7)` is the light colour of a key, `rgb(45, 32, 7)` the same one's dark."""
    return re.sub(r"^rgb\(26, 16, (\d+)\)$", r"rgb(45, 32, \1)", colour)


@pytest.mark.parametrize("logo", ["", "https://post.example.org/logo.png"], ids=["name", "logo"])
@pytest.mark.parametrize("way", ["asked", "outlook"])
def test_every_element_has_the_dark_colour_of_the_same_key(
    show: Callable[..., "Page"], logo: str, way: str
) -> None:
    html = mail(logo)
    light: list[list[Any]] = show(html).evaluate(LOOK)
    dark = show(html, dark=True) if way == "asked" else show(marked_by_outlook(html))

    expected = [[name, *map(in_the_dark, colours)] for name, *colours in light]

    assert {*range(len(KEYS))} == {
        int(found) for one in light for found in re.findall(r"rgb\(26, 16, (\d+)\)", str(one))
    }
    assert expected == dark.evaluate(LOOK)
