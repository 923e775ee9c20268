"""Nothing typed is lost, nothing of others overwritten, whatever goes wrong: in a real browser."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

import pytest

from tests.acceptance.publication import Publication
from tests.browser.studio.studio_world import (
    EXAMPLE,
    World,
    come_between,
    drafts,
    studio,
    text,
    until,
)

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PLACE = "has paid off all along."


def opened(world: World, width: int = 1440) -> "Page":
    """The desk, when it may be written at."""
    page = world.open(width=width)
    page.wait_for_selector(".cm-content:not([aria-readonly])")
    return page


def type_behind(page: "Page", words: str, place: str = PLACE) -> None:
    """At the end of the paragraph that ends so."""
    line = text(page).locator(".cm-line", has_text=place)
    line.click()
    page.evaluate(
        """(place) => {
          const walk = document.createTreeWalker(document.querySelector('.cm-content'), 4);
          for (let node; (node = walk.nextNode());) {
            const at = node.data.indexOf(place);
            if (at >= 0) getSelection().collapse(node, at + place.length);
          }
        }""",
        place,
    )
    page.wait_for_timeout(100)
    page.keyboard.type(words)


def status(page: "Page", words: str) -> None:
    from playwright.sync_api import expect

    expect(page.locator("#status-saved")).to_contain_text(words)


def strip(page: "Page", words: str) -> None:
    from playwright.sync_api import expect

    expect(page.locator("#strips")).to_contain_text(words)


def test_text_is_saved_by_itself_and_what_came_from_the_disk_is_taken_in(
    publication: Publication, browser: "Browser"
) -> None:
    from playwright.sync_api import expect

    with studio(publication, browser, EXAMPLE) as world:
        page = opened(world)
        type_behind(page, " Nobody has to.")
        until(page, lambda: "paid off all along. Nobody has to.\n" in world.file().read_text())
        saved = world.file().read_text()
        world.file().write_text(saved.replace("Cyber Week starts", "Cyber Week begins"))
        expect(text(page)).to_contain_text("Cyber Week begins")
        page.keyboard.type(" Yet.")
        expect(text(page)).to_contain_text("Nobody has to. Yet.")
        page.keyboard.press("Control+s")
        until(page, lambda: "Nobody has to. Yet." in world.file().read_text())

        assert "Cyber Week begins" in world.file().read_text()

        page.reload()
        page.wait_for_selector(".cm-content:not([aria-readonly])")
        text(page).click()
        for _ in range(3):
            page.keyboard.press("Control+z")
        expect(text(page)).to_contain_text("Cyber Week starts")
        expect(text(page)).not_to_contain_text("Nobody has to.")
        until(page, lambda: "Nobody has to." not in world.file().read_text())
        until(page, lambda: not drafts(world.file()))


def test_two_versions_stand_side_by_side_until_somebody_has_chosen(
    publication: Publication,
    browser: "Browser",
    find_axe_faults: Callable[["Page"], list[Any]],
) -> None:
    from playwright.sync_api import expect

    with studio(publication, browser, EXAMPLE) as world:
        page = opened(world)
        before = world.file().read_text()
        theirs = before.replace("Twitter is still testing", "Twitter tries").replace(
            "Cyber Week starts", "Cyber Week begins"
        )
        come_between(page, world.file(), theirs)
        type_behind(page, " Nobody has to.")
        strip(page, "This was changed elsewhere")
        status(page, "Not saved: changed elsewhere")
        versions = page.locator("#versions")
        expect(versions).to_contain_text("One of two chosen. Nothing is written before all are.")
        expect(versions).to_contain_text("stories 2 to 5 and footer are the same")
        faults = find_axe_faults(page)
        page.emulate_media(color_scheme="dark")
        page.set_viewport_size({"width": 1024, "height": 720})
        faults += find_axe_faults(page)
        page.keyboard.press("u")

        assert theirs == world.file().read_text()
        assert [] == [fault for fault in faults if fault[0] != "scrollable-region-focusable"]

        page.keyboard.press("n")
        page.keyboard.press("b")
        expect(versions).to_contain_text("All two chosen.")
        result = versions.locator(".result .cm-content").last
        result.click()
        page.keyboard.press("Control+End")
        page.keyboard.type(" So be it.")
        versions.get_by_role("button", name="Use this").click()
        expect(versions).to_have_count(0)
        strip(page, f"Both versions are kept: issues/.drafts/{EXAMPLE}.md.1.yours")
        status(page, "Saved")
        after = world.file().read_text()

        assert "Cyber Week begins" in after
        assert "has paid off all along. Nobody has to.\n\nTwitter tries" in after
        assert "So be it.\n\n[Read the full story]" in after

        kept = world.file().parent / ".drafts"

        assert theirs == (kept / f"{EXAMPLE}.md.1.disk").read_text()
        assert "Nobody has to." in (kept / f"{EXAMPLE}.md.1.yours").read_text()

        page.keyboard.type(" And on.")
        until(page, lambda: " And on." in world.file().read_text())


@contextmanager
def studio_at(publication: Publication, browser: "Browser", port: str) -> Iterator[World]:
    with studio(publication, browser, EXAMPLE, "--port", port) as world:
        yield world


def test_studio_is_killed_in_mid_typing_and_started_again(
    publication: Publication,
    browser: "Browser",
    find_axe_faults: Callable[["Page"], list[Any]],
) -> None:
    from playwright.sync_api import expect

    with studio(publication, browser, EXAMPLE) as world:
        page = opened(world)
        port = world.url.rpartition(":")[2]
        type_behind(page, " Nobody")
        world.studio.kill()
        page.keyboard.type(" has to.")
        strip(page, "The studio on this machine is not running.")

        assert [] == find_axe_faults(page)

        status(page, "Kept in this tab")
        page.keyboard.type(" Never.")
        expect(text(page)).to_contain_text("Nobody has to. Never.")

        with studio_at(publication, browser, port) as again:
            expect(page.locator("#strips")).not_to_contain_text("not running")
            status(page, "Saved")
            until(page, lambda: "along. Nobody has to. Never.\n" in again.file().read_text())


def test_studio_and_browser_die_and_what_was_typed_is_found(
    publication: Publication, browser: "Browser"
) -> None:
    from playwright.sync_api import expect

    with studio(publication, browser, EXAMPLE) as world:
        page = opened(world)
        before = world.file().read_text()
        page.route("**/save", lambda _: None)  # it never comes there
        type_behind(page, " Nobody has to: coins stay.")
        until(page, lambda: any("coins stay." in each for each in drafts(world.file())))
        world.studio.kill()
        page.context.close()

        assert before == world.file().read_text()

    with studio(publication, browser, EXAMPLE) as world:
        page = opened(world)
        strip(page, "The studio stopped at")
        strip(page, "5 words more than the file, in story 1.")
        status(page, "Not yet saved: your choice above")
        expect(page.locator(".found-again")).to_contain_text("Nobody has to: coins stay.")
        page.keyboard.press("Control+s")

        assert before == world.file().read_text()

        page.get_by_role("button", name="Compare").click()
        expect(page.locator("#versions")).to_contain_text("Found again")
        page.keyboard.press("Escape")
        page.get_by_role("button", name="Keep them").click()
        status(page, "Saved")
        expect(page.locator(".found-again")).to_have_count(0)
        until(page, lambda: "along. Nobody has to: coins stay.\n" in world.file().read_text())
        until(page, lambda: not drafts(world.file()))


def test_tab_that_is_closed_in_mid_typing_has_saved_and_a_crashed_one_is_found(
    publication: Publication, browser: "Browser"
) -> None:
    from playwright.sync_api import expect

    with studio(publication, browser, EXAMPLE) as world:
        page = opened(world)
        context = page.context
        type_behind(page, " One.")
        page.close(run_before_unload=True)
        again = context.new_page()
        again.goto(f"{world.url}/issues/{EXAMPLE}")
        again.wait_for_selector(".cm-content:not([aria-readonly])")
        expect(text(again)).to_contain_text("all along. One.")
        expect(again.locator("#strips")).to_be_empty()

        again.route("**/save", lambda _: None)
        type_behind(again, " Two.", "all along. One.")
        until(again, lambda: any("Two." in each for each in drafts(world.file())))
        crash(again)
        found = context.new_page()
        found.goto(f"{world.url}/issues/{EXAMPLE}")
        strip(found, "All you had typed was found")
        expect(text(found)).to_contain_text("all along. One. Two.")


def crash(page: "Page") -> None:
    """Its process is gone, without a last word."""
    session = page.context.new_cdp_session(page)
    with suppress(Exception):
        session.send("Page.crash", timeout=1000)


def test_second_tab_reads_and_takes_over(publication: Publication, browser: "Browser") -> None:
    from playwright.sync_api import expect

    with studio(publication, browser, EXAMPLE) as world:
        first = opened(world)
        second = first.context.new_page()
        second.goto(f"{world.url}/issues/{EXAMPLE}")
        strip(second, "This issue is being written in another tab.")
        text(second).click()
        second.keyboard.type("Not this.")
        expect(text(second)).not_to_contain_text("Not this.")

        type_behind(first, " From the first.")
        second.keyboard.press("Control+Home")
        expect(text(second)).to_contain_text("From the first.")
        type_behind(first, " At once.", "From the first.")
        second.get_by_role("button", name="Take over").click()
        second.wait_for_selector(".cm-content:not([aria-readonly])")
        expect(text(second)).to_contain_text("From the first. At once.")
        strip(first, "This issue is being written in another tab.")
        type_behind(second, " From the second.", "At once.")
        expect(text(first)).to_contain_text("From the second.")

        assert "From the first. At once. From the second.\n" in world.file().read_text()


def test_file_that_is_deleted_or_renamed_is_written_again_or_followed(
    publication: Publication, browser: "Browser"
) -> None:
    with studio(publication, browser, EXAMPLE) as world:
        page = opened(world)
        type_behind(page, " Nobody has to.")
        until(page, lambda: "Nobody has to.\n" in world.file().read_text())
        world.file().rename(world.file("2021-12-03"))
        strip(page, "has renamed it to 2021-12-03.")
        world.file("2021-12-03").unlink()
        page.keyboard.type(" Never.")
        strip(page, "Another program has deleted or moved it")
        page.keyboard.press("Control+s")
        until(page, lambda: any("Never." in each for each in drafts(world.file())))

        assert not world.file().exists()

        page.get_by_role("button", name="Write it again").click()
        status(page, "Saved")

        assert "all along. Nobody has to. Never.\n" in world.file().read_text()
