"""An issue at the desk: opened by its link, seen as a message, saved as a file."""

from typing import TYPE_CHECKING

import pytest

from tests.acceptance.publication import Publication
from tests.browser.studio.studio_world import EXAMPLE, studio, text

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_link_opens_the_issue_once_and_shows_its_message(
    publication: Publication, browser: "Browser"
) -> None:
    from playwright.sync_api import expect

    with studio(publication, browser, EXAMPLE) as world:
        page = world.open()
        expect(text(page)).to_contain_text("Jason Derulo")
        frame = page.frame_locator("#message iframe").first
        expect(frame.locator("h1")).to_contain_text("The five biggest")

        stranger = browser.new_context().new_page()
        again = stranger.goto(world.link)

    assert again is not None
    assert 403 == again.status
