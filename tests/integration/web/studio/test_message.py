"""What the message's views ask the studio: its look, source, links, mail programs and pictures."""

from pathlib import Path

import pytest

from newsletter.issue import load_issue
from newsletter.publishing.dating import slot_moment
from newsletter.publishing.rendering import render
from newsletter.publishing.specimens import specimen_message
from newsletter.render import specimen
from tests.integration.publishing.conftest import World
from tests.integration.web.studio.pages_world import Browser
from tests.pictures import photo, saved

API = "/api/issues/2026-11-27"


@pytest.fixture
def text(world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> str:
    """The issue's text, and a cache of links that nobody has filled."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return world.write("[Read on](https://example.com/a)").read_text(encoding="utf-8")


def test_look_has_the_very_html_that_the_command_renders(
    world: World, browser: Browser, text: str
) -> None:
    """Key after key, whatever was kept of the text before."""
    for said in ("", " Q", " Q9", " Q9 & <b>", ""):
        changed = text.replace("on Twitter now.", f"on Twitter now.{said}")
        world.path.write_text(changed, encoding="utf-8")
        rendered = render(load_issue(world.path), world.settings, world.now)

        message = browser.post(f"{API}/look", {"text": changed}).json()["message"]

        assert specimen(rendered) == (message["html"], message["text"])


def test_look_has_the_inbox_and_the_weight(browser: Browser, text: str) -> None:
    message = browser.post(f"{API}/look", {"text": text}).json()["message"]

    assert ["Gmail, phone", "Apple Mail, phone", "Outlook, desktop", "Gmail, web"] == [
        row["program"] for row in message["inbox"]["rows"]
    ]
    assert 0 < message["bytes"] < message["budget"]


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "\n",
        "---\n",
        "---\nsubject: x\n",
        "---\nsubject: x\n---",
        "---\nsubject: x\n---\n",
        "# Five\n",
    ],
)
def test_text_that_has_hardly_begun_is_looked_at_and_weighed(
    browser: Browser, text: str, typed: str
) -> None:
    look = browser.post(f"{API}/look", {"text": typed})
    weights = browser.post(f"{API}/weights", {"text": typed})

    assert [200, 200] == [look.status_code, weights.status_code], look.text
    assert all(part["from"] <= part["to"] <= len(typed) for part in look.json()["parts"])
    assert {"no-stories", "empty-issue"} & {each["slug"] for each in look.json()["findings"]}


def test_text_that_becomes_no_message_weighs_nothing_yet(browser: Browser, text: str) -> None:
    weights = browser.post(f"{API}/weights", {"text": text + "\n{{ nobody }}\n"})

    assert {"bytes": []} == weights.json()


def test_source_is_the_eml_of_the_command_and_again_decoded(
    world: World, browser: Browser, text: str
) -> None:
    issue = load_issue(world.path)
    moment = slot_moment(issue, world.settings, world.now)
    octets = specimen_message(issue, render(issue, world.settings, moment), world.settings, moment)

    source = browser.post(f"{API}/source", {"text": text}).json()

    assert octets.decode().replace("\r\n", "\n") == source["sent"]
    assert source["headers"].startswith("From: ")
    assert source["html"].startswith("<!DOCTYPE html>")
    assert "=3D" not in source["html"]


def test_links_are_not_asked_of_the_web_unless_it_is_pressed(
    browser: Browser, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[object] = []

    def ask(*_: object, **__: object) -> dict[str, str]:
        asked.append(1)
        return {"https://example.com/a": "404 Not Found"}

    monkeypatch.setattr("newsletter.web.studio.message.ask_the_web", ask)

    before = browser.post(f"{API}/links", {"text": text}).json()
    assert not asked
    after = browser.post(f"{API}/links", {"text": text, "ask": True}).json()

    assert ["not asked yet", "not asked yet"] == [link["state"] for link in before["links"]]
    assert before["asked"] is None
    assert ["404 Not Found", "was not asked"] == [link["state"] for link in after["links"]]
    first = after["links"][0]
    assert ("Read on", 1, True) == (first["words"], first["number"], first["is_dead"])
    assert "[Read on](https://example.com/a)" == text[first["from"] : first["to"]]


def test_programs_are_those_of_note_with_what_they_lack(browser: Browser, text: str) -> None:
    told = browser.post(f"{API}/programs", {"text": text}).json()

    rows = {row["program"]: row for row in told["programs"]}
    assert "Outlook (Windows)" in rows
    assert "word-spacing" in rows["Outlook (Windows)"]["lacks"]
    assert told["data"].startswith("caniemail")


def test_picture_is_given_out_as_readers_get_it_once_a_message_shows_it(
    world: World, browser: Browser, text: str
) -> None:
    folder = world.folder / "images"
    folder.mkdir()
    (folder / "shelf.jpg").write_bytes(saved(photo(900, 400), "JPEG"))
    shown = text.replace("## 2.", "![A shelf](images/shelf.jpg)\n\n## 2.")

    html = browser.post(f"{API}/look", {"text": shown}).json()["message"]["html"]
    name = html.partition('src="images/')[2].partition('"')[0]
    answer = browser.get(f"/images/{name}")

    assert "shelf" not in name
    assert "image/jpeg" == answer.headers["content-type"]
    assert "immutable" in answer.headers["cache-control"]
    assert 404 == browser.get("/images/shelf.jpg").status_code


@pytest.mark.parametrize("view", ["source", "links", "programs"])
def test_views_refuse_what_is_no_text_and_no_issue_of_ours(
    browser: Browser, text: str, view: str
) -> None:
    assert text
    assert 400 == browser.post(f"{API}/{view}", {"text": 7}).status_code
    assert 404 == browser.post("/api/issues/other/" + view, {"text": "# A"}).status_code
    assert (
        403
        == browser.runner.run(
            browser.client.post(f"{API}/{view}", json={"text": "# A"})
        ).status_code
    )
