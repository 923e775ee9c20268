"""What the e-mail and the public site look like, as pictures in build/screenshots.

    python scripts/screenshots.py                            the three issues, four views each
    python scripts/screenshots.py issues/2021-11-26.md --all one issue, as every mail program has it
    python scripts/screenshots.py issues/2021-11-26.md --picture docs/images/issue.png
    python scripts/screenshots.py --site                     every page of the public site
    python scripts/screenshots.py --site --language ar       the same from right to left

Chromium takes them, through the playwright package; nothing is fetched, every image of an issue
is replaced by a drawing. With Georgia installed, or a font of its width under that name (Gelasio),
they look as they do to most readers; without it they look as they do on a bare Linux machine.
"""

import argparse
import os
import re
import shutil
import sys
from base64 import b64encode
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from playwright.sync_api import Browser, Route, sync_playwright

from newsletter.issue import load_issue
from newsletter.render import render_issue, specimen
from newsletter.settings import Settings, load_settings

ROOT = Path(__file__).parents[1]
CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
DRAWING = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1200 640" width="1200" height="640">'
    '<rect width="1200" height="640" fill="#9db7b1"/><circle cx="930" cy="190" r="90" '
    'fill="#f2dfb8"/><path d="M0 640V470l260-190 210 150 190-120 540 330z" fill="#3c6a63"/></svg>'
)


def as_it_is(html: str) -> str:
    return html


def without_styles(html: str) -> str:
    """As the Gmail app shows it to an address of another provider."""
    return re.sub(r"<style.*?</style>", "", html, flags=re.DOTALL)


def as_outlook(html: str) -> str:
    """With the conditional comments open that Outlook opens, and those shut that it shuts."""
    shut = re.sub(r"<!--\[if !mso.*?\]><!-->.*?<!--<!\[endif\]-->", "", html, flags=re.DOTALL)
    return re.sub(r"<!--\[if [^\]]*mso[^\]]*\]>(.*?)<!\[endif\]-->", r"\1", shut, flags=re.DOTALL)


@dataclass(frozen=True, kw_only=True, slots=True)
class View:
    """One way to look. `forced` is a program that turns colours by itself, asking nobody, and
    `enlarged` a reader whose browser has text of twice the size.
    """

    name: str
    width: int
    dark: bool = False
    forced: bool = False
    images: bool = True
    enlarged: bool = False
    change: Callable[[str], str] = as_it_is


USUAL = (
    View(name="680-light", width=680),
    View(name="680-dark", width=680, dark=True),
    View(name="375-light", width=375),
    View(name="375-dark", width=375, dark=True),
)
OTHERS = (
    View(name="320-light", width=320),
    View(name="375-without-styles", width=375, change=without_styles),
    View(name="680-outlook", width=680, change=as_outlook),
    View(name="680-without-images", width=680, images=False),
    View(name="375-forced-dark", width=375, forced=True, change=without_styles),
)
OF_SITE = (
    View(name="1280-light", width=1280),
    View(name="1280-dark", width=1280, dark=True),
    View(name="390-light", width=390),
    View(name="390-dark", width=390, dark=True),
    View(name="1280-200", width=1280, enlarged=True),
    View(name="320-200", width=320, enlarged=True),
)
PICTURED = (USUAL[0], USUAL[1], USUAL[2])
PICTURE_STYLE = (
    "body{margin:0;padding:52px 56px;background:#dfe3e1;display:flex;justify-content:space-between}"
    "div{height:842px;overflow:hidden;border-radius:10px;box-shadow:0 10px 34px #0005}"
    "img{display:block;width:100%}"
)


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("issues", nargs="*", type=Path, help="default: all in issues/")
    parser.add_argument("--publication", type=Path, default=ROOT, help="where newsletter.toml is")
    parser.add_argument("--to", type=Path, default=ROOT / "build" / "screenshots")
    parser.add_argument("--all", action="store_true", help="the rarer views too")
    parser.add_argument("--site", action="store_true", help="the public site's pages instead")
    parser.add_argument("--language", default="en-GB", help="of the site's pages")
    parser.add_argument("--picture", type=Path, help="light, dark and phone side by side, here")
    options = parser.parse_args(arguments)
    if options.site:
        return take_site(options.to / "site", options.language)
    settings = load_settings(options.publication, {}, with_environment=False)
    issues = options.issues or sorted((options.publication / "issues").glob("*.md"))
    options.to.mkdir(parents=True, exist_ok=True)
    pages = {path.stem: render(path, settings) for path in issues}
    if options.picture:
        make_picture(next(iter(pages.values())), options.picture)
        return 0
    for forced in (False, True):
        views = [view for view in USUAL + OTHERS * options.all if view.forced == forced]
        if views:
            take_all(pages, views, options.to, forced=forced)
    print(f"{len(pages)} issues are in {os.path.relpath(options.to)}")  # noqa: T201 - a script
    return 0


