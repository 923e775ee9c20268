"""What the page asks about findings: mended, passed over, explained; and what is written next."""

import asyncio
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any

import httpx
import pytest

from newsletter import wiring
from newsletter.check import all_rules
from newsletter.cli.wording import command_for
from newsletter.settings import load_settings
from newsletter.web.studio.app import create_app
from newsletter.web.studio.session import Session
from newsletter.web.studio.studio import Studio

ROOT = Path(__file__).parents[4]
HOST = "127.0.0.1:4444"
NAME = "2021-11-26"
SPONSOR = "## Sponsored by Acme Tills\n\nTry one for a month.\n\n## 2. Carrefour"


@dataclass
class Desk:
    """Asks for one issue as its page does."""

    client: httpx.AsyncClient
    runner: asyncio.Runner
    token: str
    folder: Path

    def get(self, path: str) -> httpx.Response:
        return self.runner.run(self.client.get(path))

    def post(self, what: str, **asked: Any) -> httpx.Response:
        headers = {"origin": f"http://{HOST}", "x-studio-token": self.token}
        path = f"/api/issues/{NAME}/{what}"
        return self.runner.run(self.client.post(path, headers=headers, json=asked))

    @property
    def file(self) -> Path:
        return self.folder / "issues" / f"{NAME}.md"

    @property
    def text(self) -> str:
        return self.file.read_text(encoding="utf-8")

    def slugs(self, text: str) -> list[str]:
        return [each["slug"] for each in self.post("look", text=text).json()["findings"]]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    for name in ("newsletter.toml", f"issues/{NAME}.md"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copyfile(ROOT / name, tmp_path / name)
    environment = {"NEWSLETTER_SECRET_KEY": "0123456789abcdef" * 4}
    publication = wiring.publication_of(
        load_settings(tmp_path, environment), word=command_for, warn=lambda _: None
    )
    session = Session(key=bytes(32), name="studio_test")
    studio = Studio(open_publication=lambda: publication, session=session)
    cookie = session.redeem(session.new_link())
    assert cookie
    client = httpx.AsyncClient(
        transport=httpx.ASGITransport(create_app(studio, frozenset({HOST}))),
        base_url=f"http://{HOST}",
        cookies={session.name: cookie},
    )
    with asyncio.Runner() as runner:
        yield Desk(client, runner, session.token(cookie), tmp_path)
        runner.run(client.aclose())
    studio.workbench.shutdown()


def test_mend_gives_the_text_that_the_command_would_write(desk: Desk) -> None:
    broken = desk.text.replace("into a shop\n", "into a shop.\n").replace("The price", "The  price")

    mended = desk.post("mend", text=broken).json()["text"]

    assert desk.text == mended


def passed(desk: Desk, text: str, slug: str, line: int, reason: str = "it is so") -> str:
    """The text with the comment in it."""
    answer = desk.post("pass-over", text=text, slug=slug, line=line, reason=reason)
    assert 200 == answer.status_code, answer.text
    edit = answer.json()
    units = text.encode("utf-16-le")
    put = str(edit["insert"]).encode("utf-16-le")
    start, end = int(edit["from"]) * 2, int(edit["to"]) * 2
    return (units[:start] + put + units[end:]).decode("utf-16-le")


def test_comment_stands_above_the_block_that_it_speaks_for(desk: Desk) -> None:
    text = desk.text.replace("Sunday 28 November", "Monday 28 November")
    text = text.replace("Hello {{", "\U0001f6d2 Hello {{")
    line = text[: text.index("Cyber Week")].count("\n") + 1

    after = passed(desk, text, "weekday-date", line, "the page\nsays -- so")

    assert ["weekday-date"] == desk.slugs(text)
    assert [] == desk.slugs(after)
    comment = "<!-- check: ignore weekday-date because the page says – so -->\nCyber Week"
    assert comment in after


def test_comment_for_front_matter_speaks_for_the_file(desk: Desk) -> None:
    text = desk.text.replace(
        "preheader: Walmart goes live on Twitter, Getir", "preheader: Getir", 1
    )
    text = text.replace(" swallows Weezy, and Richemont packs up its data centres", "", 1)

    after = passed(desk, text, "preheader-length", 3)

    assert ["preheader-length"] == desk.slugs(text)
    assert [] == desk.slugs(after)
    assert "---\n<!-- check: ignore-file preheader-length because it is so -->\n# The" in after


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({"slug": "weekday-date", "line": 11, "reason": " "}, 422),
        ({"slug": "weekday-date", "line": 11, "reason": "it is so"}, 422),
        ({"slug": "weekday-date -->", "line": 11, "reason": "it is so"}, 400),
        ({"slug": "weekday-date", "line": "11", "reason": "it is so"}, 400),
        ({"slug": "weekday-date", "line": -4, "reason": "it is so"}, 422),
        ({"slug": "weekday-date", "line": 10**9, "reason": "it is so"}, 422),
    ],
    ids=["no reason", "nothing found", "no rule", "no line", "before the text", "behind the text"],
)
def test_comment_is_refused_that_would_do_nothing(
    desk: Desk, asked: dict[str, Any], status: int
) -> None:
    assert status == desk.post("pass-over", text=desk.text, **asked).status_code


