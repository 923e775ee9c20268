"""The names that pictures are stored by: safe in a folder, in an address and on every system."""

import pytest

from newsletter.pictures import is_source
from newsletter.publishing.storing_pictures import safe_name

JPEG, PNG, GIF = b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n", b"GIF89a"
WEBP, AVIF = b"RIFF\x00\x00\x00\x00WEBP", b"\x00\x00\x00\x1cftypavif"


@pytest.mark.parametrize(
    ("name", "stored"),
    [
        ("shelves.jpg", "shelves.jpg"),
        ("Shelves (1).JPEG", "shelves-1.jpg"),
        ("../../etc/passwd", "passwd.jpg"),
        ("C:\\Users\\jo\\a b.png", "a-b.jpg"),
        ("IMG_1234.HEIC", "img_1234-heic.jpg"),
        ("Größe é.webp", "grosse-e.jpg"),
        ("日本.png", "picture.jpg"),
        ("image.png", "picture.jpg"),
        ("", "picture.jpg"),
        ("...", "picture.jpg"),
        (".htaccess", "htaccess.jpg"),
        ("a%2f..%2fb.jpg", "a-2f-2fb.jpg"),
        ("a\x00b\n\u202egnp.jpg", "a-b-gnp.jpg"),
        ("a" * 300 + ".jpg", "a" * 60 + ".jpg"),
    ],
)
def test_name_is_safe_whatever_it_was(name: str, stored: str) -> None:
    found = safe_name(name, JPEG)

    assert stored == found
    assert is_source(f"images/{found}")


@pytest.mark.parametrize(
    ("octets", "suffix"),
    [(JPEG, ".jpg"), (PNG, ".png"), (GIF, ".gif"), (WEBP, ".webp"), (AVIF, ".avif")],
)
def test_suffix_is_that_of_the_format_whatever_the_name_says(octets: bytes, suffix: str) -> None:
    assert f"a{suffix}" == safe_name("a.svg.jpg", octets).replace("a-svg", "a")


def test_name_has_the_day_of_its_issue_before_it_once() -> None:
    assert "2026-06-19-a.png" == safe_name("a.png", PNG, prefix="2026-06-19")
    assert "2026-06-19-a.png" == safe_name("2026-06-19-a.png", PNG, prefix="2026-06-19")
