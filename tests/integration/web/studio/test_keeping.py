"""What the desk's page asks to keep a text, over ASGI: real files, no browser."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from newsletter.publishing.draft_folder import draft_folder
from newsletter.web.studio.app import create_app
from newsletter.web.studio.session import Session
from newsletter.web.studio.studio import Studio
from tests.integration.web.studio.door_world import NAME, lay_out, opened

TAB, OTHER = "0123456789abcdef", "fedcba9876543210"
HOST = "127.0.0.1:8000"


@dataclass
class Desk:
    """The page of one issue, as its script asks."""

    file: Path
    client: httpx.AsyncClient
    runner: asyncio.Runner
    token: str

    def get(self, act: str, name: str = NAME) -> httpx.Response:
        return self.runner.run(self.client.get(f"/api/issues/{name}/{act}"))

    def post(self, act: str, name: str = NAME, **asked: Any) -> httpx.Response:
        headers = {"x-studio-token": self.token, "origin": f"http://{HOST}"}
        body = {"tab": TAB} | asked
        return self.runner.run(
            self.client.post(f"/api/issues/{name}/{act}", json=body, headers=headers)
        )

    @property
    def text(self) -> str:
        return self.file.read_text()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    folder = lay_out(tmp_path)
    session = Session(key=bytes(32), name="studio_test")
    studio = Studio(open_publication=lambda: opened(folder), session=session)
    cookie = session.redeem(session.new_link())
    assert cookie
    client = httpx.AsyncClient(
        transport=httpx.ASGITransport(create_app(studio, frozenset({HOST}))),
        base_url=f"http://{HOST}",
        cookies={session.name: cookie},
    )
    with asyncio.Runner() as runner:
        yield Desk(folder / f"issues/{NAME}.md", client, runner, session.token(cookie))
        runner.run(client.aclose())
    studio.workbench.shutdown()


def test_open_gives_the_text_and_save_writes_it(desk: Desk) -> None:
    opening = desk.get("open").json()
    saved = desk.post("save", text=opening["text"] + "\nMore.\n", base=opening["version"])

    assert [] == opening["found"]
    assert 200 == saved.status_code
    assert desk.text.endswith("\nMore.\n")
    assert saved.json()["version"] == desk.get("open").json()["version"] != opening["version"]


def test_save_is_refused_where_the_file_is_another(desk: Desk) -> None:
    opening = desk.get("open").json()
    desk.file.write_text("Theirs\n")
    answer = desk.post("save", text="Mine\n", base=opening["version"])

    assert 409 == answer.status_code
    assert "changed by another program" in answer.json()["said"]
    assert "Theirs\n" == answer.json()["theirs"]["text"] == desk.text


def test_save_of_a_file_that_is_gone_waits_until_somebody_says_so(desk: Desk) -> None:
    opening = desk.get("open").json()
    desk.file.unlink()
    answer = desk.post("save", text="Mine\n", base=opening["version"])

    assert (409, None) == (answer.status_code, answer.json()["theirs"])
    assert not desk.file.exists()

    assert 200 == desk.post("save", text="Mine\n", base="", again=True).status_code
    assert "Mine\n" == desk.text


def test_what_is_kept_is_found_until_it_is_saved(desk: Desk) -> None:
    opening = desk.get("open").json()
    typed = {"text": opening["text"] + "Mine\n", "base": opening["version"]}
    desk.post("keep", **typed, baseText=opening["text"], number=1)
    found = desk.get("open").json()["found"]

    assert [(TAB, typed["text"], opening["text"])] == [
        (each["tab"], each["text"], each["baseText"]) for each in found
    ]

    desk.post("save", **typed, number=2)

    assert [] == desk.get("open").json()["found"]
    assert [] == list(draft_folder(desk.file).glob("*.draft"))


def test_what_a_page_keeps_that_is_writing_is_nobody_elses(desk: Desk) -> None:
    opening = desk.get("open").json()
    desk.post("pulse", version=opening["version"], is_new=True)
    desk.post("keep", text="Mine", base=opening["version"], baseText=opening["text"])

    assert [] == desk.get("open").json()["found"]

    desk.post("leave")

    assert ["Mine"] == [each["text"] for each in desk.get("open").json()["found"]]


def test_page_takes_up_what_another_kept(desk: Desk) -> None:
    opening = desk.get("open").json()
    kept = {"text": "Mine", "base": opening["version"], "baseText": opening["text"]}
    desk.post("keep", **kept)
    desk.post("keep", **kept, tab=OTHER, instead=TAB)

    assert [OTHER] == [each["tab"] for each in desk.get("open").json()["found"]]


def test_desk_opens_for_a_file_that_is_gone_while_something_is_kept(desk: Desk) -> None:
    opening = desk.get("open").json()
    desk.file.unlink()

    assert 404 == desk.get("open").status_code

    desk.post("keep", text="Mine", base=opening["version"], baseText=opening["text"])
    again = desk.get("open").json()

    assert ("", None, ["Mine"]) == (
        again["text"],
        again["at"],
        [each["text"] for each in again["found"]],
    )


def test_pulse_says_how_the_file_is(desk: Desk) -> None:
    version = desk.get("open").json()["version"]

    assert {"lease": "yours", "version": version} == desk.post(
        "pulse", version=version, is_new=True
    ).json()

    desk.file.write_text("Theirs\n")

    assert "Theirs\n" == desk.post("pulse", version=version).json()["text"]

    desk.file.write_bytes(b"\xff")

    assert "is not UTF-8" in desk.post("pulse", version=version).json()["said"]


def test_pulse_names_a_file_that_was_renamed(desk: Desk) -> None:
    version = desk.get("open").json()["version"]
    desk.file.rename(desk.file.with_name("2021-12-03.md"))

    assert "2021-12-03" == desk.post("pulse", version=version).json()["renamed"]

    desk.file.with_name("2021-12-03.md").unlink()

    assert {"gone": True, "renamed": None} == {
        key: value
        for key, value in desk.post("pulse", version=version).json().items()
        if key != "lease"
    }


def test_second_page_may_not_save(desk: Desk) -> None:
    opening = desk.get("open").json()
    desk.post("pulse", version=opening["version"], is_new=True)

    assert "another's" == desk.post("pulse", tab=OTHER, version="", is_new=True).json()["lease"]

    answer = desk.post("save", tab=OTHER, text="Mine", base=opening["version"])

    assert 423 == answer.status_code
    assert "another tab" in answer.json()["said"]
    assert opening["text"] == desk.text


def test_compare_says_where_what_differs(desk: Desk) -> None:
    base = desk.text
    yours = base.replace("Twitter is still testing", "Twitter tries")
    disk = base.replace("Cyber Week starts", "Cyber Week begins")
    answer = desk.post("compare", base=base, yours=yours, disk=disk).json()

    assert [
        ("same", "front matter and intro are the same"),
        ("disk", "Story 1, first paragraph"),
        ("yours", "Story 1, second paragraph"),
        ("same", "stories 2 to 5 and footer are the same"),
    ] == [(each["changed"], each["where"]) for each in answer["pieces"]]


def test_both_versions_are_kept_beside_the_file(desk: Desk) -> None:
    paths = desk.post("both", yours="Mine", disk="Theirs").json()["paths"]

    assert [f"issues/.drafts/{NAME}.md.1.yours", f"issues/.drafts/{NAME}.md.1.disk"] == paths
    assert ["Mine", "Theirs"] == [(desk.file.parents[1] / path).read_text() for path in paths]


@pytest.mark.parametrize("name", ["..", ".hidden", "a%2Fb", "%2e%2e%2fnewsletter", "none"])
def test_nothing_else_is_kept_or_read(desk: Desk, name: str) -> None:
    before = sorted(desk.file.parents[1].rglob("*"))
    kept = {"text": "Mine", "base": "", "baseText": ""}

    assert desk.get("open", name).status_code in {404, 405}
    if name != "none":
        assert desk.post("keep", name, **kept).status_code in {404, 405}
        assert before == sorted(desk.file.parents[1].rglob("*"))


@pytest.mark.parametrize(
    "asked",
    [{"tab": "../../x"}, {"tab": ""}, {"tab": 1}, {"text": None}, {"base": ["x"]}],
)
def test_what_no_page_of_ours_asks_is_refused(desk: Desk, asked: dict[str, Any]) -> None:
    usual = {"text": "Mine", "base": "v", "baseText": ""}

    assert 400 == desk.post("keep", **(usual | asked)).status_code
    assert 400 == desk.post("save", **(usual | asked)).status_code
