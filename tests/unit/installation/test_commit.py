"""The commit of a checkout is read out of `.git`, whatever form git keeps it in."""

import shutil
import subprocess
from pathlib import Path

import pytest

from newsletter.installation import commit_of

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not here")


def git(folder: Path, *arguments: str) -> str:
    own = ("user.name=Grace", "user.email=grace@example.com", "init.defaultBranch=trunk")
    options = [word for each in own for word in ("-c", each)]
    command = ["git", *options, *arguments]
    done = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)
    return done.stdout.strip()


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    folder = tmp_path / "checkout"
    folder.mkdir()
    (folder / "week.md").write_text("# The week\n")
    git(folder, "init")
    git(folder, "add", "week.md")
    git(folder, "commit", "--message", "The week")
    return folder


def head(folder: Path) -> str:
    return git(folder, "rev-parse", "HEAD")[:7]


def test_commit_is_that_of_the_branch(checkout: Path) -> None:
    assert head(checkout) == commit_of(checkout)


def test_commit_is_read_where_git_packed_the_branches(checkout: Path) -> None:
    git(checkout, "pack-refs", "--all")

    assert not (checkout / ".git/refs/heads/trunk").exists()
    assert head(checkout) == commit_of(checkout)


def test_commit_is_read_without_a_branch(checkout: Path) -> None:
    git(checkout, "checkout", "--detach")

    assert head(checkout) == commit_of(checkout)


def test_commit_of_a_worktree_is_its_own(checkout: Path) -> None:
    other = checkout.with_name("other")
    git(checkout, "worktree", "add", "-b", "other", str(other))
    git(other, "commit", "--allow-empty", "--message", "Another")

    assert head(other) == commit_of(other)
    assert head(checkout) == commit_of(checkout) != commit_of(other)


def test_change_is_marked_and_a_new_file_is_none(checkout: Path) -> None:
    (checkout / "newsletter.db").touch()

    assert head(checkout) == commit_of(checkout)

    (checkout / "week.md").write_text("# Another week\n")

    assert f"{head(checkout)}+changes" == commit_of(checkout)


@pytest.mark.parametrize("said", [None, "", "ref: refs/heads/none\n", "\x1b[31mred\n", "\xff"])
def test_commit_is_unknown_without_a_git_that_says_it(said: str | None, tmp_path: Path) -> None:
    if said is not None:
        (tmp_path / ".git").mkdir()
        (tmp_path / ".git/HEAD").write_text(said, encoding="latin-1")

    assert "" == commit_of(tmp_path)
