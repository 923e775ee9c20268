"""Which commit this program is of, so that whoever reports a fault can say what runs.

A build writes it into the package (hatch_build.py). In a checkout it is read out of `.git`, as
gitrepository-layout(5) has it; only whether files were changed since is asked of git itself.
"""

import re
import subprocess
from pathlib import Path

COMMIT = "_commit"
"""The file of the package that a build writes it to."""

_PACKAGE = Path(__file__).parents[1]
_NAME = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_SHOWN = 7
_CHANGED = "+changes"


def this_commit() -> str:
    """`8d2e549`, with `+changes` after it where files differ from it; empty where nobody knows."""
    try:
        return (_PACKAGE / COMMIT).read_text(encoding="ascii").split()[0]
    except (OSError, ValueError, IndexError):
        return commit_of(_PACKAGE.parent)


def commit_of(checkout: Path) -> str:
    """The same of a folder with a `.git`; empty without one."""
    try:
        name = _head(checkout / ".git")
    except (OSError, ValueError):
        return ""
    if not _NAME.fullmatch(name):
        return ""
    return name[:_SHOWN] + (_CHANGED if _is_changed(checkout) else "")


def _head(git: Path) -> str:
    """The name of the commit that is checked out; `git` is a folder, in a worktree a file."""
    if git.is_file():
        git = git.parent / git.read_text(encoding="utf-8").removeprefix("gitdir:").strip()
    head = (git / "HEAD").read_text(encoding="utf-8").strip()
    if not head.startswith("ref: "):
        return head
    branch = head.removeprefix("ref: ")
    shared = git / "commondir"  # a worktree has its own HEAD, and the branches of all
    common = git / shared.read_text(encoding="utf-8").strip() if shared.is_file() else git
    if (common / branch).is_file():
        return (common / branch).read_text(encoding="utf-8").strip()
    return _packed(common / "packed-refs", branch)


def _packed(refs: Path, branch: str) -> str:
    for line in refs.read_text(encoding="utf-8").splitlines():
        name, _, of_branch = line.partition(" ")
        if of_branch == branch:
            return name
    return ""


def _is_changed(checkout: Path) -> bool:
    """False also where git is not here, or does not trust the folder."""
    ask = ["git", "-C", str(checkout), "status", "-s", "-uno"]  # of files that git knows
    try:
        done = subprocess.run(ask, capture_output=True, check=False)  # noqa: S603 - our own words
    except OSError:
        return False
    return bool(done.stdout.strip())
