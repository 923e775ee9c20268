"""Pictures from the disk, with the installed command: checked, rendered, planned, approved."""

import email.policy
import re
from pathlib import Path

import pytest

from tests.acceptance.publication import Publication
from tests.pictures import camera_exif, photo, saved

pytestmark = pytest.mark.slow

ISSUE = "issues/2021-11-26.md"
TRAM = "images/tram.jpg"


@pytest.fixture
def illustrated(publication: Publication) -> Publication:
    """The example publication with a picture in its first story."""
    (publication.folder / "images").mkdir()
    (publication.folder / TRAM).write_bytes(
        saved(photo(1600, 900), "JPEG", exif=camera_exif(), quality=95)
    )
    show(publication, TRAM)
    return publication


def show(publication: Publication, src: str) -> None:
    path = publication.folder / ISSUE
    head, mark, rest = path.read_text("utf-8").partition("## 1. ")
    headline, _, body = rest.partition("\n")
    path.write_text(f"{head}{mark}{headline}\n\n![A tram]({src})\n{body}", "utf-8")


def bring_along(publication: Publication) -> None:
    path = publication.folder / "newsletter.toml"
    path.write_text(path.read_text("utf-8").replace('# mode = "site"', 'mode = "inline"'), "utf-8")


def test_render_writes_pictures_beside_the_page_that_shows_them(illustrated: Publication) -> None:
    done = illustrated.run("render", ISSUE, "--web", "--sizes")
    outbox = illustrated.folder / "outbox"
    (picture,) = (outbox / "images").iterdir()
    octets = picture.read_bytes()

    assert 0 == done.status, done.err
    assert f'src="images/{picture.name}"' in (outbox / "2021-11-26.html").read_text("utf-8")
    address = f"https://news.example.com/images/{picture.name}"
    assert address in (outbox / "2021-11-26.web.html").read_text("utf-8")
    message = (outbox / "2021-11-26.eml").read_bytes()
    assert address.encode() in message.replace(b"=\r\n", b"")
    assert re.search(rf"^1 picture +{len(octets):,} +beside the HTML$", done.out, re.MULTILINE)
    assert b"Exif" not in octets
    assert 0o644 == picture.stat().st_mode & 0o777


def test_render_and_plan_count_pictures_that_a_message_brings_along(
    illustrated: Publication,
) -> None:
    bring_along(illustrated)
    rendered = illustrated.run("render", ISSUE)
    planned = illustrated.run("send", ISSUE, "--subscribers", illustrated.people(2), "--dry-run")
    outbox = illustrated.folder / "outbox"
    (picture,) = (outbox / "images").iterdir()

    assert (0, 0) == (rendered.status, planned.status), rendered.err + planned.err
    assert ", pictures " in planned.out
    for name in ("2021-11-26.eml", "2021-11-26.first.eml"):
        message = email.message_from_bytes(
            (outbox / name).read_bytes(), policy=email.policy.default
        )
        (part,) = [each for each in message.walk() if each.get_content_maintype() == "image"]
        assert picture.read_bytes() == part.get_payload(decode=True)


def test_check_points_at_a_picture_that_is_missing(illustrated: Publication) -> None:
    (illustrated.folder / TRAM).rename(illustrated.folder / "images/tramway.jpg")

    done = illustrated.run("check", ISSUE)

    assert 1 == done.status
    assert f"{ISSUE}:13:1: error M013 the image {TRAM} is not there" in " ".join(done.out.split())
    assert "did you mean images/tramway.jpg?" in done.out


def test_no_file_outside_is_read_or_told_of(illustrated: Publication, tmp_path: Path) -> None:
    """The same words for what is there and for what is not; by a link as by a path."""
    said = []
    for name in ("there.jpg", "missing.jpg"):
        link = illustrated.folder / TRAM
        link.unlink()
        link.symlink_to(tmp_path.parent / name)
        said.append(illustrated.run("check", ISSUE).out)
        (tmp_path.parent / "there.jpg").write_bytes(saved(photo(9, 9), "JPEG"))
    first, second = said

    assert first == second
    assert "is no file" in first


def test_publication_without_pictures_never_loads_pillow(publication: Publication) -> None:
    check, render = (
        publication.run(*command, env={"PYTHONPROFILEIMPORTTIME": "1"})
        for command in (("check", ISSUE), ("render", ISSUE))
    )

    assert "newsletter.publishing.pictures" in check.err + render.err
    assert "PIL" not in check.err + render.err


def test_backup_has_the_pictures(illustrated: Publication) -> None:
    done = illustrated.run("backup", "all.tar")

    assert 0 == done.status, done.err
    assert b"publication/images/tram.jpg" in (illustrated.folder / "all.tar").read_bytes()
