"""Which paths and names may stand in a unit file or a crontab."""

from pathlib import PurePosixPath
from typing import Any

import pytest

from newsletter.errors import OutputError
from newsletter.units import Place

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
