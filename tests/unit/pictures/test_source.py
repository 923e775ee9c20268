"""Which addresses name a file of the publication; none of them leads out of its folder."""

from pathlib import PurePosixPath
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.pictures import FOLDER, is_source, parse_source

OUTSIDE = [
    "",
    "images",
    "images/",
    "tram.jpg",
    "./images/tram.jpg",
    "../images/tram.jpg",
    "images/../newsletter.db",
    "images/./tram.jpg",
    "images/a/../../.env",
    "images//tram.jpg",
    "images/..%2fnewsletter.db",
    "images/%2e%2e/newsletter.db",
    "images/%2E%2E%2Fnewsletter.db",
    "images/%252e%252e/newsletter.db",
    "images%2ftram.jpg",
    "..%2fimages/tram.jpg",
    "images/.. /newsletter.db",
    "images/ ../newsletter.db",
    "/images/tram.jpg",
    "/etc/passwd",
    "//www.example.com/tram.jpg",
    "file:///etc/passwd",
    "file:images/tram.jpg",
    "C:\\images\\tram.jpg",
    "C:/images/tram.jpg",
    "images\\tram.jpg",
    "images/..\\tram.jpg",
    "images/..%5Ctram.jpg",
    "images/tram.jpg%00.png",
    "images/tram\0.jpg",
    "images/tram\r\n.jpg",
    "images/tram.jpg?x=1",
    "images/tram.jpg#x",
    "images/%ff.jpg",
    "images/\ud800.jpg",
    "images/tram.jpg:stream",
    "images/" + "a" * 300,
    "IMAGES/tram.jpg",
    "https://www.example.com/images/tram.jpg",
    "data:image/png;base64,AAAA",
    "cid:images/tram.jpg",
]


@pytest.mark.parametrize("src", OUTSIDE)
def test_parse_source_takes_nothing_that_could_lead_elsewhere(src: str) -> None:
    assert parse_source(src) is None
    assert not is_source(src)


@pytest.mark.parametrize(
    ("src", "parts"),
    [
        ("images/tram.jpg", ("images", "tram.jpg")),
        ("images/2021/11/tram.jpg", ("images", "2021", "11", "tram.jpg")),
        ("images/caf%C3%A9%201.png", ("images", "café 1.png")),
        ("images/it's (1).png", ("images", "it's (1).png")),
        ("images/.hidden..png", ("images", ".hidden..png")),
    ],
)
def test_parse_source_decodes_each_name_once(src: str, parts: tuple[str, ...]) -> None:
    assert parts == parse_source(src)


@given(st.text(max_size=60) | st.text(alphabet="./%2fFeE5cC\\:~ images\0", max_size=40))
def test_parse_source_never_leaves_the_folder(tail: str) -> None:
    """Whatever is written behind the folder's name, and quoted or not."""
    for src in (f"{FOLDER}/{tail}", f"{FOLDER}/{quote(tail, errors='replace')}", tail):
        parts = parse_source(src)
        if parts is not None:
            path = PurePosixPath(*parts)

            assert FOLDER == path.parts[0]
            assert parts == path.parts
            assert ".." not in parts
            assert "\0" not in str(path)
