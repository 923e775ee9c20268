"""A browser where there is one; where there is none, the tests say why they did not run."""

import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from newsletter.issue import load_issue
from newsletter.render import Imprint, Theme, render_issue

if TYPE_CHECKING:
    from playwright.sync_api import Browser, CDPSession, Page, Route

ROOT = Path(__file__).parents[2]
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PICTURE = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="1200" height="600">'
    '<rect width="1200" height="600" fill="#88aaaa"/></svg>'
)
CLIENTS_OWN = ("region", "landmark-one-main")
"""Rules of axe about a page's landmarks: a mail stands inside those of its mail program."""


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


@pytest.fixture(scope="module")
def show(browser: "Browser") -> Iterator[Callable[..., "Page"]]:
    """Open HTML in a window: `show(html, width=375, dark=True)`. Every picture is grey.

    With `images=False` none comes, with `darkened=True` the browser turns the colours round by
    itself. The next call shows its HTML in the same window.
    """
    pages: dict[bool, tuple[Page, CDPSession]] = {}

    def open_page(
        html: str,
        *,
        width: int = 680,
        dark: bool = False,
        images: bool = True,
        darkened: bool = False,
    ) -> "Page":
        if images not in pages:
            page = browser.new_context().new_page()
            page.route("**/*", _draw if images else _block)
            pages[images] = page, page.context.new_cdp_session(page)
        page, session = pages[images]
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme="dark" if dark else "light")
        session.send("Emulation.setAutoDarkModeOverride", {"enabled": darkened})
        page.set_content(html)
        return page

    yield open_page
    for page, _ in pages.values():
        page.context.close()


def _draw(route: "Route") -> None:
    """1,200 pixels wide, or a tenth of it where the address says small."""
    small = PICTURE.replace("1200", "120").replace("600", "60")
    body = small if "small" in route.request.url else PICTURE
    route.fulfill(body=body, content_type="image/svg+xml")


def _block(route: "Route") -> None:
    route.abort()


@pytest.fixture(scope="session")
def keep_screenshot() -> Callable[["Page", str], None]:
    """Keep a picture of the whole page for people to look at: `keep_screenshot(page, "680-dark")`.

    The folder is NEWSLETTER_SCREENSHOTS, or build/screenshots.
    """
    folder = ROOT / os.environ.get("NEWSLETTER_SCREENSHOTS", "build/screenshots")

    def keep(page: "Page", name: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=folder / f"{name}.png", full_page=True)

    return keep


@pytest.fixture(scope="session")
def find_axe_faults() -> Callable[["Page"], list[Any]]:
    """What axe-core has against a mail: rules, and the beginnings of the elements at fault."""
    return _axe_without(CLIENTS_OWN)


@pytest.fixture(scope="module")
def judge() -> Callable[["Page"], list[Any]]:
    """The same against a page of ours, by every rule."""
    return _axe_without(())


def _axe_without(left_out: Sequence[str]) -> Callable[["Page"], list[Any]]:
    axe = pytest.importorskip(
        "axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed"
    )
    program = axe.Axe()
    rules = {rule: {"enabled": False} for rule in left_out}

    def find(page: "Page") -> list[Any]:
        options = {"resultTypes": ["violations"], "rules": rules}
        faults = program.run(page, options=options).response["violations"]
        return [(fault["id"], [node["html"][:120] for node in fault["nodes"]]) for fault in faults]

    return find


@pytest.fixture(scope="session")
def html() -> str:
    """The golden issue, rendered now."""
    rendered = render_issue(
        load_issue(ROOT / "tests" / "golden" / "harbour.md"),
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
        theme=Theme(),
        templates=[ROOT / "templates"],
        issue_date=date(2021, 11, 26),
        tag="0" * 32,
    )
    return rendered.html
