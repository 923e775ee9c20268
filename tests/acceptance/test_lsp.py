"""`newsletter lsp` in a real session over standard input and output."""

import json
from pathlib import Path
from typing import Any

import pytest

from newsletter.check import all_rules
from tests.acceptance.lsp_client import Client, edited, open_client
from tests.acceptance.publication import Publication
from tests.pictures import photo, saved

pytestmark = pytest.mark.slow

ISSUE = "issues/2021-11-26.md"
SEVERITIES = {"error": 1, "warning": 2, "info": 3}


@pytest.fixture
def issue(publication: Publication) -> Path:
    return publication.folder / ISSUE


def damaged(issue: Path) -> str:
    """The shipped issue with an emoji before a link, a wrong marker and no footer."""
    text = issue.read_text()
    text = text.replace("## 2. ", "## 2) ").partition("\n---\nSign up")[0] + "\n"
    return text.replace("[Read the full story]", "🛒🛒 [click here]", 1)


def as_checked(publication: Publication) -> list[tuple[Any, ...]]:
    """Line, column, code and severity of everything `newsletter check` finds, info included."""
    done = publication.run("check", ISSUE, "--format", "json")
    return [
        (
            *(item[key] for key in ("line", "column", "end_line", "end_column", "code")),
            SEVERITIES[item["severity"]],
        )
        for item in json.loads(done.out)
    ]


def as_told(found: list[Any]) -> list[tuple[Any, ...]]:
    return [
        (
            item["range"]["start"]["line"] + 1,
            item["range"]["start"]["character"] + 1,
            item["range"]["end"]["line"] + 1,
            item["range"]["end"]["character"] + 1,
            item["code"],
            item["severity"],
        )
        for item in found
    ]


def test_missing_picture_is_told_as_it_is_typed(publication: Publication, issue: Path) -> None:
    head, mark, rest = issue.read_text().partition("## 1. ")
    headline, _, body = rest.partition("\n")
    shown = f"{head}{mark}{headline}\n\n![A tram](images/tram.jpg)\n{body}"
    with open_client(publication) as client:
        client.start()
        assert [] == [item for item in client.open(issue) if item["code"] == "M013"]
        (missing,) = [item for item in client.change(issue, shown) if item["code"] == "M013"]
        (publication.folder / "images").mkdir()
        (publication.folder / "images/tram.jpg").write_bytes(saved(photo(9, 9), "JPEG"))
        found = client.change(issue, f"{shown}\n", version=3)

    assert "the image images/tram.jpg is not there\nput the file in images/" == missing["message"]
    assert [] == [item for item in found if item["code"] == "M013"]


def test_server_says_what_it_can(publication: Publication) -> None:
    with open_client(publication) as client:
        capabilities = client.start()

    assert "utf-16" == capabilities["positionEncoding"]
    assert 1 == capabilities["textDocumentSync"]["change"]  # whole texts
    assert True is capabilities["hoverProvider"]
    assert True is capabilities["documentFormattingProvider"]
    assert ["quickfix", "source.fixAll"] == capabilities["codeActionProvider"]["codeActionKinds"]


def test_diagnostics_are_those_of_the_check(publication: Publication, issue: Path) -> None:
    issue.write_text(damaged(issue))

    with open_client(publication) as client:
        assert "utf-32" == client.start("utf-32", "utf-16")["positionEncoding"]
        found = client.open(issue)

    assert as_checked(publication) == as_told(found)
    assert {"S011", "S010"} <= {item["code"] for item in found}
    assert all("newsletter" == item["source"] for item in found)
    for item in found:
        page = Path(item["codeDescription"]["href"].removeprefix("file://"))
        assert page.read_text().startswith(f"# {item['code']} {page.stem}\n")


@pytest.mark.parametrize(("encoding", "width"), [("utf-8", 4), ("utf-16", 2), ("utf-32", 1)])
def test_columns_are_in_the_units_agreed_on(
    encoding: str, width: int, publication: Publication, issue: Path
) -> None:
    text = damaged(issue).replace("\n", "\r\n")

    with open_client(publication) as client:
        client.start(encoding)
        found = [item for item in client.open(issue, text) if item["code"] == "L004"]
        [action] = actions_at(client, issue, {"line": 1, "character": 0}, only=["source.fixAll"])

    assert [2 * width + 1] == [item["range"]["start"]["character"] for item in found]
    mended = edited(text, action["edit"]["changes"][issue.as_uri()], encoding)
    assert "🛒🛒 [click here]" in mended
    assert "## 2. Carrefour" in mended
    assert "\n---\nSign up for our free" in mended.replace("\r\n", "\n")


