"""The notes in the margin: in the order of the text, apart from each other, and quiet."""

from collections.abc import Callable
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest

from tests.acceptance.publication import Publication
from tests.browser.studio.studio_world import EXAMPLE, studio
from tests.browser.studio.test_findings import break_issue, counts, put_cursor

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]

BAD = "The  shop shop opened on Monday 27 November 2021 , and and closed"
CROWD = "# The five biggest stories\n\nHello  there , this this is is it.\n\n" + "".join(
    f"## {number}. {BAD}\n\n{BAD}\n\n" for number in range(1, 9)
)


def places(page: "Page") -> list[tuple[float, float]]:
    """The top and the bottom of each note, in the order of the list."""
    boxes = [note.bounding_box() for note in page.locator("#notes li").all()]
    return [(box["y"], box["y"] + box["height"]) for box in boxes if box]


def test_notes_of_many_findings_stand_in_order_and_apart(
    publication: Publication, browser: "Browser", find_axe_faults: Callable[["Page"], list[Any]]
) -> None:
    from playwright.sync_api import expect

    path = publication.folder / "issues" / f"{EXAMPLE}.md"
    path.write_text(CROWD, encoding="utf-8")
    with studio(publication, browser, EXAMPLE) as world:
        page = world.open(dark=True)
        expect(page.locator("#notes ol.tight")).to_have_count(1)
        for _ in range(12):
            page.keyboard.press("F8")
        open_note = page.locator("#notes li:has(.note.open)")
        expect(open_note).to_be_visible()
        found = places(page)

        assert len(found) > 40
        assert all(one[1] <= other[0] for one, other in pairwise(found))
        line, note = page.locator(".f.on").first.bounding_box(), open_note.bounding_box()
        assert line
        assert note
        assert abs(line["y"] - note["y"]) < 60
        assert [] == find_axe_faults(page)


def test_notes_above_the_cursor_stay_while_somebody_types(
    publication: Publication, browser: "Browser"
) -> None:
    """Even where one of them goes: what was pushed below it moves up at the next rest."""
    from playwright.sync_api import expect

    break_issue(publication, "Twitter into a shop\n", "Sunday 28 November")
    with studio(publication, browser, EXAMPLE) as world:
        page = world.open()
        expect(counts(page)).to_have_text("1 error, 1 warning")
        put_cursor(page, "It serves seven cities there")
        page.evaluate(
            """() => {
              window.moved = [];
              const notes = () => [...document.querySelectorAll('#notes li')];
              const tops = () => notes().map((note) => note.style.transform);
              const first = JSON.stringify(tops());
              new MutationObserver(() => {
                if (JSON.stringify(tops().slice(0, 2)) !== first) window.moved.push(tops());
              }).observe(document.querySelector('#notes'),
                { subtree: true, childList: true, attributes: true });
            }"""
        )
        page.keyboard.type(" and and a village\n\nAnd more  of it", delay=30)
        expect(counts(page)).to_contain_text("1 note")

        assert [] == page.evaluate("window.moved")
