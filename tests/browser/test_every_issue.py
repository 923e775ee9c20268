"""Every issue, sound or odd, in a real browser: as mail programs of all kinds would show it.

Points 16 to 19 of the acceptance list (tests/mail/README.md).
"""

import re
from base64 import b64encode
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import css_inline
import pytest

from newsletter.render.minify import minify
from tests.mail.mails import SHIPPED, Mail, as_outlook, every_mail, mail, named, without_styles

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]

Show = Callable[..., "Page"]
Keep = Callable[["Page", str], None]
Find = Callable[["Page"], list[Any]]

WIDTHS = (320, 375, 680, 1200)
CARD = 640
SMALLEST_WORDS = 13
"""CSS pixels of a letter's size."""
THUMB = 44
"""CSS pixels: what a thumb hits."""
CONTRAST = 4.5
"""WCAG 2.2, 1.4.3."""
LATEST = SHIPPED[-1]
WITH_IMAGES = ("many images", "everything")

MEASURE_WORDS = """() => {
  const sizes = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.nodeValue.trim() || !element.getClientRects().length) continue;
    sizes.push([parseFloat(getComputedStyle(element).fontSize), element.outerHTML.slice(0, 100)]);
  }
  return sizes;
}"""
MEASURE_COLOURS = """async (encoded) => {
  const image = new Image();
  image.src = "data:image/png;base64," + encoded;
  await image.decode();
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [image.width, image.height];
  const context = canvas.getContext("2d");
  context.drawImage(image, 0, 0);
  const data = context.getImageData(0, 0, image.width, image.height).data;
  const share = (value) =>
    value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4;
  const counts = new Map();
  for (let at = 0; at < data.length; at += 4) {
    const light =
      0.2126 * share(data[at]) + 0.7152 * share(data[at + 1]) + 0.0722 * share(data[at + 2]);
    counts.set(light, (counts.get(light) || 0) + 1);
  }
  const ground = [...counts].sort((one, other) => other[1] - one[1])[0][0];
  const contrast = (light) =>
    (Math.max(light, ground) + 0.05) / (Math.min(light, ground) + 0.05);
  return { ground, contrast: Math.max(...[...counts.keys()].map(contrast)) };
}"""
"""Luminance of the commonest colour (WCAG 2.2), and the best contrast anything has to it."""


def widths_of(page: "Page") -> dict[int, int]:
    found = {}
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        found[width] = page.evaluate("document.documentElement.scrollWidth")
    return found


@every_mail
def test_mail_fits_every_window(show: Show, name: str) -> None:
    assert {width: width for width in WIDTHS} == widths_of(show(mail(name).html))


@every_mail
def test_mail_fits_every_window_when_styles_are_dropped(show: Show, name: str) -> None:
    """The Gmail app, for an address of another provider."""
    page = show(without_styles(mail(name).html))

    assert {width: width for width in WIDTHS} == widths_of(page)


@every_mail
def test_mail_fits_its_card_as_outlook_has_it(show: Show, name: str) -> None:
    """Outlook's own tables are as wide as the card, and no less; nothing may be wider."""
    page = show(as_outlook(mail(name).html))

    assert {width: max(width, CARD) for width in WIDTHS} == widths_of(page)


@pytest.mark.parametrize("name", [LATEST, *WITH_IMAGES], ids=named)
def test_mail_fits_every_window_when_images_are_blocked(show: Show, name: str) -> None:
    page = show(mail(name).html, images=False)

    assert {width: width for width in WIDTHS} == widths_of(page)


@every_mail
def test_mail_can_be_read_and_tapped_on_a_phone(show: Show, name: str) -> None:
    page = show(mail(name).html, width=375)
    heights = page.evaluate(
        "[...document.querySelectorAll('.more a, .call-button a, .dateline-link a, .foot-links a')]"
        ".map(one => one.getBoundingClientRect().height)"
    )

    assert [] == [said for said in page.evaluate(MEASURE_WORDS) if said[0] < SMALLEST_WORDS]
    assert 5 <= len(heights)
    assert min(heights) >= THUMB


@every_mail
def test_axe_finds_no_fault(show: Show, find_axe_faults: Find, name: str) -> None:
    assert [] == find_axe_faults(show(mail(name).html, width=375))


