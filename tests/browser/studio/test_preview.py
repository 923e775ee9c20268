"""`newsletter preview`: the message beside any editor, live on save, with nothing to write in."""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from tests.acceptance.publication import Publication
from tests.browser.studio.studio_world import EXAMPLE, studio

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_preview_follows_the_file_and_says_what_is_found(
    publication: Publication, browser: "Browser"
) -> None:
    from playwright.sync_api import expect

    with studio(publication, browser, EXAMPLE, command="preview") as world:
        page, file = world.open(), world.file()
        text = file.read_text()
        shown = page.frame_locator("#message iframe:visible").first
        expect(shown.locator("h1")).to_contain_text("The five biggest")
        expect(page.get_by_text("Nothing found.")).to_be_visible()
        assert 0 == page.locator("[contenteditable=true], textarea").count()

        file.write_text(
            text.replace("The five biggest", "The six biggest").replace("## 2.", "## 4.")
        )
        expect(shown.locator("h1")).to_contain_text("The six biggest")
        found = page.locator("#found-list button")
        expect(found.filter(has_text="Line").first).to_be_visible()
        expect(page.locator("#found-heading")).to_contain_text(re.compile(r"\d errors?"))
        found.first.click()

        away = file.with_suffix(".away")
        file.rename(away)
        expect(page.get_by_role("status").first).to_contain_text("not there")
        away.rename(file)
        file.write_text(text)
        expect(page.get_by_text("Nothing found.")).to_be_visible()

        world.studio.kill()
        expect(page.get_by_role("status").first).to_contain_text("does not answer")
        expect(shown.locator("h1")).to_contain_text("The five biggest")


def test_preview_follows_templates_too(publication: Publication, browser: "Browser") -> None:
    from playwright.sync_api import expect

    with studio(publication, browser, EXAMPLE, command="preview") as world:
        page = world.open(dark=True)
        shown = page.frame_locator("#message iframe:visible").first
        expect(shown.get_by_text("In this issue")).to_be_visible()
        own = publication.own("partials/opening.mjml.j2")
        own.write_text(own.read_text().replace("{{ words.contents }}", "What is in it"))

        expect(shown.get_by_text("What is in it")).to_be_visible()


def test_preview_and_the_refusal_at_the_door_are_fit_for_everybody(
    publication: Publication,
    browser: "Browser",
    find_axe_faults: Callable[["Page"], list[Any]],
) -> None:
    from playwright.sync_api import expect

    with studio(publication, browser, EXAMPLE, command="preview") as world:
        world.file().write_text(world.file().read_text().replace("## 2.", "## 4."))
        page = world.open()
        expect(page.locator("#found-list button").first).to_be_visible()
        faults = [_axe(page, find_axe_faults, dark) for dark in (False, True)]
        page.set_viewport_size({"width": 1024, "height": 700})
        faults.append(_axe(page, find_axe_faults, True))
        page.keyboard.press("F1")
        expect(page.get_by_role("dialog")).to_contain_text("Forced dark")
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_have_count(0)
        page.keyboard.press("d")
        expect(page.get_by_role("radio", name="Dark", exact=True)).to_be_checked()

        page.context.clear_cookies()
        page.reload()
        expect(page.get_by_role("heading")).to_contain_text("You need the studio’s link.")
        faults += [_axe(page, find_axe_faults, dark) for dark in (False, True)]

    assert [[]] * len(faults) == faults


def _axe(page: "Page", find: Callable[["Page"], list[Any]], dark: bool) -> list[Any]:
    page.emulate_media(color_scheme="dark" if dark else "light")
    return find(page)