def test_diagnostics_follow_the_typing(publication: Publication, issue: Path) -> None:
    sound = issue.read_text()

    with open_client(publication) as client:
        client.start()
        assert [] == client.open(issue)
        assert ["S011"] == [
            item["code"] for item in client.change(issue, sound.replace("## 2. ", "## 2) "))
        ]
        assert [] == client.change(issue, sound, version=3)
        for number, text in enumerate(("", "#", "---\n", "\u2028\x0c\x85", "\ufeff## 1. 🛒"), 4):
            client.change(issue, text, version=number)
        assert [] == client.change(issue, sound, version=9)
        client.notify("textDocument/didClose", textDocument={"uri": issue.as_uri()})
        assert [] == client.diagnostics(issue)


def actions_at(
    client: Client, path: Path, position: dict[str, int], *, only: list[str] | None = None
) -> list[Any]:
    context = {"diagnostics": [], **({"only": only} if only else {})}
    found: list[Any] = client.ask(
        "textDocument/codeAction",
        textDocument={"uri": path.as_uri()},
        range={"start": position, "end": position},
        context=context,
    )
    return found


def test_quick_fix_mends_one_and_fix_all_mends_all(publication: Publication, issue: Path) -> None:
    text = damaged(issue)

    with open_client(publication) as client:
        client.start()
        found = client.open(issue, text)
        place = next(item["range"]["start"] for item in found if item["code"] == "S011")
        [quick] = actions_at(client, issue, place, only=["quickfix"])
        [fix_all] = actions_at(client, issue, place, only=["source"])
        both = actions_at(client, issue, place)
        neither = actions_at(client, issue, place, only=["refactor"])
        after_quick = edited(text, quick["edit"]["changes"][issue.as_uri()])
        left = {item["code"] for item in client.change(issue, after_quick)}
        after_all = edited(text, fix_all["edit"]["changes"][issue.as_uri()])
        rest = client.change(issue, after_all, version=3)
        nothing = actions_at(client, issue, place, only=["source.fixAll"])

    assert text.replace("## 2) ", "## 2. ") == after_quick
    assert {item["code"] for item in found} - {"S011"} == left
    assert (True, ["S011"]) == (quick["isPreferred"], [d["code"] for d in quick["diagnostics"]])
    assert ["quickfix", "source.fixAll"] == [action["kind"] for action in both]
    assert [] == neither
    assert not {"S010", "S011"} & {item["code"] for item in rest}
    assert [] == nothing


def test_fix_all_is_what_check_fix_writes(publication: Publication, issue: Path) -> None:
    text = damaged(issue)
    issue.write_text(text)

    with open_client(publication) as client:
        client.start()
        client.open(issue)
        [action] = actions_at(client, issue, {"line": 0, "character": 0}, only=["source.fixAll"])
    publication.run("check", ISSUE, "--fix")

    assert issue.read_text() == edited(text, action["edit"]["changes"][issue.as_uri()])


def test_hover_shows_the_page_of_the_rule(publication: Publication, issue: Path) -> None:
    text = issue.read_text().replace("## 2. ", "## 2) ")
    line = text.split("\n").index("## 2) Carrefour opens a Paris shop where nobody scans")

    with open_client(publication) as client:
        client.start()
        client.open(issue, text)
        place = {"textDocument": {"uri": issue.as_uri()}}
        shown = client.ask("textDocument/hover", **place, position={"line": line, "character": 4})
        beside = client.ask(
            "textDocument/hover", **place, position={"line": line + 2, "character": 4}
        )
        beyond = client.ask("textDocument/hover", **place, position={"line": 999, "character": 9})

    assert "markdown" == shown["contents"]["kind"]
    assert shown["contents"]["value"].startswith("# S011 headline-number-style\n")
    assert "## Known false alarms" in shown["contents"]["value"]
    assert (None, None) == (beside, beyond)