def render(path: Path, settings: Settings) -> str:
    """The HTML with specimens in a reader's places; an issue without a date is of 2021-11-26."""
    issue = load_issue(path)
    rendered = render_issue(
        issue,
        publication=settings.publication,
        theme=settings.theme,
        templates=[settings.templates, ROOT / "templates"],
        issue_date=issue.date or date(2021, 11, 26),
        tag="0" * 32,
    )
    return specimen(rendered)[0]


def take_site(folder: Path, language: str) -> int:
    """Every page of the specimen, in every view, at its own address."""
    sys.path.insert(0, str(ROOT))
    from newsletter.render.site import Pages
    from tests.site_specimens import every_page, published_issues, site_imprint

    site = site_imprint(language)
    pages = Pages(site, [ROOT / "templates"])
    taken = dict(every_page(pages, published_issues(site)))
    folder.mkdir(parents=True, exist_ok=True)
    mark = "" if language == "en-GB" else f"-{language}"
    with open_browser() as browser:
        for name, html in taken.items():
            for view in OF_SITE:
                path = folder / f"{name}{mark}-{view.name}.png"
                path.write_bytes(take_page(browser, html, pages.styles, view))
    print(f"{len(taken)} pages are in {os.path.relpath(folder)}")  # noqa: T201 - a script
    return 0


def take_page(browser: Browser, html: str, styles: str, view: View) -> bytes:
    """A page of the site as PNG. Text is enlarged as a browser's own setting does it."""
    context = browser.new_context(
        viewport={"width": view.width, "height": 800},
        color_scheme="dark" if view.dark else "light",
    )
    page = context.new_page()
    enlarged = ":root{font-size:200%}" if view.enlarged else ""

    def answer(route: Route) -> None:
        if route.request.resource_type == "stylesheet":
            route.fulfill(body=styles + enlarged, content_type="text/css")
        elif route.request.resource_type == "document":
            route.fulfill(body=html, content_type="text/html; charset=utf-8")
        else:
            route.fulfill(body=DRAWING, content_type="image/svg+xml")

    page.route("**/*", answer)
    page.goto("https://harbour.example/page")
    picture = page.screenshot(full_page=True)
    context.close()
    return picture


def take_all(pages: dict[str, str], views: Sequence[View], folder: Path, *, forced: bool) -> None:
    """One picture for each page and view, in a browser started for them."""
    with open_browser(forced=forced) as browser:
        for name, html in pages.items():
            for view in views:
                path = folder / f"{name}-{view.name}.png"
                path.write_bytes(take(browser, view.change(html), view))


@contextmanager
def open_browser(*, forced: bool = False) -> Iterator[Browser]:
    path = next((found for name in CHROMIUM if (found := shutil.which(name))), None)
    flags = ["--no-sandbox", "--disable-gpu", "--hide-scrollbars"]
    flags += ["--enable-features=WebContentsForceDark"] if forced else []
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=flags)
        yield browser
        browser.close()


def take(browser: Browser, html: str, view: View, *, scale: int = 1) -> bytes:
    """The whole page as PNG, `scale` dots to a pixel."""
    context = browser.new_context(
        viewport={"width": view.width, "height": 800},
        color_scheme="dark" if view.dark else "light",
        device_scale_factor=scale,
    )
    page = context.new_page()
    if view.images:
        page.route("**/*", lambda way: way.fulfill(body=DRAWING, content_type="image/svg+xml"))
    else:
        page.route("**/*", lambda way: way.abort())
    page.set_content(html)
    picture = page.screenshot(full_page=True)
    context.close()
    return picture


def make_picture(html: str, path: Path) -> None:
    """The beginnings of three views side by side, at three quarters of their size."""
    with open_browser() as browser:
        cards = "".join(
            f'<div style="width:{view.width * 0.763:.0f}px">'
            f'<img src="data:image/png;base64,{b64encode(picture).decode()}"></div>'
            for view in PICTURED
            for picture in [take(browser, html, view, scale=2)]
        )
        page = browser.new_page(viewport={"width": 1540, "height": 946})
        page.set_content(f"<style>{PICTURE_STYLE}</style>{cards}")
        page.screenshot(path=path)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
