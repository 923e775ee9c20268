"""Files of pictures, read from the publication's folder and from nowhere else."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from newsletter.issue import parse_issue, source_from_text
from newsletter.pictures import MAX_FILE, Picture, PictureFault
from newsletter.publishing.pictures import KEPT, PictureFolder
from tests.pictures import photo, saved


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A publication with one picture, beside a folder with another that is none of its business."""
    images, outside = tmp_path / "publication/images", tmp_path / "outside"
    for folder in (images, outside):
        folder.mkdir(parents=True)
        (folder / "tram.jpg").write_bytes(saved(photo(40, 30), "JPEG"))
    return tmp_path / "publication"


def fault(folder: PictureFolder, source: str) -> PictureFault:
    outcome = folder.take(source)
    assert isinstance(outcome, PictureFault), outcome
    return outcome


def test_picture_is_taken_from_its_folder(place: Path) -> None:
    (place / "images/2021").mkdir()
    (place / "images/2021/café 1.png").write_bytes(saved(photo(20, 10), "PNG"))
    folder = PictureFolder(place)

    tram, cafe = folder.take("images/tram.jpg"), folder.take("images/2021/caf%C3%A9%201.png")

    assert isinstance(tram, Picture)
    assert isinstance(cafe, Picture)
    assert (40, 30, "images/tram.jpg") == (tram.width, tram.height, tram.source)
    assert (20, 10) == (cafe.width, cafe.height)


@pytest.mark.parametrize(
    "source",
    [
        "../outside/tram.jpg",
        "images/../../outside/tram.jpg",
        "images/..%2f..%2foutside%2ftram.jpg",
        "/etc/passwd",
        "file:///etc/passwd",
        "C:\\tram.jpg",
        "images/tram.jpg\0.png",
        "https://www.example.com/tram.jpg",
    ],
)
def test_what_is_no_source_is_not_looked_for(place: Path, source: str) -> None:
    assert "is no file in images/" == fault(PictureFolder(place), source).what


def link_to_file(place: Path, target: Path) -> str:
    (place / "images/link.jpg").symlink_to(target)
    return "images/link.jpg"


def link_to_folder(place: Path, target: Path) -> str:
    (place / "images/link").symlink_to(target.parent)
    return f"images/link/{target.name}"


def linked_folder(place: Path, target: Path) -> str:
    (place / "images").rename(place / "pictures")
    (place / "images").symlink_to(target.parent)
    return f"images/{target.name}"


@pytest.mark.parametrize("plant", [link_to_file, link_to_folder, linked_folder])
@pytest.mark.parametrize("name", ["tram.jpg", "missing.jpg"])
def test_link_out_of_the_folder_is_not_followed_whether_anything_is_there(
    place: Path, name: str, plant: Callable[[Path, Path], str]
) -> None:
    """The words are the same, so that nobody learns from them what the machine holds."""
    source = plant(place, place.parent / "outside" / name)

    found = fault(PictureFolder(place), source)

    assert ("is no file", "put the picture itself there, no link to it") == (
        found.what,
        found.next_step,
    )


def test_link_that_is_put_there_after_a_first_look_is_not_followed(place: Path) -> None:
    folder, path = PictureFolder(place), place / "images/tram.jpg"
    before = folder.take("images/tram.jpg")
    path.unlink()
    path.symlink_to(place.parent / "outside/tram.jpg")

    assert isinstance(before, Picture)
    assert "is no file" == fault(folder, "images/tram.jpg").what


def test_what_is_no_regular_file_keeps_nobody_waiting(place: Path) -> None:
    os.mkfifo(place / "images/pipe.jpg")
    (place / "images/folder.jpg").mkdir()
    folder = PictureFolder(place)

    assert "is no file" == fault(folder, "images/pipe.jpg").what
    assert "is no file" == fault(folder, "images/folder.jpg").what
    assert "is no file" == fault(folder, "images/tram.jpg/tram.jpg").what


@pytest.mark.parametrize(
    ("source", "step"),
    [
        ("images/tramm.jpg", "did you mean images/tram.jpg?"),
        ("images/tram.jpeg", "did you mean images/tram.jpg?"),
        ("images/harbour.png", "put the file in images/"),
        ("images/2021/tram.jpg", "put the file in images/2021/"),
    ],
)
def test_picture_that_is_missing_is_told_with_what_was_meant(
    place: Path, source: str, step: str
) -> None:
    found = fault(PictureFolder(place), source)

    assert ("is not there", step) == (found.what, found.next_step)


def test_publication_without_the_folder_has_no_pictures(tmp_path: Path) -> None:
    assert "is not there" == fault(PictureFolder(tmp_path), "images/tram.jpg").what


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_picture_that_may_not_be_read_is_told_so(place: Path) -> None:
    (place / "images/tram.jpg").chmod(0)

    assert "cannot be read" == fault(PictureFolder(place), "images/tram.jpg").what


def test_file_that_is_too_large_is_read_no_further(place: Path) -> None:
    with (place / "images/tram.jpg").open("ab") as file:
        file.truncate(40 * MAX_FILE)

    assert "has more than 20 MB" == fault(PictureFolder(place), "images/tram.jpg").what


def test_file_is_read_once_until_it_changes(place: Path) -> None:
    """An editor asks at every keystroke."""
    folder, path = PictureFolder(place), place / "images/tram.jpg"
    first = folder.take("images/tram.jpg")
    again = folder.take("images/tram.jpg")
    path.write_bytes(saved(photo(41, 30), "JPEG"))
    changed = folder.take("images/tram.jpg")
    path.unlink()

    assert first is again
    assert isinstance(changed, Picture)
    assert 41 == changed.width
    assert "is not there" == fault(folder, "images/tram.jpg").what


def test_fault_is_found_once_until_the_file_changes(place: Path) -> None:
    folder, path = PictureFolder(place), place / "images/tram.jpg"
    path.write_bytes(b"no picture")

    assert folder.take("images/tram.jpg") is folder.take("images/tram.jpg")


def test_pictures_kept_are_bounded(place: Path) -> None:
    folder = PictureFolder(place)
    small = saved(photo(2, 2), "PNG")
    for at in range(KEPT + 1):
        (place / f"images/{at}.png").write_bytes(small)
    first = folder.take("images/0.png")
    for at in range(1, KEPT + 1):
        folder.take(f"images/{at}.png")

    assert first == folder.take("images/0.png")
    assert first is not folder.take("images/0.png")


def test_pictures_of_an_issue_are_all_its_files_in_order(place: Path) -> None:
    text = """\
# The two stories of the week

![Elsewhere](https://www.example.com/a.jpg) ![Outside](../outside/tram.jpg)

## 1. One

> - [![Missing](images/missing.jpg)](https://www.example.com)

## 2. Two

![A tram](images/tram.jpg) and again ![a tram](images/tram.jpg)
"""
    found = PictureFolder(place).of(parse_issue(source_from_text(text)))

    assert ["images/missing.jpg", "images/tram.jpg"] == list(found)
    assert [PictureFault, Picture] == [type(one) for one in found.values()]
