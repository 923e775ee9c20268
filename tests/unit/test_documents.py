"""What the documents have people type is there: every command, every option, every make target."""

import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from newsletter.cli.commands import COMMANDS
from newsletter.cli.completing import FILE

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])

REFERENCE = json.loads(FILE.read_text(encoding="utf-8"))
OPTIONS = {
    name: {"--help", "-h", *(each for option in command["options"] for each in option["names"])}
    for name, command in REFERENCE.items()
}
OF_OTHERS = {
    "--constraint",
    "--editable",
    "--no-index",
    "--find-links",
    "--force",
    "--include-deps",
    "--cap-drop",
    "--init",
    "--read-only",
    "--scale",
    "--version",
}
"""Options of pip, pipx, uv, git and docker, where they stand alone."""

_FENCE = re.compile(r"^ *```(\w*)[^\n]*\n(.*?)^ *```$", re.DOTALL | re.MULTILINE)
_SPAN = re.compile(r"(`+)(.+?)\1", re.DOTALL)
_BEFORE = r"^ *(?:\$ |> )?|[/`(]|&& |\| |sudo (?:-u \w+ )?|run: "
_CALL = re.compile(rf"(?:{_BEFORE})newsletter(?= [a-z…A-Z-])")
_END = re.compile(r"\s(?:[|;>&]|&&|\|\||#)(?:\s|$)|\)(?:\s|$)|`|…$")


def code(path: Path) -> Iterator[str]:
    """Each line of a block that is typed, and each span, on one line."""
    text = path.read_text(encoding="utf-8")
    for kind, block in _FENCE.findall(text):
        if kind in ("", "sh", "console", "yaml", "ini", "nginx"):
            yield from block.replace("\\\n", " ").splitlines()
    for _, span in _SPAN.findall(_FENCE.sub("", text)):
        yield " ".join(span.split())


def calls(path: Path) -> Iterator[list[str]]:
    """The words after `newsletter`, up to where the shell goes on with something else."""
    for line in code(path):
        for call in _CALL.finditer(line):
            rest = line[call.end() :]
            end = _END.search(rest)
            yield _words(rest[: end.start()] if end else rest)


def _words(text: str) -> list[str]:
    try:
        return shlex.split(text, comments=True)
    except ValueError:  # a quotation mark of the sentence round it
        return text.split()


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_documents_name_commands_and_options_that_are_there(path: Path) -> None:
    unknown = [" ".join(words) for words in calls(path) if not is_known(words)]

    assert [] == unknown


def is_known(words: list[str]) -> bool:
    first = words[0] if words else ""
    if first.startswith("-"):
        return {*words} <= {"--help", "--version"}
    if first in ("COMMAND", "…"):
        return True
    inside = REFERENCE.get(first, {}).get("commands", ())
    if inside and len(words) > 1 and words[1] not in ("…", "COMMAND"):
        first = " ".join(words[:2])
    given = {word.partition("=")[0] for word in words if re.match(r"--?[a-z]", word)}
    return first in OPTIONS and given <= OPTIONS[first]


@pytest.mark.parametrize(
    ("line", "is_it"),
    [
        ("send ISSUE --dry-run", True),
        ("send ISSUE --dry-rum", False),
        ("sent ISSUE", False),
        ("dkim show --format json", True),
        ("dkim shown", False),
        ("dkim", True),
        ("--version", True),
        ("--verson", False),
    ],
)
def test_is_known(line: str, is_it: bool) -> None:
    assert is_it is is_known(line.split())


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_documents_name_options_that_some_command_has(path: Path) -> None:
    every = set().union(*OPTIONS.values()) | OF_OTHERS
    named = {
        found[0]
        for line in code(path)
        if (found := re.match(r"--[a-z][a-z0-9-]*", line)) and not re.search(r"newsletter", line)
    }

    assert set() == named - every


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_documents_name_make_targets_that_are_there(path: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = {
        found[1] for line in code(path) if (found := re.match(r"(?:\$ )?make ([a-z-]+)\b", line))
    }

    assert named <= targets


def test_documents_are_read_at_all() -> None:
    """What finds nothing would find nothing wrong."""
    read = [words[0] for path in DOCUMENTS for words in calls(path) if words]

    assert set(COMMANDS) <= set(read)
    assert len(read) > 300
