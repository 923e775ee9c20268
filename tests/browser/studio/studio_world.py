"""The studio, really started, with a real browser before it.

A test says what stands in the publication, opens the studio and does with mouse and keys what an
editor would do. Whatever a page throws or logs as an error ends the test.
"""

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from tests.acceptance.publication import Publication
from tests.acceptance.site_world import Process, going
from tests.pace import patience

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page, Route

_LINK = re.compile(r"(http://\S+/enter/\S+)")
EXAMPLE = "2021-11-26"

_READY = """() => document.body?.dataset.page !== 'desk'
  || document.querySelector('.cm-content:not([aria-readonly])')
  || document.querySelector('#strips .strip')"""
"""The desk may be written at, or says why it may not: the studio says whose turn it is."""


@dataclass
class World:
    """A publication, its studio in a process of its own, and the browser."""

    publication: Publication
    studio: Process
    browser: "Browser"
    link: str
    faults: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return self.link.partition("/enter/")[0]

    def open(self, *, width: int = 1440, height: int = 900, dark: bool = False) -> "Page":
        """A window of its own session, through the studio's link."""
        context = self.browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
        )
        from playwright.sync_api import expect

        expect.set_options(timeout=patience(15) * 1000)
        page = context.new_page()
        page.set_default_timeout(patience(15) * 1000)
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.goto(self.link)
        page.wait_for_url(lambda url: "/enter/" not in url)
        page.wait_for_function(_READY)
        return page

    def file(self, name: str = EXAMPLE) -> Path:
        return self.publication.folder / "issues" / f"{name}.md"


@contextmanager
def studio(
    publication: Publication,
    browser: "Browser",
    issue: str = "",
    *options: str,
    command: str = "studio",
) -> Iterator[World]:
    """The installed command, ended with the block; no page may have thrown anything."""
    arguments = [command, *([issue] if issue else []), "--no-browser", *options]
    with going(publication, *arguments) as process:
        found = _LINK.search(process.wait_for("/enter/"))
        assert found
        world = World(publication, process, browser, found[1])
        yield world
        assert [] == world.faults


def text(page: "Page") -> "Locator":
    """The text that is written in."""
    return page.locator(".cm-content")


Open = Callable[..., "Page"]


def come_between(page: "Page", file: Path, theirs: str) -> None:
    """Another program writes the file while the next save is on its way, however soon that is."""

    def write(saving: "Route") -> None:
        file.write_text(theirs, encoding="utf-8")
        saving.continue_()

    page.route("**/save", write, times=1)


def until(page: "Page", is_so: Callable[[], object]) -> None:
    """What is sure to come has come, such as a text in its file; the page goes on meanwhile."""
    end = time.monotonic() + patience(30)
    while not is_so():
        assert time.monotonic() < end, "it did not come"
        page.wait_for_timeout(50)


def drafts(file: Path) -> list[str]:
    """What the journal beside an issue's file holds."""
    kept = (file.parent / ".drafts").glob("*.draft")
    return [each.read_text() for each in kept]
