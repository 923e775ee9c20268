"""A text into its file: as the file is, over nobody's head, through no link."""

import os
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.errors import IssueFileError, OutputError
from newsletter.publishing import drafts
from newsletter.publishing.draft_folder import alone, draft_folder
from newsletter.publishing.drafts import (
    ChangedElsewhere,
    Draft,
    as_in_file,
    read_draft,
    save_draft,
    write_again,
)

ENDS = st.sampled_from(["\n", "\r\n", "\r"])


@pytest.fixture
def issue(tmp_path: Path) -> Path:
    path = tmp_path / "2021-11-26.md"
    path.write_bytes(b"One\nTwo\n")
    return path


def saved(path: Path, text: str, base: str | None = None) -> Draft | ChangedElsewhere:
    return save_draft(path, text, read_draft(path).version if base is None else base)


@pytest.mark.parametrize(
    ("before", "text", "after"),
    [
        (b"One\nTwo\n", "One\nNew\nTwo\n", b"One\nNew\nTwo\n"),
        (b"\xef\xbb\xbfOne\r\nTwo\r\n", "One\nNew\nTwo\n", b"\xef\xbb\xbfOne\r\nNew\r\nTwo\r\n"),
        (b"One\rTwo", "One\rNew".replace("\r", "\n"), b"One\rNew"),
        (
            b"One\r\nTwo\nThree\r\nFour",
            "One\nTwo\nNew\nThree\nFour",
            b"One\r\nTwo\nNew\r\nThree\r\nFour",
        ),
        (b"", "One\n", b"One\n"),
        (b"One\r\n", "", b""),
    ],
)
def test_save_draft_keeps_mark_and_line_ends(
    tmp_path: Path, before: bytes, text: str, after: bytes
) -> None:
    path = tmp_path / "a.md"
    path.write_bytes(before)
    draft = saved(path, text)

    assert after == path.read_bytes()
    assert draft == read_draft(path)
    assert isinstance(draft, Draft)
    assert text == draft.text


@given(st.lists(st.tuples(st.sampled_from("abc"), ENDS), max_size=8), st.booleans())
def test_text_that_is_not_changed_is_the_file_as_it_was(
    tmp_path_factory: pytest.TempPathFactory, lines: list[tuple[str, str]], has_bom: bool
) -> None:
    raw = "\ufeff" * has_bom + "".join(map("".join, lines))
    path = tmp_path_factory.mktemp("issues") / "a.md"
    path.write_bytes(raw.encode())
    draft = read_draft(path)

    assert raw == as_in_file(draft.text, draft)


def test_save_draft_keeps_the_mode(issue: Path) -> None:
    issue.chmod(0o640)
    saved(issue, "New\n")

    assert 0o640 == stat.S_IMODE(issue.stat().st_mode)


def test_save_draft_writes_nothing_over_another_version(issue: Path) -> None:
    base = read_draft(issue).version
    issue.write_bytes(b"Theirs\n")
    answer = saved(issue, "Mine\n", base)

    assert isinstance(answer, ChangedElsewhere)
    assert answer.draft == read_draft(issue)
    assert b"Theirs\n" == issue.read_bytes()


def test_save_draft_goes_on_from_what_was_under_way(issue: Path) -> None:
    """The page was closed before it heard that its last text was saved."""
    base = read_draft(issue).version
    saved(issue, "One\nTwo and\n")

    assert isinstance(save_draft(issue, "Mine\n", base, "Another\n"), ChangedElsewhere)
    assert isinstance(save_draft(issue, "Mine\n", base, "One\nTwo and\n"), Draft)
    assert b"Mine\n" == issue.read_bytes()


def test_save_draft_sees_a_change_of_the_last_moment(
    issue: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The text is on the disk already, and only its name is missing."""
    base = read_draft(issue).version

    def changed_meanwhile(path: Path) -> str:
        path.write_bytes(b"Theirs\n")
        return read_draft(path).version

    monkeypatch.setattr(drafts, "_version", changed_meanwhile)
    answer = saved(issue, "Mine\n", base)

    assert isinstance(answer, ChangedElsewhere)
    assert b"Theirs\n" == issue.read_bytes()
    assert [] == list(draft_folder(issue).glob("*.tmp"))


def test_save_draft_is_content_where_the_file_has_the_text(issue: Path) -> None:
    before = issue.stat()

    assert isinstance(saved(issue, "One\nTwo\n", "another version"), Draft)
    assert before.st_ino == issue.stat().st_ino


def test_save_draft_does_not_make_a_file_that_is_gone(issue: Path) -> None:
    base = read_draft(issue).version
    issue.unlink()
    answer = saved(issue, "Mine\n", base)

    assert isinstance(answer, ChangedElsewhere)
    assert answer.draft is None
    assert "deleted or renamed" in str(answer)
    assert not issue.exists()


def test_write_again_makes_it_and_overwrites_nothing(issue: Path) -> None:
    assert isinstance(write_again(issue, "Mine\n"), ChangedElsewhere)

    issue.unlink()

    assert isinstance(write_again(issue, "Mine\n"), Draft)
    assert b"Mine\n" == issue.read_bytes()


@pytest.mark.parametrize("text", ["a\ud83d", "a\0b", "x" * (2 * 1024 * 1024 + 1)])
def test_save_draft_refuses_what_no_issue_can_be(issue: Path, text: str) -> None:
    with pytest.raises(IssueFileError):
        saved(issue, text)

    assert b"One\nTwo\n" == issue.read_bytes()


def test_save_draft_follows_no_link(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("secret")
    folder = tmp_path / "issues"
    folder.mkdir()
    link = folder / "a.md"
    link.symlink_to(secret)
    with pytest.raises(IssueFileError, match="link"):
        save_draft(link, "Mine", "")
    link.unlink()
    link.write_text("One")
    shelf = draft_folder(link)
    for each in shelf.iterdir():
        each.unlink()
    shelf.rmdir()
    shelf.symlink_to(tmp_path)
    with pytest.raises(OutputError, match="link"):
        saved(link, "Mine")

    assert "secret" == secret.read_text()
    assert "One" == link.read_text()


def test_draft_folder_is_left_alone_by_git(issue: Path) -> None:
    saved(issue, "New\n")

    assert "*\n" == (draft_folder(issue) / ".gitignore").read_text()


def test_studios_write_one_after_another(issue: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("newsletter.publishing.draft_folder._SECONDS", 0.05)
    base = read_draft(issue).version
    with alone(issue), pytest.raises(OutputError, match="another studio is writing"):
        saved(issue, "New\n", base)

    assert isinstance(saved(issue, "New\n", base), Draft)


def test_save_draft_leaves_the_file_where_the_disk_is_full(
    issue: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_number: int) -> None:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OutputError, match="No space left"):
        saved(issue, "New\n")

    assert b"One\nTwo\n" == issue.read_bytes()
    assert [] == list(draft_folder(issue).glob("*.tmp"))
