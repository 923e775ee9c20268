"""A browser where there is one; where there is none, the tests say why they did not run."""

import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from newsletter.issue import load_issue
from newsletter.render import Publication, Theme, render_issue

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ROOT = Path(__file__).parents[2]
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PICTURE = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="1200" height="600">'
    '<rect width="1200" height="600" fill="#88aaaa"/></svg>'
)


# Not for the whole session: Playwright's event loop runs on while the browser is open, and tests
# elsewhere start loops of their own.
@pytest.fixture(scope="module")
def browser() -> Iterator["Browser"]:
    """Chromium, without a screen and without a network."""
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    if found is None:
        pytest.skip(f"no Chromium on this machine (looked for {', '.join(NAMES)})")
    playwright = pytest.importorskip(
        "playwright.sync_api", reason="the playwright package is not installed"
    )
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=found,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield browser
        browser.close()


@pytest.fixture
def show(browser: "Browser") -> Iterator[Callable[..., "Page"]]:
    """Open HTML in a window: `show(html, width=375, dark=True)`. Every picture is grey."""
    contexts = []

    def open_page(html: str, *, width: int = 680, dark: bool = False) -> "Page":
        context = browser.new_context(
            viewport={"width": width, "height": 800}, color_scheme="dark" if dark else "light"
        )
        contexts.append(context)
        page = context.new_page()
        page.route("**/*", lambda route: route.fulfill(body=PICTURE, content_type="image/svg+xml"))
        page.set_content(html)
        return page

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def html() -> str:
    """The golden issue, rendered now."""
    rendered = render_issue(
        load_issue(ROOT / "tests" / "golden" / "harbour.md"),
        publication=Publication(
            name="The Harbour Post",
            tagline="Boats and tides, weekly",
            language="en-GB",
            base_url="https://post.example.org",
            signup_url="https://post.example.org/signup",
            why="You get this because you signed up at post.example.org.",
            organisation="Harbour Press",
            postal_address="1 Quay Street, Whitby YO21 1DH, United Kingdom",
        ),
        theme=Theme(),
        templates=[ROOT / "templates"],
        issue_date=date(2021, 11, 26),
    )
    return rendered.html
