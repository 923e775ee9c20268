"""The other commands, and what must hold of all of them."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from newsletter.cli.app import load_command
from newsletter.cli.commands import COMMANDS
from tests.acceptance.publication import COMMAND, Publication

pytestmark = pytest.mark.slow

ISSUE = "issues/2021-11-26.md"
PLAIN = "issues/2021-07-16.md"
ROOT = Path(__file__).parents[2]


def test_every_command_is_in_the_table_with_its_own_words() -> None:
    modules = {path.stem for path in (ROOT / "newsletter/cli").glob("*.py")}

    for name, words in COMMANDS.items():
        assert name in {module.rstrip("_") for module in modules}
        assert load_command(name).help.startswith(words.rstrip(".")), name


def test_help_lists_every_command(empty: Publication) -> None:
    done = empty.run("--help")

    assert 0 == done.status
    for name, words in COMMANDS.items():
        assert name in done.out
        assert words in done.out


def test_command_that_does_not_exist_is_told_with_the_near_one(empty: Publication) -> None:
    done = empty.run("shedule", "issues/2026-12-04.md")

    assert 2 == done.status
    assert "No such command 'shedule'. Did you mean 'schedule'" in done.err


@pytest.mark.parametrize(
    ("arguments", "forbidden"),
    [
        (["--help"], "premailer cssutils sqlalchemy aiosmtplib jinja2 markdown_it lxml rich"),
        (["check", ISSUE], "premailer cssutils sqlalchemy aiosmtplib lxml rich mjml"),
        (["check", PLAIN], "premailer cssutils jinja2 sqlalchemy aiosmtplib lxml zoneinfo"),
        (["show", ISSUE], "premailer cssutils sqlalchemy aiosmtplib lxml rich mjml"),
    ],
)
def test_command_loads_nothing_heavy(
    arguments: list[str], forbidden: str, publication: Publication
) -> None:
    """An ordinary issue is checked without being rendered; a merge field takes Jinja2 to read."""
    shutil.copy(ROOT / PLAIN, publication.folder / PLAIN)

    done = publication.run(*arguments, env={"PYTHONPROFILEIMPORTTIME": "1"})

    loaded = {line.rpartition("|")[2].strip().split(".")[0] for line in done.err.splitlines()}
    assert 0 == done.status
    assert "typer" in loaded
    assert set() == loaded & set(forbidden.split())


def test_example_publication_is_sound(publication: Publication) -> None:
    checked = publication.run("check")
    rendered = publication.run("render", ISSUE)

    assert (0, "") == (checked.status, checked.out)
    assert 0 == rendered.status, rendered.err
    assert not (publication.folder / "templates").exists()


def test_own_template_goes_before_the_default(publication: Publication) -> None:
    template = publication.own("issue.txt.j2")
    template.write_text("Our own text. {{ page.unsubscribe_url }}\n")

    done = publication.run("render", ISSUE)

    assert 0 == done.status, done.err
    assert (publication.folder / "outbox/2021-11-26.txt").read_text().startswith("Our own text.")


def test_show_prints_the_issue_as_json(publication: Publication) -> None:
    done = publication.run("show", ISSUE, "--format", "json")

    shown = json.loads(done.out)
    assert [
        "path",
        "title",
        "title_count",
        "subject",
        "preheader",
        "date",
        "number",
        "intro",
        "intro_names",
        "stories",
        "sponsor",
        "footer",
    ] == list(shown)
    assert ["number", "headline", "line", "paragraphs", "text", "links", "images"] == list(
        shown["stories"][0]
    )
    assert (5, "2021-11-26") == (shown["title_count"], shown["date"])
    assert [1, 2, 3, 4, 5] == [story["number"] for story in shown["stories"]]


def test_check_prints_json_with_every_key(publication: Publication) -> None:
    path = publication.folder / ISSUE
    path.write_text(path.read_text().replace("## 2. ", "## 2) "))

    done = publication.run("check", ISSUE, "--format", "json")

    found = json.loads(done.out)
    assert 1 == done.status
    assert 1 == len(found)
    assert {
        "path",
        "line",
        "column",
        "end_line",
        "end_column",
        "code",
        "slug",
        "severity",
        "message",
        "hint",
    } == set(found[0])
    assert ("S011", "headline-number-style", "warning") == (
        found[0]["code"],
        found[0]["slug"],
        found[0]["severity"],
    )


def test_check_works_without_any_settings(empty: Publication) -> None:
    (empty.folder / "draft.txt").write_text("A title\n\nAn intro.\n\n1. One\n\nText.\n")

    done = empty.run("check", "draft.txt")

    assert 1 == done.status
    assert "the issue has 1 story, the house format says 5" in done.out


def test_render_gives_the_same_bytes_in_two_processes_and_offline(
    publication: Publication, tmp_path: Path
) -> None:
    guard = tmp_path / "guard"
    guard.mkdir()
    (guard / "sitecustomize.py").write_text(
        "import socket\n"
        "def refuse(*a, **k): raise RuntimeError('a socket was opened')\n"
        "socket.socket.connect = refuse\n"
        "socket.getaddrinfo = refuse\n"
    )

    for seed in ("1", "2"):
        done = publication.run(
            *("render", ISSUE, "--out", seed),
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": str(guard)},
        )
        assert 0 == done.status, done.err

    for suffix in ("html", "txt", "eml"):
        first = (publication.folder / f"1/2021-11-26.{suffix}").read_bytes()
        assert first == (publication.folder / f"2/2021-11-26.{suffix}").read_bytes()


def test_demo_delivers_and_the_second_time_sends_nothing(publication: Publication) -> None:
    for name in ("NEWSLETTER_TRANSPORT", "NEWSLETTER_SECRET_KEY"):
        publication.environment.pop(name)

    first = publication.run("demo")
    received = sorted(path.name for path in (publication.folder / "outbox").glob("*@*.eml"))
    second = publication.run("demo")

    assert (0, 0) == (first.status, second.status), first.err + second.err
    assert 12 == len(received)
    assert "The books balance: 12 = 12. The run is complete." in first.out
    assert "The inbox received 12 messages." in first.out
    assert f"\n  {COMMAND} demo --serve   " in first.out
    assert "\n  make install   " in first.out
    assert "Everyone already has this issue" in second.out
    assert "The inbox received 0 messages." in second.out


def test_demo_and_the_publication_know_nothing_of_each_others_books(
    publication: Publication,
) -> None:
    witness = publication.folder / "newsletter.witness"
    add = ("subscribers", "add", "--consent", "asked at the fair")

    first = publication.run(*add, "ada@example.com")
    seen = witness.read_bytes()
    shown = publication.run("demo")
    still = witness.read_bytes()
    second = publication.run(*add, "bob@example.com")

    assert (0, 0, 0) == (first.status, shown.status, second.status), shown.err + second.err
    assert seen == still


def test_a_pipe_that_closes_early_is_no_error(publication: Publication) -> None:
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write, "w") as pipe:
        done = subprocess.run(
            [COMMAND, "show", ISSUE],
            cwd=publication.folder,
            env=publication.environment,
            stdout=pipe,
            stderr=subprocess.PIPE,
            text=True,
        )

    assert "Traceback" not in done.stderr


def test_module_and_command_are_the_same(empty: Publication) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "newsletter", "--version"],
        cwd=empty.folder,
        env=empty.environment,
        capture_output=True,
        text=True,
    )

    assert empty.run("--version").out == done.stdout


def coloured(publication: Publication, colour: str) -> None:
    toml = publication.folder / "newsletter.toml"
    own = f'[theme.light]\naccent = "{colour}"'
    toml.write_text(toml.read_text().replace("[theme.light]", own))


def test_colours_that_nobody_can_read_are_refused(publication: Publication) -> None:
    coloured(publication, "#fff0e0")
    done = publication.run("render", ISSUE)

    assert 2 == done.status
    assert '[theme.light] accent = "#fff0e0": contrast 1.1' in done.err
    assert "the nearest colour that has it is #" in done.err
    assert not (publication.folder / "outbox").exists()


def test_colours_that_are_hard_to_read_are_said_where_somebody_is_there_to_hear(
    publication: Publication,
) -> None:
    """What runs unwatched would have cron send a mail each time."""
    coloured(publication, "#e8590c")
    caution = 'newsletter.toml: [theme.light] accent = "#e8590c": contrast 3.58 with on_accent'

    rendered, due, doctor = (
        publication.run(*command) for command in (("render", ISSUE), ("due",), ("doctor",))
    )
    assert 0 == rendered.status
    assert caution in rendered.err
    assert "contrast" not in due.err
    assert "contrast" not in doctor.err
    assert "warn  settings  [theme.light] accent" in doctor.out
