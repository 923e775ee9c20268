"""A text brought along: shown as it was understood, and an issue only when somebody says so."""

import io

import httpx
import pytest
from docx import Document

from tests.integration.publishing.conftest import World
from tests.integration.web.studio.pages_world import Browser

PAGE = (
    b"<h1>The five</h1><p>It is Friday.</p><h2>1. One</h2><p>Text <a href='https://a.example'>a"
    b" shop</a>.</p><h2>2. Two</h2><p>Text.</p><video src='v.mp4'></video>"
)


def read(browser: Browser, data: bytes, name: str) -> httpx.Response:
    headers = {"x-file-name": name}
    return browser.post("/api/import/read", content=data, headers=headers)


def files(world: World) -> list[str]:
    return sorted(path.name for path in (world.folder / "issues").glob("*"))


def test_import_shows_what_was_understood_and_keeps_nothing(world: World, browser: Browser) -> None:
    told = read(browser, PAGE, "paste.html").json()

    assert "The five" == told["title"]
    assert "2 stories, 1 link in them" == told["counted"]
    assert [(1, "One", 3), (2, "Two", 1)] == [
        (each["number"], each["headline"], each["words"]) for each in told["stories"]
    ]
    assert any("videos, frames and drawings (1)" in each for each in told["losses"])
    assert any("line" in each for each in told["losses"])
    assert told["found"]
    assert "2026-11-27" == told["day"]
    assert told["dayWords"].endswith(", the next that is free")
    assert [] == files(world)


def test_import_becomes_the_issue_of_a_day(world: World, browser: Browser) -> None:
    text = read(browser, PAGE, "paste.html").json()["text"]

    kept = browser.post("/api/import/keep", {"text": text, "day": "2026-12-04"})

    assert {"to": "/issues/2026-12-04"} == kept.json()
    assert text == (world.folder / "issues/2026-12-04.md").read_text(encoding="utf-8")

    again = browser.post("/api/import/keep", {"text": "other", "day": "2026-12-04"})

    assert 422 == again.status_code
    assert "this already exists, and nothing is overwritten" in again.json()["said"]
    assert text == (world.folder / "issues/2026-12-04.md").read_text(encoding="utf-8")


def test_import_of_a_text_with_a_day_proposes_that_day(world: World, browser: Browser) -> None:
    told = read(
        browser, b"---\ndate: 2026-12-18\n---\n# Five\n\n## 1. One\n\nText.\n", "a.md"
    ).json()

    assert "2026-12-18" == told["day"]
    assert told["dayWords"].endswith(", its own date")


def test_import_reads_a_document(world: World, browser: Browser) -> None:
    document, made = Document(), io.BytesIO()
    document.add_heading("The five", 0)
    for number in (1, 2):
        document.add_heading(f"{number}. Story {number}", 2)
        document.add_paragraph("Text.")
    document.save(made)

    told = read(browser, made.getvalue(), "week.docx").json()

    assert ["Story 1", "Story 2"] == [each["headline"] for each in told["stories"]]


def test_import_says_which_command_adds_what_a_document_takes(
    world: World, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "mammoth", None)
    document, made = Document(), io.BytesIO()
    document.save(made)

    answer = read(browser, made.getvalue(), "week.docx")

    assert 422 == answer.status_code
    assert "Reading a .docx" in answer.json()["said"]


@pytest.mark.parametrize(
    ("data", "name", "what"),
    [
        (b"%PDF-1.7", "a.pdf", "this is a PDF, which cannot be read"),
        (b"{\\rtf1", "a.txt", "this is a Rich Text document"),
        (b"PK\x03\x04 no archive", "a.docx", "a.docx"),
        (b"", "a.html", "there is nothing to read on this page"),
        (b"<div>" * 3_000, "a.html", "nested more than 2,000 levels deep"),
        (b"\xff\xfe\x00\xd8", "a.txt", "a.txt"),
        (b"x", "../../../etc/passwd", "passwd"),
    ],
)
def test_import_refuses_in_the_words_of_the_command(
    world: World, browser: Browser, data: bytes, name: str, what: str
) -> None:
    answer = read(browser, data, name)

    assert 422 == answer.status_code
    assert what in answer.json()["said"]
    assert "../" not in answer.json()["said"]


@pytest.mark.parametrize("day", ["", "soon", "../2026-12-04", "2026-13-01"])
def test_import_of_no_day_is_refused(world: World, browser: Browser, day: str) -> None:
    assert 422 == browser.post("/api/import/keep", {"text": "a", "day": day}).status_code
    assert [] == files(world)
