"""What the studio looks like, as pictures: each page and sheet, light and dark, wide and narrow.

    python scripts/studio_screens.py                              all of them, into build/studio
    python scripts/studio_screens.py --picture docs/images/studio.png   the one in README and docs

A studio is started on a copy of the example publication and used as an editor uses it, in Chromium.
"""

import argparse
import os
import re
import secrets
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).parents[1]
NAME = "2021-11-26"
CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
COPIED = ("newsletter.toml", "subscribers.example.csv")
TYPED = "Getir buys its British rival Weezy."
"""A headline with a full stop, of which the check has something to say."""
WIDTHS = (1440, 1024)

Draw = Callable[[Page, str], None]


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--to", type=Path, default=ROOT / "build/studio")
    parser.add_argument("--picture", type=Path, help="draw the desk alone, into this file")
    options = parser.parse_args(arguments)
    with (
        TemporaryDirectory() as folder,
        publication(Path(folder)) as link,
        open_browser() as browser,
    ):
        if options.picture:
            page = window(browser, next(link), 1440, dark=False, scale=2)
            desk(page, page.url)
            options.picture.parent.mkdir(parents=True, exist_ok=True)
            page.screenshot(path=options.picture)
        else:
            draw_all(browser, link, options.to)
    return 0


def draw_all(browser: Browser, links: Iterator[str], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for width in WIDTHS:
        for dark in (False, True):
            page = window(browser, next(links), width, dark=dark, scale=1)
            origin = "/".join(page.url.split("/")[:3])
            for name, draw in SCREENS.items():
                draw(page, origin)
                page.wait_for_timeout(700)
                page.screenshot(path=folder / f"{name}-{width}-{'dark' if dark else 'light'}.png")
            page.context.close()


@contextmanager
def publication(folder: Path) -> Iterator[Iterator[str]]:
    """A studio of the example, and links into it as many as are asked for."""
    for name in COPIED:
        shutil.copyfile(ROOT / name, folder / name)
    (folder / "issues").mkdir()
    text = (ROOT / f"issues/{NAME}.md").read_text(encoding="utf-8")
    text = text.replace(TYPED.removesuffix("."), TYPED)
    (folder / f"issues/{NAME}.md").write_text(text, encoding="utf-8")
    environment = {
        **os.environ,
        "NEWSLETTER_SECRET_KEY": secrets.token_hex(32),
        "NEWSLETTER_TRANSPORT": "directory:sent/",
        "XDG_STATE_HOME": str(folder / "state"),
    }
    command = [sys.executable, "-m", "newsletter"]
    people = [*command, "subscribers", "import", "subscribers.example.csv", "--yes"]
    subprocess.run(people, cwd=folder, env=environment, check=True, capture_output=True)  # noqa: S603
    studio = [*command, "studio", "--no-browser", "--by", "Robin Example"]
    process = subprocess.Popen(  # noqa: S603 - ours
        studio, cwd=folder, env=environment, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None

    def links() -> Iterator[str]:
        assert process.stdout is not None
        yield link_in(process.stdout.readline())
        while True:
            again = subprocess.run(  # noqa: S603 - ours
                studio, cwd=folder, env=environment, capture_output=True, text=True, check=True
            )
            yield link_in(again.stdout)

    try:
        yield links()
    finally:
        process.terminate()
        process.wait()


def link_in(said: str) -> str:
    found = re.search(r"http://\S+/enter/\S+", said)
    assert found, said
    return found[0]


@contextmanager
def open_browser() -> Iterator[Browser]:
    path = next((found for name in CHROMIUM if (found := shutil.which(name))), None)
    flags = [
        "--no-sandbox",
        "--disable-gpu",
        "--hide-scrollbars",
        "--disable-background-networking",
    ]
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=flags)
        yield browser
        browser.close()


def window(browser: Browser, link: str, width: int, *, dark: bool, scale: int) -> Page:
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme="dark" if dark else "light",
        device_scale_factor=scale,
        reduced_motion="reduce",
    )
    page = context.new_page()
    page.goto(link)
    page.wait_for_url(lambda url: "/enter/" not in url)
    return page


def origin_of(url: str) -> str:
    return "/".join(url.split("/")[:3])


def desk(page: Page, url: str) -> None:
    """With the finding open that stands at the headline."""
    page.goto(f"{origin_of(url)}/issues/{NAME}")
    page.locator(".cm-line", has_text=TYPED).wait_for()
    note = page.locator("#notes .note", has_text="full stop")
    if page.viewport_size and page.viewport_size["width"] >= 1240:
        note.first.wait_for()
    page.locator(".cm-line", has_text=TYPED).click()
    page.keyboard.press("F8")
    page.wait_for_timeout(1500)


def pressing(key: str) -> Draw:
    def draw(page: Page, url: str) -> None:
        desk(page, url)
        page.keyboard.press("Escape")
        page.keyboard.press(key)

    return draw


def view(name: str) -> Draw:
    def draw(page: Page, url: str) -> None:
        desk(page, url)
        page.get_by_role("tab", name=name, exact=True).click()

    return draw


def at(path: str) -> Draw:
    def draw(page: Page, url: str) -> None:
        page.goto(f"{origin_of(url)}{path}")

    return draw


def conditions(name: str) -> Draw:
    def draw(page: Page, url: str) -> None:
        desk(page, url)
        page.locator("#message").get_by_text(name, exact=True).first.click()

    return draw


SCREENS: dict[str, Draw] = {
    "shelf": at("/"),
    "new": at("/new"),
    "import": at("/import"),
    "people": at("/people"),
    "desk": desk,
    "dark": conditions("Dark"),
    "text": view("Text"),
    "source": view("Source"),
    "inbox": view("Inbox"),
    "links": view("Links"),
    "programs": view("Programs"),
    "approve": pressing("Control+Enter"),
    "keys": pressing("F1"),
    "focus": pressing("F2"),
    "lights": pressing("F4"),
    "find": pressing("Control+f"),
}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
