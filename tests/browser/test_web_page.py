"""The web page of an issue in a real browser: at all widths, in the dark, on paper, by keyboard."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest

from newsletter.issue import parse_issue, source_from_text
from newsletter.render import Imprint, Theme, render_web_page

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ROOT = Path(__file__).parents[2]
ADDRESS = "https://post.example.org/issues/2021-11-26"
PICTURE = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="1200" height="600">'
    '<rect width="1200" height="600" fill="#88aaaa"/></svg>'
)
WIDTHS = [320, 375, 680, 1200]
SMALLEST_TARGET = 24
"""CSS pixels each way: WCAG 2.2, 2.5.8."""

LONG = "Donaudampfschifffahrtsgesellschaftskapitän" * 6
EXTREMES = {
    "empty": "",
    "no stories": "# T\n\nAn intro.\n",
    "long words": f"# {LONG}\n\n{LONG}\n\n## 1. {LONG}\n\n> {LONG}\n\n- `{LONG}`\n\n"
    f"[{LONG}](https://example.org/{LONG})\n",
    "long address": f"# T\n\n## 1. A\n\nhttps://example.org/{'a' * 900}\n\n<https://example.org/b>\n",
    "right to left": "# שלום עולם\n\nمرحبا بالعالم\n\n## 1. شركة القهوة تفتح متجرا\n\n> اقتباس\n",
    "emoji": f"# 🛒🛒🛒\n\n{'👩🏽‍🚀' * 200}\n\n## 1. 🏴󠁧󠁢󠁳󠁣󠁴󠁿 {'🇬🇧' * 60}\n\n𝔊𝔬𝔱𝔥𝔦𝔠 漢字 ไทย\n",
    "forty links": "# T\n\n## 1. A\n\n"
    + " ".join(f"[link {at}](https://example.org/{at})" for at in range(40))
    + "\n",
    "large number": "# T\n\n## 20211126. A\n\nWords.\n",
    "many pictures": "# T\n\n## 1. A\n\n" + "![A](https://example.org/a.png 'C')\n\n" * 12,
    "sponsored": "# T\n\n## 1. A\n\nB.\n\n## Sponsored by Acme\n\nTills. [See](https://a.example)\n",
}
TEXTS = EXTREMES | {
    path.stem: path.read_text("utf-8")
    for path in (*sorted((ROOT / "issues").glob("*.md")), ROOT / "tests/golden/harbour.md")
}


def web_page(text: str, *, language: str = "en-GB") -> str:
    return render_web_page(
        parse_issue(source_from_text(text, path="issues/2021-11-26.md")),
        publication=Imprint(
            name="The Harbour Post",
            tagline="Boats and tides, weekly",
            language=language,
            base_url="https://post.example.org",
            signup_url="https://post.example.org/signup",
            why="You get this because you signed up at post.example.org.",
            organisation="Harbour Press",
            postal_address="1 Quay Street, Whitby YO21 1DH, United Kingdom",
        ),
        theme=Theme(),
        templates=[ROOT / "templates"],
        published=datetime(2021, 11, 26, 7, 0, tzinfo=ZoneInfo("Europe/London")),
        tag="0" * 32,
    )


@dataclass
class Heard:
    """What a browser asked for besides the page itself, and what it complained of."""

    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)


@pytest.fixture
def heard() -> Heard:
    return Heard()


@pytest.fixture
def visit(browser: "Browser", heard: Heard) -> Iterator[Callable[..., "Page"]]:
    """Open an issue's page at its own address: `visit(text, width=375, dark=True)`."""
    contexts = []

    def open_page(text: str, *, width: int = 680, dark: bool = False, **options: Any) -> "Page":
        context = browser.new_context(
            viewport={"width": width, "height": 800}, color_scheme="dark" if dark else "light"
        )
        contexts.append(context)
        page = context.new_page()
        html = web_page(text, **options)

        def answer(route: Any) -> None:
            if route.request.url == ADDRESS:
                route.fulfill(body=html, content_type="text/html; charset=utf-8")
            else:
                heard.requests.append(route.request.url)
                route.fulfill(body=PICTURE, content_type="image/svg+xml")

        page.on("console", lambda message: heard.complaints.append(message.text))
        page.route("**/*", answer)
        page.goto(ADDRESS)
        return page

    yield open_page
    for context in contexts:
        context.close()


Visit = Callable[..., "Page"]


@pytest.fixture(scope="module")
def harbour() -> str:
    return TEXTS["harbour"]


@pytest.mark.parametrize("name", TEXTS)
def test_page_fits_the_window_at_every_width(visit: Visit, name: str) -> None:
    page = visit(TEXTS[name], width=WIDTHS[0])
    found = {}
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        found[width] = page.evaluate("document.documentElement.scrollWidth")

    assert {width: width for width in WIDTHS} == found


@pytest.mark.parametrize("name", TEXTS)
def test_axe_finds_no_fault(visit: Visit, name: str) -> None:
    assert [] == axe_faults(visit(TEXTS[name], width=375))


