"""What the studio sees in a text is what the command says of the file."""

import json
import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from newsletter.check import all_rules
from newsletter.issue import MAX_BYTES
from newsletter.publishing.drafts import read_draft
from newsletter.publishing.looking import Look, Looker, looker_of
from newsletter.settings import load_settings
from tests.acceptance.publication import ROOT, Publication, clean_environment

RULES = ROOT / "tests" / "rules"
NOW = datetime(2026, 11, 29, 9, tzinfo=UTC)
STORY = "## {number}. A story about a shop and its shelves\n\n{body}\n\n"


def samples() -> Iterator[Path]:
    """The first sample of each rule that fails, and the first that passes."""
    for folder in sorted(path for path in RULES.iterdir() if path.is_dir()):
        for kind in ("fails", "passes"):
            found = sorted([*folder.glob(f"{kind}-*.md"), *folder.glob(f"{kind}-*.txt")])
            yield from found[:1]


@pytest.fixture
def publication(tmp_path: Path) -> Publication:
    made = Publication(tmp_path, clean_environment())
    made.lay_out()
    return made


@pytest.fixture
def looker(publication: Publication) -> Looker:
    settings = load_settings(publication.folder, os.environ, with_environment=False)
    return looker_of(settings, all_rules())


def said(publication: Publication) -> list[dict[str, Any]]:
    done = publication.run("check", "issues", "--format", "json")
    found: list[dict[str, Any]] = json.loads(done.out)
    return found


def seen(look: Look, folder: Path) -> list[dict[str, Any]]:
    return [
        {
            "path": str(Path(item.path).relative_to(folder)),
            "line": item.span.line,
            "column": item.span.column,
            "end_line": item.span.end_line,
            "end_column": item.span.end_column,
            "code": item.code,
            "slug": item.slug,
            "severity": item.severity.value,
            "message": item.message,
            "hint": item.hint,
        }
        for item in look.diagnostics
    ]


def looked(looker: Looker, path: Path) -> Look:
    return looker.look(read_draft(path).text, path, NOW)


def assert_same(publication: Publication, looker: Looker) -> list[dict[str, Any]]:
    files = sorted((publication.folder / "issues").iterdir())
    found = [item for file in files for item in seen(looked(looker, file), publication.folder)]

    assert said(publication) == found
    return found


def test_looker_finds_what_the_command_says_of_every_issue_and_sample(
    publication: Publication, looker: Looker
) -> None:
    """Dates, memory, pictures and ignore comments among them."""
    folder = publication.folder / "issues"
    for path in sorted((ROOT / "issues").glob("*.md")):
        shutil.copy(path, folder)
    for path in samples():
        shutil.copy(path, folder / f"{path.parent.name}-{path.name}")
    newest = (folder / "2021-11-26.md").read_text(encoding="utf-8")
    again = newest.replace("date: 2021-11-26", "date: 2021-12-03")
    (folder / "2021-12-03.md").write_text(again, encoding="utf-8")

    found = assert_same(publication, looker)

    slugs = {item["slug"] for item in found}
    assert {"link-ran-before", "headline-ran-before", "unused-ignore", "image-file"} <= slugs
    assert len(slugs) > 40


def test_looker_weighs_where_the_command_does(publication: Publication, looker: Looker) -> None:
    """Near the budget each story's share is named; beyond it, an error."""
    body = "A shelf that counts what lies on it, and says so to the warehouse. " * 12
    stories = "".join(STORY.format(number=n, body=f"{body}\n\n{body}") for n in range(1, 36))
    path = publication.folder / "issues" / "2026-12-04.md"
    path.write_text(f"# Shops\n\nHello.\n\n{stories}", encoding="utf-8")

    found = assert_same(publication, looker)

    assert {"html-size", "html-too-large"} & {item["slug"] for item in found}


def test_looker_judges_the_file_with_its_mark_and_its_line_ends(
    publication: Publication, looker: Looker
) -> None:
    path = publication.folder / "issues" / "2021-11-26.md"
    text = path.read_text(encoding="utf-8").replace("\n", "\r\n")
    path.write_bytes(b"\xef\xbb\xbf" + text.encode())

    found = assert_same(publication, looker)

    assert ["stray-spaces", "stray-spaces"] == [item["slug"] for item in found]


def test_looker_sees_an_earlier_issue_that_has_changed_since(
    publication: Publication, looker: Looker
) -> None:
    earlier = publication.folder / "issues" / "2021-11-26.md"
    path = publication.folder / "issues" / "2021-12-03.md"
    text = earlier.read_text(encoding="utf-8").replace("date: 2021-11-26", "date: 2021-12-03")
    path.write_text(text, encoding="utf-8")
    before = {item.slug for item in looked(looker, path).diagnostics}
    earlier.write_text("# Another\n\n## 1. Whatever\n\nNothing of it.\n", encoding="utf-8")

    after = {item.slug for item in looked(looker, path).diagnostics}

    assert {"link-ran-before", "headline-ran-before"} <= before
    assert not {"link-ran-before", "headline-ran-before"} & after


@pytest.mark.parametrize("text", ["A\0B", "x" * (MAX_BYTES + 1)], ids=["binary", "too large"])
def test_looker_refuses_what_the_command_refuses(
    publication: Publication, looker: Looker, text: str
) -> None:
    path = publication.folder / "issues" / "2021-11-26.md"
    path.write_text(text, encoding="utf-8")
    refused = publication.run("check", "issues")

    with pytest.raises(Exception, match=r"binary file|larger than") as told:
        looker.look(text, path, NOW)

    assert str(told.value).partition(": ")[2] in refused.err.replace("\n", " ")