def test_words_are_those_of_the_house_and_its_earlier_issues(desk: Desk) -> None:
    earlier = desk.text.replace("## 2. Carrefour", SPONSOR).replace(
        "date: 2021-11-26", "date: 2021-11-19"
    )
    path = desk.folder / "issues" / "2021-11-19.md"
    path.write_text(earlier.replace("number: 146", "author: Ada"), encoding="utf-8")
    toml = desk.folder / "newsletter.toml"
    toml.write_text(toml.read_text().replace("# merge_fields", "merge_fields"), encoding="utf-8")

    words = desk.get(f"/api/issues/{NAME}/words").json()

    assert ["subject", "preheader", "date", "number", "author", "correction"] == [
        each["key"] for each in words["keys"]
    ]
    assert all(each["word"] for each in words["keys"])
    assert 6 == len(words["dates"])
    assert "Ada" in words["authors"]
    assert [{"name": "first_name", "default": "there"}] == words["fields"][:1]
    sponsor = {"name": "Acme Tills", "heading": "Sponsored by Acme Tills", "issue": "2021-11-19"}
    assert [sponsor] == words["sponsors"]

    path.write_text(earlier.replace("Acme Tills", "Weir Scales"), encoding="utf-8")
    again = desk.get(f"/api/issues/{NAME}/words").json()

    assert ["Weir Scales"] == [each["name"] for each in again["sponsors"]]


def test_every_rule_has_its_page(desk: Desk) -> None:
    for rule in all_rules():
        page = desk.get(f"/rules/{rule.slug}")

        assert 200 == page.status_code
        heading = re.search("<h1>(.*?)</h1>", page.text, re.DOTALL)
        assert heading
        assert rule.summary.replace("`", "") == unescape(re.sub("<[^>]+>", "", heading[1]))
    assert 404 == desk.get("/rules/..%2F..%2Fpyproject").status_code
    assert 404 == desk.get("/rules/README").status_code


def test_pages_of_rules_show_their_samples_as_they_are(desk: Desk) -> None:
    page = desk.get("/rules/comment-not-closed").text

    assert "&lt;!--" in page
    assert '<pre class="sample"' in page
    assert "```" not in page


@pytest.mark.parametrize("text", ["A\0B", "x" * (2 * 1024 * 1024 + 1)], ids=["binary", "too long"])
def test_text_that_is_no_issue_is_refused_in_the_words_of_the_command(
    desk: Desk, text: str
) -> None:
    answer = desk.post("look", text=text)

    assert answer.status_code in {413, 422}
    assert 413 == answer.status_code or "binary" in answer.json()["said"]
