"""An issue asked for by its path or its name, from wherever one stands."""

from pathlib import Path

import pytest

from newsletter.errors import IssueFileError
from newsletter.importing.exports import Shelf
from newsletter.publishing.issue_names import PAST
from newsletter.publishing.issues import issue_file, issue_name, issues_in


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "issues").mkdir()
    for name in ("2026-11-20.txt", "2026-11-27.md", "twice.md", "twice.txt"):
        (tmp_path / "issues" / name).touch()
    return tmp_path


@pytest.mark.parametrize(
    "asked", ["2026-11-27", "2026-11-27.md", "issues/2026-11-27", "issues/2026-11-27.md"]
)
def test_issue_file_is_found_by_name_and_by_path(asked: str, folder: Path) -> None:
    assert folder / "issues/2026-11-27.md" == issue_file(Path(asked), folder)


def test_issue_of_before_is_found_by_its_name(folder: Path) -> None:
    (folder / "issues/archive").mkdir()
    (folder / "issues/archive/2019-05-17.md").touch()

    assert folder / "issues/archive/2019-05-17.md" == issue_file(Path("2019-05-17"), folder)


def test_issues_of_before_are_part_of_the_folder_and_drafts_are_not(folder: Path) -> None:
    for shelf in Shelf:
        (folder / "issues" / shelf).mkdir()
        (folder / "issues" / shelf / "a.md").touch()
    found = {str(path.relative_to(folder / "issues")) for path in issues_in(folder / "issues")}

    assert {f"{shelf}/a.md" for shelf in PAST} == {name for name in found if "/" in name}
    assert {*Shelf} == {*PAST, "drafts"}


def test_issue_file_may_be_text(folder: Path) -> None:
    assert folder / "issues/2026-11-20.txt" == issue_file(Path("2026-11-20"), folder)


def test_issue_file_that_is_here_comes_first(
    folder: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = tmp_path_factory.mktemp("drafts")
    (here / "2026-11-27.md").touch()
    monkeypatch.chdir(here)

    assert Path("2026-11-27.md") == issue_file(Path("2026-11-27"), folder)
    assert Path("2026-11-27.md") == issue_file(Path("2026-11-27.md"), folder)


@pytest.mark.parametrize("asked", ["2026-12-04", "2026-12-04.md", "/issues/2026-12-04", "."])
def test_issue_file_that_is_nowhere_stays_as_it_was_asked_for(asked: str, folder: Path) -> None:
    assert Path(asked) == issue_file(Path(asked), folder)
    assert Path(asked) == issue_file(Path(asked), None)


def test_issue_file_of_a_name_that_two_have_is_not_guessed(folder: Path) -> None:
    with pytest.raises(IssueFileError, match="two issues have this name") as caught:
        issue_file(Path("twice"), folder)

    assert "twice.md or " in str(caught.value)


@pytest.mark.parametrize(
    "text", ["2026-11-27", "2026-11-27.md", "issues/2026-11-27", "./issues/2026-11-27.txt"]
)
def test_issue_name_of_a_name_or_a_path(text: str) -> None:
    assert "2026-11-27" == issue_name(text)
