"""The pages of the public site in a real browser: at all widths and text sizes, light and dark."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

from newsletter.render.site import Pages
from tests.site_specimens import ROOT, every_page, published_issues, site_imprint

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Route

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PICTURE = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="1200" height="600">'
    '<rect width="1200" height="600" fill="#88aaaa"/></svg>'
)
WIDTHS = (320, 390, 768, 1280, 1600)
SMALLEST_TARGET = 24
"""CSS pixels each way: WCAG 2.2, 2.5.8."""

ADDRESS = "https://harbour.example/page"


class Site:
    """All pages of one specimen, each shown in one window at the same address."""

    def __init__(self, browser: "Browser", language: str) -> None:
        imprint = site_imprint(language)
        pages = Pages(imprint, [ROOT / "templates"])
        self.texts = dict(every_page(pages, published_issues(imprint)))
        self.complaints: list[str] = []
        self.requests: list[str] = []
        self._styles = pages.styles
        self._text = self._enlarged = ""
        self.page = browser.new_context().new_page()
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.route("**/*", self._answer)

    def show(
        self, name: str, *, width: int = 1280, dark: bool = False, percent: int = 100
    ) -> "Page":
        """The page of this name; `percent` is the size of text that the reader's browser has."""
        self.complaints.clear()
        self.requests.clear()
        self._text = self.texts[name]
        self._enlarged = f":root{{font-size:{percent}%}}"
        self.page.set_viewport_size({"width": width, "height": 800})
        self.page.emulate_media(color_scheme="dark" if dark else "light")
        self.page.goto(ADDRESS)
        return self.page

    def _answer(self, route: "Route") -> None:
        kind = route.request.resource_type
        if kind == "document":
            route.fulfill(body=self._text, content_type="text/html; charset=utf-8")
            return
        self.requests.append(route.request.url)
        if kind == "stylesheet":
            route.fulfill(body=self._styles + self._enlarged, content_type="text/css")
        else:
            route.fulfill(body=PICTURE, content_type="image/svg+xml")


@pytest.fixture(scope="module")
def site(browser: "Browser") -> Iterator[Site]:
    made = Site(browser, "en-GB")
    yield made
    made.page.context.close()


def test_axe_finds_no_fault_in_any_page_light_or_dark(
    site: Site, judge: Callable[["Page"], list[Any]]
) -> None:
    found = {
        (name, dark): faults
        for name in site.texts
        for dark in (False, True)
        if (faults := judge(site.show(name, dark=dark, width=390)))
    }

    assert {} == found


def test_axe_finds_no_fault_where_the_window_is_wide(
    site: Site, judge: Callable[["Page"], list[Any]]
) -> None:
    names = ("front", "issue", "archive", "preferences")
    found = {name: faults for name in names if (faults := judge(site.show(name)))}

    assert {} == found


def test_no_page_scrolls_sideways_at_any_width_and_size_of_text(site: Site) -> None:
    found = {}
    for name in site.texts:
        for percent in (100, 200):
            page = site.show(name, width=WIDTHS[0], percent=percent)
            for width in WIDTHS:
                page.set_viewport_size({"width": width, "height": 800})
                wide = page.evaluate("document.documentElement.scrollWidth")
                if wide > width:
                    found[name, percent, width] = wide

    assert {} == found


@pytest.mark.parametrize("language", ["ar", "de"])
def test_pages_of_other_languages_fit_a_phone(browser: "Browser", language: str) -> None:
    """Arabic runs the other way, German words are long."""
    site = Site(browser, language)
    found = {}
    for name in site.texts:
        page = site.show(name, width=320)
        wide = page.evaluate("document.documentElement.scrollWidth")
        if wide > 320:
            found[name] = wide
    site.page.context.close()

    assert {} == found


def test_browser_loads_the_style_sheet_and_pictures_and_complains_of_nothing(site: Site) -> None:
    asked: set[str] = set()
    complaints: list[str] = []
    for name in site.texts:
        site.show(name)
        asked |= {url.partition("?")[0] for url in site.requests}
        complaints += site.complaints

    assert {"https://harbour.example/site.css", "https://pictures.example/gulls.jpg"} == asked
    assert [] == complaints


def test_policy_refuses_what_a_template_might_let_in(site: Site) -> None:
    page = site.show("issue")
    page.evaluate(
        "() => { const one = new Image(); one.src = 'https://elsewhere.example/pixel.gif';"
        " document.body.append(one); document.body.setAttribute('style', 'color: red'); }"
    )
    page.wait_for_timeout(200)

    assert 2 == len(site.complaints)
    assert not any("elsewhere.example" in url for url in site.requests)


def test_first_tab_leads_past_the_masthead(site: Site) -> None:
    for name, target in (("front", "latest"), ("issue", "contents"), ("preferences", "main")):
        page = site.show(name)
        page.keyboard.press("Tab")
        box = page.locator(".skip").bounding_box()
        page.keyboard.press("Enter")

        assert box, name
        assert box["y"] >= 0, name
        assert target == page.evaluate("document.activeElement.id"), name


def test_buttons_and_fields_are_large_enough_for_a_thumb(site: Site) -> None:
    found = {}
    for name in site.texts:
        page = site.show(name, width=390)
        for box in page.evaluate(
            "[...document.querySelectorAll('button, input:not([type=hidden]), summary')]"
            ".map(one => one.closest('label') || one)"
            ".map(one => { const b = one.getBoundingClientRect(); return [b.width, b.height]; })"
        ):
            if min(box) < SMALLEST_TARGET:
                found[name] = box

    assert {} == found


def test_fault_is_where_the_reader_starts(site: Site) -> None:
    page = site.show("subscribe-fault")
    # The browser puts the focus there with its next frame, which the load does not wait for.
    page.wait_for_function("document.activeElement.hasAttribute('aria-describedby')")
    said = page.evaluate(
        "document.getElementById(document.activeElement.getAttribute('aria-describedby'))"
        ".textContent"
    )

    assert "Nothing comes after the @. It should look like name@example.com." == said


def test_one_click_selects_a_storys_address(site: Site) -> None:
    page = site.show("issue", width=390)
    page.locator("#story-3 summary").click()
    page.locator("#story-3 .copy").click()

    assert "https://harbour.example/issues/2026-11-27#story-3" == page.evaluate(
        "getSelection().toString()"
    )


def test_form_posts_what_its_fields_say(site: Site) -> None:
    """By keyboard alone, from the front page."""
    page = site.show("front")
    page.locator("#email").focus()
    page.keyboard.type("rosalind@reader.example")
    with page.expect_request("**/subscribe") as asked:
        page.keyboard.press("Enter")

    assert "POST" == asked.value.method
    assert "email=rosalind%40reader.example&first_name=" == asked.value.post_data


def test_paper_has_no_form_and_no_colour_of_ours(site: Site) -> None:
    page = site.show("issue")
    page.emulate_media(media="print")

    assert not page.locator("form").first.is_visible()
    assert "rgb(255, 255, 255)" == page.evaluate(
        "getComputedStyle(document.querySelector('.masthead')).backgroundColor"
    )
