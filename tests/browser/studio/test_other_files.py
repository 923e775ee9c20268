"""Something else stands where the issue's file was, or nothing can be written there for a while:
it is said in words, what is typed meanwhile is kept, and saved as soon as that can be.
"""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.acceptance.publication import Publication
from tests.browser.studio.studio_world import EXAMPLE, drafts, studio, text, until
from tests.browser.studio.test_keeping import opened, status, strip, type_behind

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.slow]

Put = Callable[[Path, Path], None]


def link(file: Path, away: Path) -> None:
    file.symlink_to(away)


def folder(file: Path, _away: Path) -> None:
    file.mkdir()


def octets(file: Path, _away: Path) -> None:
    file.write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR")


@pytest.mark.parametrize(
    ("put", "why"),
    [
        (link, "This is a link, and is not followed"),
        (folder, "This is no file"),
        (octets, "This is a binary file"),
    ],
)
def test_what_stands_in_place_of_the_file_is_named_and_what_is_typed_saved_when_it_is_back(
    publication: Publication, browser: "Browser", tmp_path: Path, put: Put, why: str
) -> None:
    from playwright.sync_api import expect

    with studio(publication, browser, EXAMPLE) as world:
        page = opened(world)
        before, file, away = world.file().read_text(), world.file(), tmp_path / "away.md"
        away.write_text(before)
        file.unlink()
        put(file, away)
        strip(page, why)
        type_behind(page, " Nobody has to.")
        status(page, "Not saved: the file cannot be read")
        expect(page.locator("#strips .strip")).to_have_count(1)
        expect(page.frame_locator("iframe").first.get_by_text("Nobody has to.")).to_be_visible()

        assert before == away.read_text()
        until(page, lambda: any("Nobody has to." in each for each in drafts(file)))

        file.rmdir() if put is folder else file.unlink()
        file.write_text(before)
        status(page, "Saved")

        assert "all along. Nobody has to.\n" in file.read_text()


def test_save_that_was_refused_is_tried_again_until_it_is_taken(
    publication: Publication, browser: "Browser", tmp_path: Path
) -> None:
    with studio(publication, browser, EXAMPLE) as world:
        page = opened(world)
        beside = world.file().parent / ".drafts"
        beside.symlink_to(tmp_path)
        type_behind(page, " Nobody has to.")
        status(page, "Not saved: ")
        status(page, "this is a link, and is not followed")
        beside.unlink()
        status(page, "Saved")

        assert "all along. Nobody has to.\n" in world.file().read_text()


def test_issue_in_a_text_file_is_written_again_under_its_own_name(
    publication: Publication, browser: "Browser"
) -> None:
    with studio(publication, browser) as world:
        file = world.file().with_name("2021-12-03.txt")
        file.write_text(world.file().read_text().replace("2021-11-26", "2021-12-03"))
        page = world.open()
        page.goto(f"{world.url}/issues/2021-12-03")
        page.wait_for_selector(".cm-content:not([aria-readonly])")
        type_behind(page, " Nobody has to.")
        file.unlink()
        strip(page, "The file of 2021-12-03 is not there any more.")
        text(page).press_sequentially(" Never.")
        page.get_by_role("button", name="Write it again").click()
        status(page, "Saved")

        assert "all along. Nobody has to. Never.\n" in file.read_text()
        assert not file.with_suffix(".md").exists()


def test_word_that_is_saved_before_it_is_kept_whole_is_not_found_again(
    publication: Publication, browser: "Browser"
) -> None:
    from playwright.sync_api import expect

    with studio(publication, browser, EXAMPLE) as world:
        page = opened(world)
        type_behind(page, " Nobo")
        until(page, lambda: any("Nobo" in each for each in drafts(world.file())))
        page.keyboard.insert_text("dy has to.")
        page.keyboard.press("Control+s")
        until(page, lambda: "all along. Nobody has to.\n" in world.file().read_text())
        until(page, lambda: not drafts(world.file()))
        page.reload()
        page.wait_for_selector(".cm-content:not([aria-readonly])")
        type_behind(page, " Never.", "Nobody has to.")
        until(page, lambda: "Nobody has to. Never.\n" in world.file().read_text())

        expect(page.locator("#strips")).to_be_empty()