@pytest.mark.parametrize("name", [LATEST, *WITH_IMAGES], ids=named)
def test_axe_finds_no_fault_in_the_dark(show: Show, find_axe_faults: Find, name: str) -> None:
    assert [] == find_axe_faults(show(mail(name).html, width=375, dark=True))


@pytest.mark.parametrize("name", [LATEST, *WITH_IMAGES], ids=named)
def test_axe_finds_no_fault_when_styles_are_dropped(
    show: Show, find_axe_faults: Find, name: str
) -> None:
    assert [] == find_axe_faults(show(without_styles(mail(name).html), width=375))


@pytest.mark.parametrize("name", WITH_IMAGES, ids=named)
def test_blocked_images_leave_their_words_to_be_seen(show: Show, name: str) -> None:
    page = show(mail(name).html, width=375, images=False)
    boxes = page.locator("img").evaluate_all(
        "images => images.map(one => [one.alt, one.complete && one.naturalWidth,"
        " one.getBoundingClientRect().width, one.getBoundingClientRect().height])"
    )

    assert boxes
    for alt, loaded, width, height in boxes:
        assert alt
        assert 0 == loaded
        assert width >= 100, alt
        assert height >= 20, alt


@pytest.mark.parametrize("selector", [".card", ".panel", ".sponsor"])
def test_dark_is_dark_where_the_words_are(show: Show, selector: str) -> None:
    """In the card itself, not only round it: measured on the picture, not asked of the styles."""
    light = colours(show(mail("everything").html), selector)
    dark = colours(show(mail("everything").html, dark=True), selector)

    assert light["ground"] > 0.75
    assert dark["ground"] < 0.05
    assert min(light["contrast"], dark["contrast"]) >= CONTRAST


@pytest.mark.parametrize(
    "selector",
    [
        *(".kicker", ".dateline-date", "h1", ".intro", ".contents-words", "h2", ".badge", ".prose"),
        *("blockquote", ".more a", ".sponsor-name", ".call-words", ".call-button a", ".foot-words"),
    ],
)
def test_mail_that_is_darkened_by_force_can_be_read(show: Show, selector: str) -> None:
    """By a mail program that drops our dark colours with all styles and turns colours itself."""
    html = without_styles(mail("everything").html)
    ours = re.sub(r"<meta name=\"(?:supported-)?color-schemes?\"[^>]*>", "", html)
    page = show(ours, darkened=True)

    assert html != ours
    assert colours(page, ".card")["ground"] < 0.1
    assert colours(page, selector)["contrast"] >= CONTRAST


def colours(page: "Page", selector: str) -> dict[str, float]:
    """Of the first such element, as it is painted."""
    picture = page.locator(selector).first.screenshot()
    found: dict[str, float] = page.evaluate(MEASURE_COLOURS, b64encode(picture).decode())
    return found


@pytest.mark.parametrize("name", [LATEST, "right to left"], ids=named)
@pytest.mark.parametrize("width", [680, 375])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_second_inliner_gives_the_same_picture(
    show: Show, name: str, width: int, *, dark: bool
) -> None:
    """css-inline has a browser's selectors and a true cascade; premailer has neither."""
    expected = show(by_css_inline(mail(name)), width=width, dark=dark).screenshot(full_page=True)
    got = show(mail(name).html, width=width, dark=dark).screenshot(full_page=True)

    assert expected == got


def by_css_inline(one: Mail) -> str:
    second = css_inline.CSSInliner(
        keep_style_tags=True, load_remote_stylesheets=False, extra_css=one.sources[1]
    ).inline(one.compiled.replace("<style", '<style data-css-inline="ignore"'))
    return minify(second)


VIEWS: dict[str, tuple[Callable[[str], str], dict[str, Any]]] = {
    "680-light": (str, {}),
    "680-dark": (str, {"dark": True}),
    "375-light": (str, {"width": 375}),
    "375-dark": (str, {"width": 375, "dark": True}),
    "320-light": (str, {"width": 320}),
    "375-without-styles": (without_styles, {"width": 375}),
    "680-outlook": (as_outlook, {}),
    "680-images-blocked": (str, {"images": False}),
}


@pytest.mark.parametrize("name", [LATEST, "everything"], ids=named)
def test_screenshots_are_kept(show: Show, keep_screenshot: Keep, name: str) -> None:
    """For whoever wants to see them: CI keeps the folder."""
    for view, (change, options) in VIEWS.items():
        keep_screenshot(show(change(mail(name).html), **options), f"{named(name)}-{view}")
