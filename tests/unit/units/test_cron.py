"""The line for cron, done by a shell as cron does it."""

import os
import re
import subprocess
from pathlib import Path, PurePosixPath

import pytest

from newsletter.errors import OutputError
from newsletter.units import Place, cron_line

NEWS = Place(
    command=PurePosixPath("/opt/news/bin/newsletter"), folder=PurePosixPath("/srv/news"), user="ada"
)


def command_of(lines: str) -> str:
    """The command as cron gives it to the shell: a bare % ends it, an escaped one is one."""
    (line,) = [line for line in lines.splitlines() if not line.startswith("#")]
    command = re.fullmatch(r"\* \* \* \* \* (.*)", line)
    assert command
    return re.split(r"(?<!\\)%", command[1])[0].replace("\\%", "%")


def test_line_asks_every_minute() -> None:
    assert (
        "* * * * * cd /srv/news && /opt/news/bin/newsletter due"
        == (cron_line(NEWS).splitlines()[-1])
    )


def test_line_for_the_machine_names_the_user() -> None:
    last = cron_line(NEWS, with_user=True).splitlines()[-1]

    assert "* * * * * ada cd /srv/news && /opt/news/bin/newsletter due" == last


def test_line_says_who_reads_what_is_printed() -> None:
    assert "MAILTO" in cron_line(NEWS)
    assert cron_line(NEWS).endswith("due\n")


@pytest.mark.parametrize("name", ["news", "friday five", "its 100%", "$HOME; false", "ümlaut&#"])
def test_line_works_in_any_folder_that_a_place_may_have(tmp_path: Path, name: str) -> None:
    folder = tmp_path / name
    folder.mkdir()
    newsletter = folder / "newsletter"
    newsletter.write_text('#!/bin/sh\necho "$PWD: $*"\n', encoding="utf-8")
    newsletter.chmod(0o755)
    place = Place(command=PurePosixPath(newsletter), folder=PurePosixPath(folder))
    done = subprocess.run(
        ["/bin/sh", "-c", command_of(cron_line(place))],
        capture_output=True,
        check=True,
        encoding="utf-8",
        env={"PATH": os.defpath},
    )

    assert f"{folder}: due\n" == done.stdout


def test_line_that_cron_would_cut_is_refused() -> None:
    place = Place(command=PurePosixPath("/bin/x"), folder=PurePosixPath("/" + "a/" * 499))

    with pytest.raises(OutputError, match=r"the line for cron has \d+ characters"):
        cron_line(place)
