"""No path of a request reaches a file, and no name of an issue leads out of a folder.

The routes are those of `newsletter/web/public/reading.py`.
"""

from contextlib import suppress
from pathlib import Path
from urllib.parse import unquote

import pytest

from newsletter.errors import NewsletterError
from newsletter.publishing.static_site import write_static_site
from tests.integration.web.conftest import World, call

NO_BODY = {"type": "http.request", "body": b"", "more_body": False}
PATHS = [
    "../.env",
    "..%2f..%2f.env",  # A-PATH-02
    "..%2F.env",
    "%2e%2e/.env",
    "%2e%2e%2f%2e%2e%2f.env",
    "%252e%252e%252f.env",
    "....//",  # A-PATH-04
    "....//....//.env",
    "..\\..\\.env",
    "..%5c.env",
    "%c0%ae%c0%ae/.env",
    "C:\\Windows\\win.ini",  # A-PATH-06
    "C:%5CWindows%5Cwin.ini",
    "file:///etc/passwd",  # A-PATH-08
    "/etc/passwd",
    "//etc/passwd",
    "%2fetc%2fpasswd",
    ".git/config",  # A-PATH-10
    ".env",
    "newsletter.toml",
    "newsletter.db",
    "a/../../b",  # A-PATH-12
    "a%2f..%2f..%2fb",
    "2021-11-26/../../.env",
    "2021-11-26%00.png",
    "2021-11-26.md",
    "2021-12-03",  # a draft, which is a file and was never sent
    "x" * 8_000,
    "~root",
    "|id",
    "con",
    "nul",
    ".",
    "..",
    "%2e",
    "%2e%2e",
]


def test_no_path_reaches_a_file(world: World) -> None:
    """A-PATH-02 to -12: what is there and what is not there are answered alike."""
    (world.folder / ".env").write_text("NEWSLETTER_SECRET_KEY=sesame\n")
    (world.folder / "issues").mkdir()
    (world.folder / "issues/2021-12-03.md").write_text("# A draft\n\nsesame")
    missing = world.client.get("/issues/none").content
    for folder in ("/issues/", "/images/", "/", "/subscribe/", "/site.css/", "/confirm/"):
        for path in (*PATHS, *map(unquote, PATHS)):
            sent = world.client.run(call(world, "GET", folder + path, [], NO_BODY))
            body = b"".join(message.get("body", b"") for message in sent)

            assert sent[0]["status"] in {400, 404}, folder + path
            assert b"sesame" not in body, folder + path
            assert sent[0]["status"] == 400 or missing == body, folder + path


@pytest.mark.parametrize(
    "name", ["2021-11-26 ", "2021-11-26.", "2021-11-26/", "２０２１-11-26", "2021\u201011\u201026"]
)
def test_a_name_that_only_looks_like_an_issues_is_none(world: World, name: str) -> None:
    """A-PATH-16."""
    assert 404 == world.client.get(f"/issues/{name}").status_code


def test_names_that_differ_by_case_or_form_are_two(world: World) -> None:
    """A-PATH-16: and neither takes the place of the other."""
    world.publish(name="caf\u00e9")
    world.publish(name="cafe\u0301")
    world.publish(name="CAF\u00c9")
    statuses = [
        world.client.get(f"/issues/{name}").status_code
        for name in ("caf\u00e9", "cafe\u0301", "CAF\u00c9", "Caf\u00e9")
    ]

    assert [200, 200, 200, 404] == statuses


@pytest.mark.parametrize("name", ["..", "../../x", "/etc/cron.d/x", "a/../../../x"])
def test_the_archive_as_files_stays_in_its_folder(world: World, tmp_path: Path, name: str) -> None:
    """A-PATH-12: whatever the database says that an issue is called; such a one is left out."""
    found = world.database.archive.find("2021-11-26")
    assert found is not None
    world.keep(name, found.content.replace('"2021-11-26"', f'"{name}"', 1))
    folder = tmp_path / "deep/er/out"
    before = {path for path in tmp_path.rglob("*") if "out" not in path.parts}

    written = list(write_static_site(world.books, folder))
    assert {True} == {path.resolve().is_relative_to(folder) for path in written}
    after = {path for path in tmp_path.rglob("*") if "out" not in path.parts}
    assert after - before <= {tmp_path / "deep", tmp_path / "deep/er"}


def test_the_archive_as_files_follows_no_link_out_of_its_folder(
    world: World, tmp_path: Path
) -> None:
    """A-PATH-14."""
    folder, victim = tmp_path / "out", tmp_path / "victim"
    folder.mkdir()
    victim.mkdir()
    (folder / "issues").symlink_to(victim)

    with pytest.raises(NewsletterError):
        list(write_static_site(world.books, folder))
    assert [] == [*victim.iterdir()]


def test_a_link_in_place_of_a_page_is_replaced_and_not_written_through(
    world: World, tmp_path: Path
) -> None:
    """A-PATH-14."""
    folder, victim = tmp_path / "out", tmp_path / "victim"
    folder.mkdir()
    victim.write_text("precious")
    (folder / "feed.atom").symlink_to(victim)
    (folder / "index.html").hardlink_to(victim)

    with suppress(NewsletterError):  # to refuse it is as good
        list(write_static_site(world.books, folder))
    assert "precious" == victim.read_text()
