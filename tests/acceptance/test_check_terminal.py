"""The check as a terminal reads it, and rules of other packages that fail."""

import fcntl
import json
import os
import pty
import re
import struct
import subprocess
import termios
from pathlib import Path

import pytest

from tests.acceptance.publication import COMMAND, Publication

ISSUE = "issues/2027-11-26.md"
TEXT = """\
# The five best shop stories of the week

It’s Friday. Here is what to know, including Harbour Foods and Tilly’s.

## 1. Harbour Foods lets shelves order by themselves

Sensors in 40 branches tell the warehouse what is low, which nobody would have thought “a year ago.

## 2. Tilly’s opens a store without tills

A shop opens in Leeds.
"""
RULE = """\
'''Nobody shouts.

Readers leave where they are shouted at.
'''
from newsletter.check import Rule, Severity

RULE = Rule(
    code="B001", slug="no-shouting", summary="Nobody shouts.", severity=Severity.WARNING,
    check=lambda issue, context: [issue.stories[99]],
)
"""
COLOUR = re.compile(r"\x1b\[[0-9;]*m")


def seen(publication: Publication, width: int, *command: str, **environment: str) -> list[str]:
    """The lines that a terminal of this width shows of a command, the check without any."""
    master, terminal = pty.openpty()
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 60, width, 0, 0))
    with subprocess.Popen(
        [COMMAND, *(command or ("check", ISSUE))],
        cwd=publication.folder,
        env={**publication.environment, "TERM": "xterm", **environment},
        stdin=terminal,
        stdout=terminal,
        stderr=terminal,
    ):
        os.close(terminal)
        said = b""
        while part := _read(master):
            said += part
    os.close(master)
    return said.decode().replace("\r\n", "\n").splitlines()


def _read(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, 65_536)
    except OSError:  # the other end is closed (EIO)
        return b""


def test_lines_are_broken_between_words_and_json_is_not(publication: Publication) -> None:
    people = publication.people(2)
    publication.run("subscribers", "import", people, "--yes")

    lines = [COLOUR.sub("", line) for line in seen(publication, 48, "log")]
    data = "\n".join(seen(publication, 48, "log", "--format", "json"))

    whole = publication.run("log").out
    assert 2 <= len(lines)
    assert all(len(line) <= 48 for line in lines), lines
    assert whole.split() == " ".join(lines).split()
    assert "imported" == json.loads(data)[0]["action"]


@pytest.fixture
def checked(publication: Publication) -> Publication:
    (publication.folder / ISSUE).write_text(TEXT, encoding="utf-8")
    return publication


@pytest.fixture
def failing(checked: Publication, tmp_path_factory: pytest.TempPathFactory) -> Publication:
    """With a package whose rule fails."""
    folder = tmp_path_factory.mktemp("package")
    (folder / "shouting.py").write_text(RULE)
    info = folder / "shouting-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: shouting\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[newsletter.rules]\nown = shouting:RULE\n")
    return Publication(checked.folder, {**checked.environment, "PYTHONPATH": str(folder)})


@pytest.mark.parametrize("width", [80, 50])
def test_terminal_gets_colour_words_and_whole_words(checked: Publication, width: int) -> None:
    lines = seen(checked, width)
    plain = [COLOUR.sub("", line) for line in lines]

    assert any("\x1b[31;1merror S007\x1b[0m" in line for line in lines)
    assert any("\x1b[33mwarning C002\x1b[0m" in line for line in lines)
    assert max(map(len, plain)) <= width
    whole = " ".join(" ".join(plain).split())
    assert "errors stop a send" in whole
    assert "or change [house] titles in newsletter.toml" in whole


def test_pipe_gets_a_line_for_each_remark(checked: Publication) -> None:
    done = checked.run("check", ISSUE)

    (title,) = [line for line in done.out.splitlines() if " C002 " in line]
    assert f"{ISSUE}:1:3: warning C002 this is not a house title [title-wording]" == title


def test_no_color_is_heard(checked: Publication) -> None:
    lines = seen(checked, 80, NO_COLOR="1")

    assert not any("\x1b" in line for line in lines)
    assert any(" error S007 " in line for line in lines)


def test_failing_rule_of_a_package_is_one_line_and_the_others_run(failing: Publication) -> None:
    done = failing.run("check", ISSUE)

    line = f"error: {ISSUE}: the rule B001 no-shouting of the package shouting failed: IndexError: "
    assert 2 == done.status
    assert " C002 " in done.out
    assert [True] == [one.startswith(line) for one in done.err.splitlines() if "B001" in one]
    assert 2 == failing.run("check", "--fix", ISSUE).status


def test_rules_explains_the_rule_of_a_package(failing: Publication) -> None:
    page = failing.run("rules", "no-shouting").out

    assert page.startswith("# B001 no-shouting\n\nNobody shouts.\n\nReaders leave where")
    assert "It comes from the package shouting." in page


@pytest.mark.parametrize("style", ["from the root", "from a folder below", "by its whole path"])
def test_programs_are_told_the_path_from_the_root_of_the_repository(
    checked: Publication, style: str
) -> None:
    inner = checked.folder / "letters"
    inner.mkdir()
    for name in ("newsletter.toml", "issues"):
        (checked.folder / name).rename(inner / name)
    (checked.folder / ".git").mkdir()
    here, path = {
        "from the root": (checked.folder, Path("letters") / ISSUE),
        "from a folder below": (inner / "issues", Path("2027-11-26.md")),
        "by its whole path": (inner, inner / ISSUE),
    }[style]
    run = Publication(here, checked.environment).run

    github = run("check", "--no-history", "--format", "github", path).out
    sarif = json.loads(run("check", "--no-history", "--format", "sarif", path).out)

    assert {f"letters/{ISSUE}"} == set(re.findall(r" file=([^,]*),", github))
    assert {f"letters/{ISSUE}"} == {
        result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        for result in sarif["runs"][0]["results"]
    }
