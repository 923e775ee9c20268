"""The documentation as a site: whole, on this disk alone, and shown by `newsletter docs`."""

import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from newsletter.cli.reference import all_commands
from newsletter.installation import PAGES
from newsletter.settings.environment import NAMES
from newsletter.settings.load import SECTIONS
from scripts.docs import build
from scripts.docs_links import faults_of_site
from scripts.pictures import draw
from scripts.reference import pages
from tests.acceptance.publication import clean_environment
from tests.pace import patience

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the package as a wheel lays it out, its pages included."""
    folder = tmp_path_factory.mktemp("docs")
    faults = build(folder / "built")
    assert [] == faults
    package = folder / "site-packages" / "newsletter"
    package.mkdir(parents=True)
    for path in (ROOT / "newsletter").iterdir():
        (package / path.name).symlink_to(path)
    (package / PAGES).symlink_to(folder / "built" / "site")
    return package.parent


def command(built: Path, *arguments: str) -> subprocess.Popen[str]:
    """The command of the package that lies in a folder: Python looks where it is run first."""
    return subprocess.Popen(
        [sys.executable, "-m", "newsletter", "docs", *arguments],
        cwd=built,
        env={**clean_environment(), "PYTHONUNBUFFERED": "1"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


@contextmanager
def shown(built: Path, *arguments: str) -> Iterator[str]:
    """The address that the command tells; Ctrl-C ends it, and all is well."""
    with command(built, *arguments) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().split()[0]
            process.send_signal(signal.SIGINT)
            assert 0 == process.wait(patience(20)), process.stdout.read()
        finally:
            process.kill()


def get(url: str, path: str | None = None, host: str | None = None) -> tuple[int, str, str]:
    """Status, policy and text of what is asked for, in the very letters of its path."""
    parts = urlsplit(url)
    connection = HTTPConnection(parts.netloc, timeout=patience(20))
    headers = {"Host": host} if host else {}
    connection.request("GET", parts.path if path is None else path, headers=headers)
    response = connection.getresponse()
    text = response.read().decode()
    connection.close()
    return response.status, response.headers.get("Content-Security-Policy", ""), text


def test_docs_are_served_on_this_machine_and_fetch_nothing_from_elsewhere(built: Path) -> None:
    with shown(built, "--no-browser") as url:
        status, policy, text = get(url)

        assert re.fullmatch(r"http://127\.0\.0\.1:\d+/", url)
        assert (200, "Newsletters as code") == (status, re.findall("<h1[^>]*>([^<]+)", text)[0])
        assert policy.startswith("default-src 'self'; ")
        assert 200 == get(url, "/search.json")[0]


def test_docs_opens_a_page_by_name(built: Path) -> None:
    with shown(built, "rules/story-count") as url:
        assert url.endswith("/rules/story-count.html")
        assert 200 == get(url)[0]


def test_docs_gives_its_pages_alone_and_to_this_machine_alone(built: Path) -> None:
    with shown(built) as url:
        assert 404 == get(url, "/assets/")[0]
        assert 404 == get(url, "/../../../../etc/hostname")[0]
        assert 404 == get(url, "/%2e%2e/%2e%2e/%2e%2e/etc/hostname")[0]
        assert 421 == get(url, "/index.html", "rebound.example.com:80")[0]


def test_docs_says_which_page_was_meant(built: Path) -> None:
    with command(built, "opertors") as process:
        assert process.stdout is not None
        said = process.stdout.read()

    assert (2, "error: there is no page “opertors”; did you mean “operators”?\n") == (
        process.returncode,
        said,
    )


def test_docs_says_how_to_build_them_where_nobody_has(tmp_path: Path) -> None:
    package = tmp_path / "newsletter"
    package.mkdir()
    for path in (ROOT / "newsletter").iterdir():
        (package / path.name).symlink_to(path)
    with command(tmp_path) as process:
        assert process.stdout is not None
        said = process.stdout.read()

    assert 2 == process.returncode
    assert "the pages are not built here; run `make docs`" in said


def test_reference_is_made_of_the_code_as_it_is() -> None:
    """After a change of a command, a setting, a state or an error: `make reference`."""
    for name, text in pages(list(all_commands())).items():
        assert text == (ROOT / "docs" / "reference" / name).read_text(encoding="utf-8")


def test_reference_has_every_section_and_variable() -> None:
    page = (ROOT / "docs" / "reference" / "settings.md").read_text(encoding="utf-8")

    for section in SECTIONS:
        assert f"## `[{section}]`" in page
    for variable in NAMES:
        assert f"| `{variable}` |" in page


def test_pictures_of_terminals_show_what_commands_say(tmp_path: Path) -> None:
    """After a change of what they say: `make pictures`."""
    for name, svg in draw(tmp_path).items():
        assert svg == (ROOT / "docs" / "images" / name).read_text(encoding="utf-8"), name


def test_faults_of_a_site_are_told_with_their_page(tmp_path: Path) -> None:
    (tmp_path / "style.css").write_text("@import 'https://fonts.example.com/a.css';")
    (tmp_path / "other.html").write_text("<h1 id='there'>Other</h1>")
    (tmp_path / "index.html").write_text(
        "<a href='other.html#there'></a><a href='other.html#gone'></a><a href='gone.html'></a>"
        "<a href='https://example.com/'></a><img src='//pictures.example.com/a.png'>"
        "<a href='../outside.html'></a><img src='data:image/gif;base64,R0lGOD'>"
    )

    assert [
        "index.html: other.html#gone names no place of that page",
        "index.html: gone.html leads nowhere",
        "index.html: ../outside.html leads nowhere",
        "index.html: fetches //pictures.example.com/a.png",
        "style.css: fetches https://fonts.example.com/a.css",
    ] == list(faults_of_site(tmp_path))
