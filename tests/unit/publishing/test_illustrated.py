"""An issue with pictures made ready to send: rendered, digested, compiled, checked."""

import email.policy
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from newsletter.addresses import parse_addr_spec
from newsletter.errors import RenderError
from newsletter.issue import Issue
from newsletter.pictures import MAX_WIDTH
from newsletter.publishing.digest import issue_inputs
from newsletter.publishing.issues import read_issue
from newsletter.publishing.ready import Ready, Unready, make_ready
from newsletter.publishing.rendering import render_web_page
from newsletter.settings import ImageMode, ImageSettings, Secret, Settings, load_settings
from newsletter.starter import starter_folder
from newsletter.wiring import publication_of
from tests.pictures import camera_exif, photo, saved

NOW = datetime(2021, 11, 26, 7, tzinfo=UTC)
DAY = date(2021, 11, 26)
TRAM, LOGO = "images/tram.jpg", "images/logo.png"
FILE = "issues/2021-11-26.md"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The shipped publication, with a picture in its first story and a logo."""
    shipped = starter_folder()
    for name in ("newsletter.toml", FILE):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(shipped / name, tmp_path / name)
    issue = tmp_path / FILE
    head, first, rest = issue.read_text("utf-8").partition("## 1. ")
    headline, _, body = rest.partition("\n")
    issue.write_text(f"{head}{first}{headline}\n\n![A tram in the snow]({TRAM})\n{body}", "utf-8")
    (tmp_path / "images").mkdir()
    (tmp_path / TRAM).write_bytes(saved(photo(1200, 600), "JPEG", exif=camera_exif()))
    (tmp_path / LOGO).write_bytes(saved(photo(800, 200).convert("RGBA"), "PNG"))
    return tmp_path


@pytest.fixture
def settings(folder: Path) -> Settings:
    found = load_settings(folder, {}, with_environment=False)
    secrets = replace(found.environment, secret_key=Secret("k" * 40))
    return replace(found, environment=secrets, theme=replace(found.theme, logo=LOGO))


def inline(settings: Settings) -> Settings:
    return replace(settings, images=ImageSettings(mode=ImageMode.INLINE))


def issue_of(settings: Settings) -> Issue:
    return read_issue(settings.folder / FILE, settings.house)


def outcome_of(settings: Settings) -> Ready | Unready:
    publication = publication_of(settings, word=str, warn=list[object]().append)
    return make_ready(issue_of(settings), publication, moment=NOW)


def ready_of(settings: Settings) -> Ready:
    outcome = outcome_of(settings)
    assert isinstance(outcome, Ready), outcome
    return outcome


def message_of(ready: Ready) -> bytes:
    return ready.desk.message(parse_addr_spec("ada@example.org"), {})


def test_message_shows_the_pictures_of_the_site(settings: Settings) -> None:
    ready = ready_of(settings)
    logo, tram = ready.rendered.pictures

    assert (LOGO, 640, 160) == (logo.source, logo.width, logo.height)
    assert (TRAM, MAX_WIDTH, 560) == (tram.source, tram.width, tram.height)
    for picture in (logo, tram):
        assert f"https://news.example.com/images/{picture.name}" in ready.rendered.html
    assert b"multipart/related" not in message_of(ready)
    assert not ready.diagnostics


def test_message_brings_them_along_where_that_is_asked_for(settings: Settings) -> None:
    ready = ready_of(inline(settings))
    message = email.message_from_bytes(message_of(ready), policy=email.policy.default)
    parts = {part["Content-ID"]: part for part in message.walk() if part["Content-ID"]}

    assert [(f"<{one.stem}@news.example.com>", one.octets) for one in ready.rendered.pictures] == [
        (key, part.get_payload(decode=True)) for key, part in parts.items()
    ]
    assert ["logo.jpg", "tram.jpg"] == [part.get_filename() for part in parts.values()]


def test_page_shows_them_from_the_site_in_both_modes(settings: Settings) -> None:
    pages = {
        render_web_page(issue_of(settings), each, NOW) for each in (settings, inline(settings))
    }

    assert 1 == len(pages)
    assert "https://news.example.com/images/" in pages.pop()


Change = Callable[[Path, Settings], Settings]


def another_tram(folder: Path, settings: Settings) -> Settings:
    (folder / TRAM).write_bytes(saved(photo(1200, 601), "JPEG"))
    return settings


def another_logo(folder: Path, settings: Settings) -> Settings:
    (folder / LOGO).write_bytes(saved(photo(800, 201), "PNG"))
    return settings


def another_mode(folder: Path, settings: Settings) -> Settings:
    return inline(settings)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (another_tram, TRAM),
        (another_logo, LOGO),
        (another_mode, "newsletter.toml [images]"),
    ],
)
def test_change_of_a_picture_changes_the_digest_and_is_named(
    folder: Path, settings: Settings, change: Change, named: str
) -> None:
    def inputs(ready: Ready) -> set[tuple[str, str]]:
        return set(issue_inputs(ready.issue, ready.settings, DAY, ready.rendered.pictures).items())

    before = ready_of(settings)
    after = ready_of(change(folder, settings))

    assert before.digest != after.digest
    assert {named} == {name for name, _ in inputs(before) ^ inputs(after)}


def test_what_a_camera_wrote_is_no_part_of_the_digest(folder: Path, settings: Settings) -> None:
    before = ready_of(settings)
    (folder / TRAM).write_bytes(saved(photo(1200, 600), "JPEG"))

    assert before.digest == ready_of(settings).digest


def test_issue_without_pictures_has_the_inputs_that_it_had(folder: Path) -> None:
    """So that an approval from before names nothing that has not changed."""
    (folder / FILE).write_text((starter_folder() / FILE).read_text("utf-8"), "utf-8")
    settings = load_settings(folder, {}, with_environment=False)
    inputs = issue_inputs(issue_of(settings), settings, DAY)

    assert not [name for name in inputs if "images" in name or "Pillow" in name]


def test_picture_with_a_fault_stops_the_send_at_its_place(folder: Path, settings: Settings) -> None:
    (folder / TRAM).unlink()

    outcome = outcome_of(settings)
    (found,) = outcome.diagnostics

    assert isinstance(outcome, Unready) or outcome.has_errors
    assert ("M013", "the image images/tram.jpg is not there") == (found.code, found.message)
    assert "![A tram" in found.source_line


def test_logo_with_a_fault_stops_the_send_and_names_the_setting(
    folder: Path, settings: Settings
) -> None:
    (folder / LOGO).write_bytes(b"no logo")

    with pytest.raises(RenderError, match=r"\[theme\]: the logo images/logo.png is no JPEG"):
        outcome_of(settings)