def formatted(client: Client, path: Path) -> list[Any] | None:
    found: list[Any] | None = client.ask(
        "textDocument/formatting",
        textDocument={"uri": path.as_uri()},
        options={"tabSize": 2, "insertSpaces": True},
    )
    return found


def test_formatting_writes_the_canonical_form(publication: Publication, issue: Path) -> None:
    canonical = issue.read_text()
    pasted = canonical.replace("## ", "").replace("\n", "\r\n").replace("swallows", "🛒 swallows")

    with open_client(publication) as client:
        client.start()
        client.open(issue)
        assert [] == formatted(client, issue)
        client.change(issue, pasted)
        edits = formatted(client, issue)
        client.change(issue, canonical.replace("date: ", "date: [1] "), version=3)
        refused = formatted(client, issue)
        told = client.told("window/showMessage")

    assert edits is not None
    assert canonical.replace("swallows", "🛒 swallows") == edited(pasted, edits)
    assert None is refused
    assert "The front matter has faults" in told["message"]


def test_house_format_is_that_of_the_nearest_settings(
    publication: Publication, issue: Path
) -> None:
    settings = publication.folder / "newsletter.toml"
    text = settings.read_text()
    inner = publication.folder / "daily" / "issues" / "2027-01-01.md"
    inner.parent.mkdir(parents=True)
    (publication.folder / "daily/newsletter.toml").write_text("[house]\nstories = 4\n")

    with open_client(publication) as client:
        client.start()
        assert [] == client.open(issue)
        assert "S007" in {item["code"] for item in client.open(inner, issue.read_text())}
        client.notify("textDocument/didClose", textDocument={"uri": inner.as_uri()})
        client.diagnostics(inner)

        settings.write_text(text.replace("stories = 5", "stories = 99"))
        [fault] = client.change(issue, issue.read_text())
        settings.write_text(text)
        client.notify("textDocument/didSave", textDocument={"uri": issue.as_uri()})
        after = client.diagnostics(issue)

    assert "newsletter.toml: 1 fault in the settings" in fault["message"]
    assert "stories" in fault["message"]
    assert [] == after


def test_what_ran_before_is_remembered(publication: Publication, issue: Path) -> None:
    (publication.folder / "issues/2021-11-19.md").write_text(
        issue.read_text().replace("-26", "-19")
    )

    with open_client(publication) as client:
        client.start()
        found = client.open(issue)
        again = client.change(issue, issue.read_text() + "\n")

    codes = {item["code"] for item in found}
    assert {"R001", "R002"} <= codes
    assert codes == {item["code"] for item in again}
    assert as_checked(publication) == as_told(found)


def test_other_markdown_files_are_left_alone(publication: Publication) -> None:
    readme = publication.folder / "README.md"

    with open_client(publication) as client:
        client.start()
        assert [] == client.open(readme, "# A title\n\nText.\n\n## One\n\nText.\n\n## Two\n")
        assert [] == formatted(client, readme)
        assert {"S007"} <= {
            item["code"] for item in client.change(readme, "# A\n\n## 1. One\n\nB.\n")
        }


def test_unsaved_text_is_checked_too(publication: Publication) -> None:
    with open_client(publication) as client:
        client.start()
        document = {"uri": "untitled:Untitled-1", "languageId": "markdown", "version": 1}
        client.notify(
            "textDocument/didOpen", textDocument={**document, "text": "# A\n\n## 1. One\n\nB.\n"}
        )
        told = client.told("textDocument/publishDiagnostics")

    assert "untitled:Untitled-1" == told["uri"]
    assert {"S005", "S007", "S010"} <= {item["code"] for item in told["diagnostics"]}


def test_without_the_extra_it_says_which_one(publication: Publication, tmp_path: Path) -> None:
    guard = tmp_path / "guard"
    guard.mkdir()
    (guard / "sitecustomize.py").write_text("import sys\nsys.modules['pygls'] = None\n")

    done = publication.run("lsp", env={"PYTHONPATH": str(guard)})

    assert (2, "") == (done.status, done.out)
    assert "needs the extra “lsp”; add it: `" in done.err


def test_every_rule_has_a_page_to_show() -> None:
    """In this environment only our own rules are installed."""
    from newsletter.lsp.answers import rule_page

    assert all(rule_page(rule.slug) for rule in all_rules())
