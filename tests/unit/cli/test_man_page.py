"""The manual page and the file of completion say what the commands say; man programs like it."""

import shutil
import subprocess
from pathlib import Path

import pytest

from newsletter.cli.completing import FILE
from newsletter.cli.man_page import man_page
from newsletter.cli.reference import all_commands, reference_file

PAGE = Path(__file__).parents[3] / "docs" / "newsletter.1"
COMMANDS = list(all_commands())


def test_the_page_and_the_file_are_those_of_the_commands() -> None:
    """After a change of a command: `make reference`."""
    assert man_page(COMMANDS) == PAGE.read_text()
    assert reference_file(COMMANDS) == FILE.read_text()


def test_every_command_and_option_stands_in_the_page() -> None:
    page = man_page(COMMANDS).replace(r"\-", "-")

    for command in COMMANDS:
        assert f'.SS "newsletter {command.name}' in page
        for option in command.options:
            assert all(rf"\fB{name}\fR" in page for name in option.names)


@pytest.mark.skipif(not shutil.which("groff"), reason="groff is not installed")
def test_groff_sets_the_page_without_a_warning() -> None:
    done = run("groff", "-Kutf8", "-man", "-Tutf8", "-ww", "-rHY=0", str(PAGE))

    assert "" == done.stderr
    assert "newsletter send" in done.stdout


@pytest.mark.skipif(not shutil.which("mandoc"), reason="mandoc is not installed")
def test_mandoc_misses_the_date_alone() -> None:
    """The page has none, so that the same commands give the same page."""
    done = run("mandoc", "-Tlint", "-Wstyle", str(PAGE))

    (only,) = done.stdout.splitlines()
    assert "missing date" in only


def run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, check=False)
