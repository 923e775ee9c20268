"""Which paths and names may stand in a unit file or a crontab."""

from pathlib import PurePosixPath
from typing import Any

import pytest

from newsletter.errors import OutputError
from newsletter.units import Place, cron_line, folder_in, systemd_units, unit_name

PATH = PurePosixPath("/srv/news")


@pytest.mark.parametrize(
    ("why", "values"),
    [
        ("the path is not an absolute path", {"folder": PurePosixPath("news")}),
        ("the path is not an absolute path", {"folder": PurePosixPath("/srv/../etc")}),
        ("the path holds U+000A", {"folder": PurePosixPath("/srv/a\nUser=root")}),
        ("the path holds U+0009", {"command": PurePosixPath("/srv/a\tb")}),
        ("the path holds U+0022", {"writable": (PurePosixPath('/srv/"a"'),)}),
        ("the path holds U+0027", {"folder": PurePosixPath("/srv/it's")}),
        ("the path holds U+005C", {"folder": PurePosixPath("/srv/a\\")}),
        ("the path holds U+DCFF", {"folder": PurePosixPath("/srv/\udcff")}),
        ("the path ends in a space", {"folder": PurePosixPath("/srv/a ")}),
        ("is not a user name", {"user": "root\nGroup=root"}),
        ("is not a user name", {"user": "Ada Lovelace"}),
        ("is not a name for a unit", {"name": "../newsletter"}),
        ("is not a name for a unit", {"name": ""}),
    ],
)
def test_place_refuses_what_cannot_be_written(why: str, values: dict[str, Any]) -> None:
    with pytest.raises(OutputError) as caught:
        Place(**({"command": PATH / "bin", "folder": PATH} | values))

    assert why in str(caught.value)


@pytest.mark.parametrize("text", ["/srv/friday five", "/srv/its 100% $HOME", "/srv/ümlaut;x#y"])
def test_place_takes_what_can_be_quoted(text: str) -> None:
    assert text == str(Place(command=PATH / "bin", folder=PurePosixPath(text)).folder)


@pytest.mark.parametrize(
    ("publication", "name"),
    [
        ("The Friday Five", "newsletter-the-friday-five"),
        ("Grüße aus Kiel!", "newsletter-grusse-aus-kiel"),
        ("Ada's Notes", "newsletter-adas-notes"),
        ("Newsletter of the harbour", "newsletter-of-the-harbour"),
        ("金曜日", "newsletter"),
        ("../../etc/passwd", "newsletter-etc-passwd"),
        ("ssh", "newsletter-ssh"),
        ("a" * 41 + " b", "newsletter-" + "a" * 41),
    ],
)
def test_unit_name_is_a_name_that_a_place_takes(publication: str, name: str) -> None:
    assert name == unit_name(publication)
    assert name == Place(command=PATH, folder=PATH, name=name).name


@pytest.mark.parametrize("folder", ["/srv/news", "/srv/friday five (2)", "/srv/100% $HOME && x"])
def test_folder_is_found_again_in_every_file(folder: str) -> None:
    places = [
        Place(command=PATH / "bin", folder=PurePosixPath(path)) for path in (folder, "/srv/other")
    ]
    here, other = [
        [
            *systemd_units(place).values(),
            *systemd_units(place, by_timer=True).values(),
            cron_line(place),
            cron_line(place, with_user=True),
        ]
        for place in places
    ]

    assert None not in [folder_in(text) for text in (*here, *other)]
    for mine, theirs in zip(here, other, strict=True):
        assert folder_in(mine) == folder_in(mine)
        assert folder_in(mine) != folder_in(theirs)


def test_folder_is_in_no_file_of_anybody_else() -> None:
    assert None is folder_in("[Service]\nExecStart=/usr/sbin/sshd\n")
    assert None is folder_in("17 * * * * root cd / && run-parts /etc/cron.hourly\n")
