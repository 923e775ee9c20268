"""Minified or not: the same pixels, at every width, in the light and in the dark."""

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from newsletter.issue import load_issue
from newsletter.render import Imprint, Theme
from newsletter.render.environment import Templates
from newsletter.render.inline_css import inline_css
from newsletter.render.minify import minify
from newsletter.render.mjml import compile_mjml
from newsletter.render.page import make_page
from newsletter.render.pipeline import fill_html

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]
ROOT = Path(__file__).parents[2]
PUBLICATION = Imprint(
    name="The Harbour Post",
    tagline="Boats and tides, weekly",
    language="en-GB",
    base_url="https://post.example.org",
    signup_url="https://post.example.org/signup",
    why="You get this because you signed up at post.example.org.",
    organisation="Harbour Press",
    postal_address="1 Quay Street\nWhitby YO21 1DH",
)


@pytest.fixture(scope="module")
def before() -> str:
    """The golden issue as premailer leaves it."""
    issue = load_issue(ROOT / "tests/golden/harbour.md")
    page = make_page(issue, PUBLICATION, Theme(), date(2021, 11, 26), tag="0" * 32)
    mjml, css = fill_html(Templates([ROOT / "templates"]), page)
    return inline_css(compile_mjml(mjml), css)


def as_outlook_reads(html: str) -> str:
    """What is inside conditional comments is there, what they keep from Outlook is not."""
    html = re.sub(r"<!--\[if !mso\]><!-->.*?<!--<!\[endif\]-->", "", html, flags=re.DOTALL)
    return re.sub(r"<!--\[if [^\]]*\]>(.*?)<!\[endif\]-->", r"\1", html, flags=re.DOTALL)


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [320, 375, 680, 1200])
def test_minify_changes_no_pixel(
    show: Callable[..., "Page"], before: str, width: int, *, dark: bool
) -> None:
    pictures = [
        show(html, width=width, dark=dark).screenshot(full_page=True)
        for html in (before, minify(before))
    ]

    assert minify(before) != before
    assert pictures[0] == pictures[1]


WITHOUT_STYLES = re.compile(r"<style.*?</style>", re.DOTALL)


@pytest.mark.parametrize("reads", [as_outlook_reads, lambda html: WITHOUT_STYLES.sub("", html)])
def test_minify_changes_no_pixel_where_comments_are_open_or_styles_gone(
    show: Callable[..., "Page"], before: str, reads: Callable[[str], str]
) -> None:
    pictures = [
        show(reads(html), width=680).screenshot(full_page=True) for html in (before, minify(before))
    ]

    assert pictures[0] == pictures[1]