@pytest.mark.parametrize("name", ["harbour", "sponsored"])
def test_axe_finds_no_fault_in_the_dark_nor_in_a_wide_window(visit: Visit, name: str) -> None:
    assert [] == axe_faults(visit(TEXTS[name], width=1200, dark=True))
    assert [] == axe_faults(visit(TEXTS[name], width=1200))


def axe_faults(page: "Page") -> list[Any]:
    axe = pytest.importorskip(
        "axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed"
    )
    faults = axe.Axe().run(page).response["violations"]
    return [(fault["id"], [node["html"][:120] for node in fault["nodes"]]) for fault in faults]


def test_browser_loads_the_pictures_and_nothing_else(
    visit: Visit, heard: Heard, harbour: str
) -> None:
    visit(harbour)

    assert ["https://example.org/shed.png"] == heard.requests
    assert [] == heard.complaints


def test_policy_refuses_what_a_template_might_let_in(
    visit: Visit, heard: Heard, harbour: str
) -> None:
    page = visit(harbour)
    page.evaluate(
        "() => { const one = new Image(); one.src = 'https://elsewhere.example/pixel.gif';"
        " document.body.append(one); document.body.setAttribute('style', 'color: red'); }"
    )
    page.wait_for_timeout(200)

    assert ["https://example.org/shed.png"] == heard.requests
    assert 2 == len(heard.complaints)


@pytest.mark.parametrize("width", [375, 1200])
def test_contents_jump_to_their_stories(visit: Visit, harbour: str, width: int) -> None:
    page = visit(harbour.replace("Nothing else can be done.", "Nothing.\n\n" + "More.\n\n" * 60))
    page.set_viewport_size({"width": width, "height": 800})
    page.get_by_role("navigation").get_by_role("link", name="Gulls, again").click()
    top = page.evaluate("document.getElementById('story-3').getBoundingClientRect().top")

    assert page.url.endswith("#story-3")
    assert 0 <= top <= 60


def test_first_tab_leads_past_the_masthead(visit: Visit, harbour: str) -> None:
    page = visit(harbour)
    page.keyboard.press("Tab")
    box = page.locator(".skip").bounding_box()
    page.keyboard.press("Enter")

    assert box
    assert box["y"] >= 0
    assert "contents" == page.evaluate("document.activeElement.id")


def test_contents_stand_beside_the_stories_in_a_wide_window_and_above_them_in_a_narrow_one(
    visit: Visit, harbour: str
) -> None:
    page = visit(harbour, width=1200)
    beside, title = page.locator(".contents").bounding_box(), page.locator("h1").bounding_box()
    page.set_viewport_size({"width": 375, "height": 800})
    above, story = page.locator(".contents").bounding_box(), page.locator("#story-1").bounding_box()

    assert beside
    assert title
    assert above
    assert story
    assert beside["x"] + beside["width"] < title["x"]
    assert above["y"] + above["height"] <= story["y"]


def test_dark_and_light_differ(visit: Visit, harbour: str) -> None:
    assert visit(harbour).screenshot() != visit(harbour, dark=True).screenshot()


def test_dark_colours_are_the_themes(visit: Visit, harbour: str) -> None:
    page = visit(harbour, dark=True)

    assert "rgb(22, 31, 29)" == colour(page, "body", "backgroundColor")
    assert "rgb(243, 246, 244)" == colour(page, "h1", "color")


def colour(page: "Page", selector: str, name: str) -> Any:
    return page.locator(selector).first.evaluate(f"one => getComputedStyle(one).{name}")


def test_targets_are_large_enough_for_a_thumb(visit: Visit, harbour: str) -> None:
    boxes = visit(harbour, width=375).evaluate(
        "[...document.querySelectorAll('.contents a, .badge, .more a, .button a, .wordmark a')]"
        ".map(one => one.getBoundingClientRect()).map(box => [box.width, box.height])"
    )

    assert 10 == len(boxes)
    assert min(min(box) for box in boxes) >= SMALLEST_TARGET
    assert min(height for _, height in boxes) >= 44


def test_right_to_left_page_is_a_mirror(visit: Visit) -> None:
    page = visit(EXTREMES["right to left"], language="he", width=1200)
    contents, title = page.locator(".contents").bounding_box(), page.locator("h1").bounding_box()

    assert contents
    assert title
    assert contents["x"] > title["x"]


def test_paper_has_no_call_and_says_where_links_lead(visit: Visit, harbour: str) -> None:
    """Also for a reader whose screen is dark."""
    page = visit(harbour, dark=True)
    page.emulate_media(media="print")
    after = page.locator(".more a").first.evaluate(
        "one => getComputedStyle(one, '::after').content"
    )

    assert not page.locator(".call").is_visible()
    assert not page.locator(".skip").is_visible()
    assert page.locator("h2", has_text="Gulls").is_visible()
    assert '" <https://example.org/spring-tide>"' == after
    assert "rgb(255, 255, 255)" == colour(page, "body", "backgroundColor")
    assert "rgb(0, 0, 0)" == colour(page, "h1", "color")


def test_page_prints(visit: Visit, harbour: str) -> None:
    assert visit(harbour).pdf(format="A4").startswith(b"%PDF-")
