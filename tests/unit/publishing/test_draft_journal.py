"""What was typed and is not in the file: kept, found again, forgotten at the right moment."""

import json
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from newsletter.process import this_process
from newsletter.publishing.draft_folder import draft_folder
from newsletter.publishing.draft_journal import (
    Kept,
    find_kept,
    forget,
    has_kept,
    is_elsewhere,
    keep,
    keep_versions,
)
from newsletter.publishing.issue_names import issue_names
from newsletter.publishing.issues import issues_in

NOW = datetime(2026, 11, 29, 14, 0, tzinfo=UTC)
TAB = "0123456789abcdef"


@pytest.fixture
def issue(tmp_path: Path) -> Path:
    folder = tmp_path / "issues"
    folder.mkdir()
    path = folder / "2021-11-26.md"
    path.write_bytes(b"One\n")
    return path


def kept(text: str, **facts: object) -> Kept:
    usual: dict[str, object] = {
        "tab": TAB,
        "text": text,
        "base": "v1",
        "base_text": "One\n",
        "at": NOW,
        "by": "me",
    }
    return Kept(**(usual | facts))  # type: ignore[arg-type]


def found(issue: Path) -> list[str]:
    has = issue.read_text() if issue.exists() else ""
    return [each.text for each in find_kept(issue, has, lambda _: False)]


def test_keep_is_found_with_what_it_began_from(issue: Path) -> None:
    typed = kept("One\nTwo \U0001f6d2 \ud83d")
    keep(issue, typed)

    assert [typed] == find_kept(issue, "One\n", lambda _: False)


def test_keep_is_for_its_owner_alone_and_no_issue(issue: Path) -> None:
    keep(issue, kept("Two"))
    path = draft_folder(issue) / f"2021-11-26.md.{TAB}.draft"

    assert 0o600 == stat.S_IMODE(path.stat().st_mode)
    assert ["2021-11-26"] == issue_names(issue.parents[1])
    assert [issue] == list(issues_in(issue.parent))


def test_keep_lets_an_older_text_that_comes_late_go(issue: Path) -> None:
    keep(issue, kept("Two", number=2))
    keep(issue, kept("Tw", number=1))

    assert ["Two"] == found(issue)


def test_keep_does_not_keep_what_the_file_has(issue: Path) -> None:
    keep(issue, kept("Two", number=1))
    keep(issue, kept("One\n", number=2))

    assert not has_kept(issue)


def test_keep_remembers_what_it_began_from_when_that_is_told_once(issue: Path) -> None:
    keep(issue, kept("Two", number=1))
    keep(issue, kept("Two three", number=2, base_text=""))

    assert ["One\n"] == [each.base_text for each in find_kept(issue, "", lambda _: False)]


def test_pages_do_not_overwrite_each_others(issue: Path) -> None:
    keep(issue, kept("Two"))
    keep(issue, kept("Three", tab="fedcba9876543210", at=NOW + timedelta(minutes=1)))

    assert ["Three", "Two"] == found(issue)

    forget(issue, TAB)

    assert ["Three"] == found(issue)


def test_forget_leaves_what_was_typed_meanwhile(issue: Path) -> None:
    keep(issue, kept("Two and more", number=3))
    forget(issue, TAB, 2)

    assert ["Two and more"] == found(issue)


def test_forget_takes_what_was_kept_in_the_middle_of_a_word_and_saved_whole_at_once(
    issue: Path,
) -> None:
    """A save by keys comes before the rest of the word is kept: the file has it all the same."""
    keep(issue, kept("Tw", number=1))
    forget(issue, TAB, 2)

    assert [] == found(issue)


def test_find_kept_leaves_out_who_is_writing_and_other_issues(issue: Path) -> None:
    keep(issue, kept("Two"))

    assert [] == find_kept(issue, "", lambda each: each.tab == TAB)
    assert [] == found(issue.with_name("2021-11-27.md"))
    assert [] == found(issue.with_name("2021-11-26.md.txt"))


def test_find_kept_passes_by_what_is_none_of_ours(issue: Path) -> None:
    keep(issue, kept("Two"))
    folder = draft_folder(issue)
    record = json.loads((folder / f"2021-11-26.md.{TAB}.draft").read_text())
    for name, text in {
        "aaaaaaaa": "{",
        "bbbbbbbb": "[]",
        "cccccccc": json.dumps(record | {"format": 2}),
        "dddddddd": json.dumps(record | {"at": "2026-11-29T14:00:00"}),
    }.items():
        (folder / f"2021-11-26.md.{name}.draft").write_text(text)
    (folder / "2021-11-26.md.eeeeeeee.draft").symlink_to(folder / f"2021-11-26.md.{TAB}.draft")

    assert ["Two"] == found(issue)


def test_kept_by_a_process_that_runs_is_elsewhere() -> None:
    me = this_process(NOW)

    assert is_elsewhere(kept("Two", by=me), "another")
    assert not is_elsewhere(kept("Two", by=me), me)
    assert not is_elsewhere(kept("Two", by="a name of another machine"), me)


def test_keep_versions_never_takes_a_name_twice(issue: Path) -> None:
    first = keep_versions(issue, {"yours": "Mine", "disk": "Theirs"})
    second = keep_versions(issue, {"yours": "Mine 2", "disk": "Theirs 2"})

    assert ["2021-11-26.md.1.yours", "2021-11-26.md.1.disk"] == [path.name for path in first]
    assert ["Mine", "Theirs", "Mine 2", "Theirs 2"] == [
        path.read_text() for path in (*first, *second)
    ]
