"""Words that are offered where only certain ones mean anything, and taken by key."""

from typing import TYPE_CHECKING

import pytest

from tests.acceptance.publication import Publication
from tests.browser.studio.studio_world import EXAMPLE, studio
from tests.browser.studio.test_findings import counts, put_cursor, written

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_keys_fields_sponsors_and_rules_are_completed(
    publication: Publication, browser: "Browser"
) -> None:
    from playwright.sync_api import expect

    issue = publication.folder / "issues" / f"{EXAMPLE}.md"
    sound = issue.read_text(encoding="utf-8")
    sponsored = "## Sponsored by Acme Tills\n\nTry one for a month.\n\n## 2."
    earlier = sound.replace("## 2.", sponsored).replace("date: 2021-11-26", "date: 2021-11-19")
    issue.with_name("2021-11-19.md").write_text(earlier, encoding="utf-8")
    with studio(publication, browser, EXAMPLE) as world:
        page = world.open()
        expect(counts(page)).to_contain_text("warnings")
        offered = page.locator(".cm-tooltip-autocomplete [role=option]")

        put_cursor(page, "number: 146")
        page.keyboard.press("Enter")
        page.keyboard.press("Control+Space")
        expect(offered).to_have_count(2)
        expect(offered.first).to_contain_text("author")
        expect(offered.first).to_contain_text("for the approval")
        page.wait_for_timeout(100)  # a list takes keys 75 ms after it has come
        page.keyboard.press("Enter")
        expect(page.locator(".cm-content")).to_contain_text("author:")

        put_cursor(page, "an argument.")
        page.keyboard.type(" {{ fi")
        expect(offered).to_have_count(1)
        expect(offered).to_contain_text("or “there”")
        page.wait_for_timeout(100)
        page.keyboard.press("Enter")
        assert 'an argument. {{ first_name | default("there") }} Read' in written(page)
        page.keyboard.press("Escape")

        put_cursor(page, "[Read the full story](https://www.example.com/2021/11/carrefour-flash)")
        page.keyboard.type("\n\n## Spon")
        expect(offered).to_contain_text("Sponsored by Acme Tills")
        expect(offered).to_contain_text("2021-11-19")
        page.wait_for_timeout(100)
        page.keyboard.press("Enter")
        assert "\n\n## Sponsored by Acme Tills\n" in written(page)

        page.keyboard.type("\n\n<!-- check: ignore sponsor-w")
        expect(offered).to_have_count(1)
        page.wait_for_timeout(100)
        page.keyboard.press("Enter")
        assert "<!-- check: ignore sponsor-without-body" in written(page)
