"""What the machine says of whoever sits at it, and what it says that is of no use."""

from pathlib import Path

import pytest

from newsletter.cli.surroundings import language_here, zone_here


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({"LANG": "de_DE.UTF-8"}, "de-DE"),
        ({"LANG": "en_US.UTF-8"}, "en-US"),
        ({"LANG": "de_DE.UTF-8", "LC_MESSAGES": "fr_FR"}, "fr-FR"),
        ({"LANG": "de_DE.UTF-8", "LC_ALL": "C"}, "en-GB"),
        ({"LANG": "de_AT@euro"}, "de-AT"),
        ({"LANG": "fi_FI.UTF-8"}, "en-GB"),
        ({"LANG": "C.UTF-8"}, "en-GB"),
        ({}, "en-GB"),
    ],
)
def test_language_is_that_of_the_messages_if_it_can_be_laid_out(
    environ: dict[str, str], expected: str
) -> None:
    assert expected == language_here(environ)


@pytest.mark.parametrize(
    ("environ", "link", "expected"),
    [
        ({}, "/usr/share/zoneinfo/Europe/Berlin", "Europe/Berlin"),
        ({}, "../usr/share/zoneinfo/America/New_York", "America/New_York"),
        ({"TZ": ":Asia/Tokyo"}, "/usr/share/zoneinfo/Europe/Berlin", "Asia/Tokyo"),
        ({}, "/usr/share/zoneinfo/Etc/UTC", ""),
        ({"TZ": "UTC0"}, "/usr/share/zoneinfo/Europe/Berlin", ""),
        ({"TZ": "<+03>-3"}, "/usr/share/zoneinfo/Europe/Berlin", ""),
        ({}, "/somewhere/else", ""),
    ],
)
def test_zone_is_that_of_the_clock_unless_nobody_lives_by_it(
    environ: dict[str, str], link: str, expected: str, tmp_path: Path
) -> None:
    localtime = tmp_path / "localtime"
    localtime.symlink_to(link)

    assert expected == zone_here(environ, localtime)


def test_zone_of_a_clock_that_is_no_link_cannot_be_told(tmp_path: Path) -> None:
    assert "" == zone_here({}, tmp_path / "missing")
