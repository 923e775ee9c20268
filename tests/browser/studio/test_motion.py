"""The editor is a text like any other: every place is come to, words are composed, nothing lags."""

import statistics
from typing import TYPE_CHECKING

import pytest

from tests.acceptance.publication import Publication
from tests.browser.studio.studio_world import studio
from tests.browser.studio.test_writing import ISSUE, headlines, line, outline, source
from tests.pace import patience

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]

VIEW = "document.querySelector('.cm-content').cmTile.root.view"
SMALL = """---
subject: …
---
# T

{{ city }} *a* [b](https://e.org/c?d)

## 1. **H**

> q

- i

<!-- n -->
"""
MOST_MILLISECONDS = 8
"""Of a key press, for the editor to take it up and to draw it."""


def written(publication: Publication, text: str) -> str:
    name = "2026-06-19"
    (publication.folder / "issues" / f"{name}.md").write_text(text, "utf-8")
    return name


def head(page: "Page") -> int:
    found: int = page.evaluate(f"{VIEW}.state.selection.main.head")
    return found


def test_arrows_come_to_every_place_but_those_in_a_blank(
    publication: Publication, browser: "Browser"
) -> None:
    with studio(publication, browser, written(publication, SMALL)) as world:
        page = world.open()
        page.keyboard.press("Control+Home")
        right = [head(page)]
        while right[-1] < len(SMALL) and len(right) <= len(SMALL):
            page.keyboard.press("ArrowRight")
            right.append(head(page))
        left = [head(page)]
        while left[-1] > 0 and len(left) <= len(SMALL):
            page.keyboard.press("ArrowLeft")
            left.append(head(page))
        down = 0
        while head(page) < len(SMALL) and down < 40:
            page.keyboard.press("ArrowDown")
            down += 1

    assert list(range(len(SMALL) + 1)) == right
    assert right[::-1] == left
    assert SMALL.count("\n") == down


def test_composed_words_stand_where_the_cursor_is_and_take_a_blanks_place(
    publication: Publication, browser: "Browser"
) -> None:
    with studio(publication, browser, written(publication, SMALL)) as world:
        page = world.open()
        keyboard = page.context.new_cdp_session(page)

        def compose(*steps: str) -> None:
            for each in steps:
                place = {"selectionStart": len(each), "selectionEnd": len(each)}
                keyboard.send("Input.imeSetComposition", {"text": each, **place})
            keyboard.send("Input.insertText", {"text": steps[-1]})

        page.locator(".hint").first.click()
        compose("に", "にほ", "日本")
        line(page, "a").locator(".em").click()
        page.keyboard.press("End")
        compose("n", "に")
        text = source(page)

    assert "subject: 日本\n---" in text
    assert "d)に\n" in text


def test_card_is_dragged_by_its_grip_and_put_back_by_esc(
    publication: Publication, browser: "Browser"
) -> None:
    from playwright.sync_api import expect

    with studio(publication, browser, written(publication, ISSUE)) as world:
        page = world.open(height=1000)
        expect(outline(page)).to_have_count(7)
        page.get_by_text("Whoever has signed up").click()
        grip = line(page, "Northfold reads palms").locator(".grip").bounding_box()
        below = line(page, "what Tessel pays").bounding_box()
        assert grip
        assert below
        middle = grip["x"] + 4, grip["y"] + 6
        page.mouse.move(*middle)
        page.mouse.down()
        page.mouse.move(middle[0], below["y"] + 60, steps=6)
        expect(page.locator("#text .drop-line")).to_be_visible()
        page.keyboard.press("Escape")
        page.mouse.up()
        put_back = source(page)
        page.mouse.move(*middle)
        page.mouse.down()
        page.mouse.move(middle[0], below["y"] + 60, steps=6)
        page.mouse.up()
        dragged = headlines(page)

    assert ISSUE == put_back
    assert ["1. Tessel buys Loopback", "2. Northfold reads palms"] == dragged[:2]


def test_key_press_takes_the_editor_few_milliseconds_in_an_issue_of_thirty_stories(
    publication: Publication, browser: "Browser"
) -> None:
    from playwright.sync_api import expect

    head, _, rest = ISSUE.partition("## 1. Northfold")
    story = ISSUE.partition("## 2. ")[2].partition("## Sponsored")[0] + "Words. " * 60 + "\n\n"
    stories = "".join(f"## {number}. {story}" for number in range(1, 31))
    thirty = head + stories + "---\n" + rest.rpartition("---\n")[2]
    with studio(publication, browser, written(publication, thirty)) as world:
        page = world.open()
        expect(outline(page)).to_have_count(33)
        for _ in range(15):
            page.keyboard.press("Alt+PageDown")
        page.keyboard.press("End")
        page.evaluate(
            f"""() => {{
                const view = {VIEW};
                window.taken = [];
                for (const name of ['update', 'measure']) {{
                    const own = view[name].bind(view);
                    view[name] = (...given) => {{
                        const begun = performance.now();
                        own(...given);
                        window.taken.push([name, performance.now() - begun]);
                    }};
                }}
            }}"""
        )
        for each in " and so it goes on, ten keys a second":
            page.keyboard.type(each)
            page.wait_for_timeout(100)
        taken = page.evaluate("window.taken")

    update, measure = (
        statistics.median(each for name, each in taken if name == kind)
        for kind in ("update", "measure")
    )
    assert update + measure < patience(MOST_MILLISECONDS)
