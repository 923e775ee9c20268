"""`newsletter init --from`: each system's export taken over by the installed command."""

import csv
import shutil
from pathlib import Path

import pytest

from newsletter.importing.exports import System
from tests.acceptance.publication import Publication
from tests.export_samples import SAMPLES, zipped

READERS = {
    System.SUBSTACK: {"noor": "confirmed", "emil": "confirmed", "gone": "unsubscribed"},
    System.GHOST: {"alma": "confirmed", "boris": "unsubscribed", "chloé": "confirmed"},
    System.MAILCHIMP: {"ada": "confirmed", "both": "unsubscribed", "left": "unsubscribed"},
    System.BUTTONDOWN: {"ines": "confirmed", "jan": "unsubscribed"},
    System.LISTMONK: {"dina": "confirmed", "egon": "unsubscribed", "hal": "unsubscribed"},
}
ARCHIVE = {
    System.SUBSTACK: ["2024-03-01", "2024-03-08", "2024-03-08-2", "2024-03-22"],
    System.GHOST: ["2024-05-03", "2024-05-10"],
    System.MAILCHIMP: ["2023-03-03", "2023-03-10"],
    System.BUTTONDOWN: ["2023-11-03", "2023-11-10"],
    System.LISTMONK: ["2024-02-02", "2024-02-09", "2024-02-16"],
}


def one_line(text: str) -> str:
    return " ".join(text.split())


def inside(publication: Publication, name: str) -> Publication:
    return Publication(publication.folder / name, publication.environment)


@pytest.mark.parametrize("system", System)
def test_export_becomes_a_publication(system: System, empty: Publication) -> None:
    """Its past issues are there and are no findings; its readers are who they were."""
    export = zipped(system, empty.folder / "export.zip", within="harbour")

    done = empty.run("init", "harbour", "--from", export.name, "--yes")
    assert (0, "") == (done.status, "" if system is System.GHOST else done.err)
    ours = inside(empty, "harbour")
    people = csv.DictReader(ours.run("subscribers", "export").out.splitlines())
    checked = ours.run("check")

    assert READERS[system] == {
        row["email"].partition("@")[0]: row["state"]
        for row in people
        if row["state"] != "" and not row["suppressed"]
    }
    assert ARCHIVE[system] == sorted(path.stem for path in ours.folder.glob("issues/archive/*.md"))
    assert f"from {system.called}:" in done.out
    assert "in 1 file" in checked.err
    screen = done.out.partition("Taken over")[0].splitlines()
    assert max(map(len, screen)) < 80
    assert len(screen) < 40


def test_past_issues_become_the_archive_and_the_memory(empty: Publication) -> None:
    empty.run("init", "harbour", "--from", SAMPLES / "substack", "--yes")
    ours = inside(empty, "harbour")
    archive = sorted(ours.folder.glob("issues/archive/*.md"))
    issue = ours.folder / "issues/2026-12-11.md"
    issue.write_text("# T\n\n## 1. One\n\n[a](https://harbour.substack.com/p/a-ferry-at-last)\n")

    published = ours.run("publish", *archive)
    repeated = ours.run("check", "2026-12-11", "--select", "link-ran-before")
    [first] = [path for path in ours.folder.glob("issues/*.md") if path != issue]

    assert (0, 4) == (published.status, published.out.count(" is published: "))
    assert "link-ran-before" in repeated.out
    assert "number: 13\n" in first.read_text()


def test_fault_of_a_table_names_the_file_that_is_there_afterwards(empty: Publication) -> None:
    (empty.folder / "subscribed_members_export_1.csv").write_bytes(
        "Email Address;OPTIN_TIME;CONFIRM_TIME;MEMBER_RATING;City\na@b.example;;;;Köln\n".encode(
            "cp1252"
        )
    )

    done = empty.run("init", "h", "--from", "subscribed_members_export_1.csv", "--yes")

    assert (2, "") == (done.status, done.out.partition("\n")[2])
    assert (
        "error: subscribed_members_export_1.csv:2: byte 0xf6 is not UTF-8; save the file as UTF-8\n"
        == done.err
    )


def test_settings_come_from_the_export_where_it_knows_them(empty: Publication) -> None:
    done = empty.run(
        *("init", "brief", "--from", SAMPLES / "ghost", "--old-site", "https://hafen.example.org"),
        *("--stories", "3", "--yes"),
    )
    settings = (empty.folder / "brief/newsletter.toml").read_text()

    assert (0, "") == (done.status, done.err)
    for line in (
        'name = "Der Hafenbrief"',
        'tagline = "Jeden Freitag vom Kai"',
        'language = "de"',
        'timezone = "Europe/Berlin"',
        'from = "Hafenbrief <brief@hafen.example.org>"',
        'accent = "#0a6e8a"',
        "stories = 3",
    ):
        assert f"\n{line}" in settings
    assert "from the export: language de, weekday friday, time zone Europe/Berlin" in (
        one_line(done.out)
    )
    assert "as you said: stories 3" in done.out


def test_second_run_is_refused_and_changes_nothing(empty: Publication) -> None:
    command = ("init", "harbour", "--from", SAMPLES / "listmonk", "--yes")
    empty.run(*command)
    before = {path: path.stat().st_mtime_ns for path in empty.folder.rglob("*")}

    again = empty.run(*command)

    assert 2 == again.status
    assert "there is a publication here already" in one_line(again.err)
    assert before == {path: path.stat().st_mtime_ns for path in empty.folder.rglob("*")}


def test_no_leaves_nothing_behind(empty: Publication) -> None:
    answers = "\n" * 8 + "n\n"

    done = empty.run_on_terminal("init", "harbour", "--from", SAMPLES / "ghost", answers=answers)

    assert (0, True) == (done.status, "Nothing was taken over." in done.out)
    assert "Name of the newsletter [Der Hafenbrief]" in done.out
    assert not list(empty.folder.iterdir())


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "there is no terminal to ask on; add --yes"),
        (("--yes", "--from-kind", "tinyletter"), "“tinyletter” is no system"),
        (("--yes", "--from-kind", "substack"), "no issues and no readers of Substack"),
        (("--yes", "--audience", "x"), "there is no list “x” in it"),
        (("--yes", "--old-site", "hafen"), "“hafen” is no address of a site"),
    ],
)
def test_refusal_is_a_line_and_leaves_nothing_behind(
    arguments: tuple[str, ...], said: str, empty: Publication
) -> None:
    done = empty.run("init", "harbour", "--from", SAMPLES / "listmonk", *arguments)

    assert 2 == done.status
    assert said in one_line(done.err)
    assert not list(empty.folder.iterdir())


def test_other_database_is_refused_before_readers_go_astray(empty: Publication) -> None:
    done = empty.run(
        *("init", "harbour", "--from", SAMPLES / "ghost", "--yes"),
        env={"NEWSLETTER_DATABASE": "sqlite:///elsewhere.db"},
    )

    assert 2 == done.status
    assert "unset NEWSLETTER_DATABASE" in one_line(done.err)
    assert not list(empty.folder.iterdir())


def test_file_that_is_there_already_stops_it_all(empty: Publication) -> None:
    mine = empty.folder / "issues/archive/2024-02-09.md"
    mine.parent.mkdir(parents=True)
    mine.write_text("mine")

    done = empty.run("init", ".", "--from", SAMPLES / "listmonk", "--yes")

    assert (2, "mine") == (done.status, mine.read_text())
    assert [mine] == [path for path in empty.folder.rglob("*") if path.is_file()]


def test_issues_of_members_are_not_in_the_archive(empty: Publication) -> None:
    export = Path(shutil.copytree(SAMPLES / "ghost", empty.folder / "export"))
    empty.run("init", "harbour", "--from", export, "--yes")

    texts = [path.read_text() for path in (empty.folder / "harbour/issues/archive").glob("*.md")]

    assert not any("For members." in text for text in texts)
