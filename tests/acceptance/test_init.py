"""`newsletter init`: asked on a terminal, taken from options, and followed to the first dry run."""

import re
import shlex
from pathlib import Path

import pytest

from tests.acceptance.publication import Done, Publication, clean_environment

pytestmark = pytest.mark.slow

ENGLISH = "The next issue comes as usual, and it is a little longer than the last one was."
GERMAN = "Die nächste Ausgabe kommt wie gewohnt, und sie ist etwas länger als die letzte."
NAMES = ("Ada", "Grace", "Radia", "Barbara", "Frances")
QUESTIONS = 8


@pytest.fixture
def newcomer(tmp_path: Path) -> Publication:
    """An empty folder, and an environment that knows nothing of any publication."""
    names = ("NEWSLETTER_SECRET_KEY", "NEWSLETTER_TRANSPORT")
    kept = {name: value for name, value in clean_environment().items() if name not in names}
    return Publication(tmp_path, {**kept, "LANG": "C.UTF-8"})


def next_commands(done: Done) -> list[list[str]]:
    """Those that the end of it says, as a shell would split them."""
    lines = done.out.rpartition(" in any editor. Then:\n")[2].splitlines()
    return [shlex.split(line) for line in lines if line.startswith("  ")]


def written(text: str, sentence: str) -> str:
    """The skeleton of an issue with its blanks filled in, and the notes left where they are."""
    text = text.replace("subject: …", f"subject: {sentence[:40]}")
    text = text.replace("preheader: …", f"preheader: {sentence}")
    text = re.sub(r"(?m)^(# .*)$", rf"\1\n\n{sentence}", text, count=1)
    numbers = iter(NAMES)
    return re.sub(r"(## \d+\. )…", lambda found: f"{found[1]}{next(numbers)}\n\n{sentence}", text)


@pytest.mark.parametrize(
    ("options", "sentence", "fixed"),
    [
        (["--name", "The Block", "--stories", "3"], ENGLISH, "In this issue"),
        (["--name", "Der Block", "--language", "de"], GERMAN, "In dieser Ausgabe"),
    ],
)
def test_newcomer_comes_to_a_dry_run_by_what_init_says(
    options: list[str], sentence: str, fixed: str, newcomer: Publication
) -> None:
    done = newcomer.run("init", "my block", *options, "--weekday", "wednesday")
    (cd, *commands) = next_commands(done)
    inside = Publication(newcomer.folder / "my block", newcomer.environment)
    first = inside.run("check")
    (issue,) = (inside.folder / "issues").glob("*.md")
    issue.write_text(written(issue.read_text(), sentence))
    said = [inside.run(*command[1:]) for command in commands]

    assert (0, ["cd", "my block"]) == (done.status, cd), done.err
    assert ["check", "render", "send"] == [command[1] for command in commands]
    assert 1 == first.status
    assert {"S015", "S005"} == set(re.findall(r"(?m)^issues/\S+ error (\w+)", first.out)), first.out
    assert "warning" not in first.out
    assert [0, 0, 0] == [each.status for each in said], [each.out + each.err for each in said]
    assert "12 " in said[-1].out
    text = (inside.folder / f"outbox/{issue.stem}.txt").read_text()
    assert fixed.casefold() in text.casefold()


def test_terminal_is_asked_and_a_bad_answer_is_asked_again(newcomer: Publication) -> None:
    answers = ["Der Block", "tlh", "de", "Mi", "7 Uhr", "7:30", "Berlin", "Europe/Berlin"]
    answers += ["niemand", "Redaktion <block@example.org>", "0", "3", ""]

    done = newcomer.run_on_terminal("init", answers="\n".join([*answers, ""]))
    settings = (newcomer.folder / "newsletter.toml").read_text()

    assert 0 == done.status, done.err
    assert 5 == done.err.count("not taken:"), done.err
    assert "did you mean Europe/Berlin?" in done.err
    for line in (
        'name = "Der Block"',
        'language = "de"',
        'weekday = "wednesday"',
        'time = "07:30"',
        'timezone = "Europe/Berlin"',
        'from = "Redaktion <block@example.org>"',
        "stories = 3",
    ):
        assert f"\n{line}" in settings


def test_enter_takes_every_default_and_yes_asks_nothing(newcomer: Publication) -> None:
    entered = newcomer.run_on_terminal("init", "one", answers="\n" * QUESTIONS)
    unasked = newcomer.run_on_terminal("init", "other", "--name", "One", "--yes", answers="")

    assert [0, 0] == [entered.status, unasked.status], entered.err + unasked.err
    texts = [(newcomer.folder / name / "newsletter.toml").read_text() for name in ("one", "other")]
    first, second = (re.sub(r'key = "[^"]*"', "", text) for text in texts)
    assert first == second
    assert 'name = "One"' in first


def test_option_that_cannot_be_taken_is_named_and_nothing_is_written(newcomer: Publication) -> None:
    done = newcomer.run("init", "block", "--timezone", "Berlin")

    assert 2 == done.status
    assert "--timezone: there is no time zone “Berlin”; did you mean Europe/Berlin?" in done.err
    assert not (newcomer.folder / "block").exists()


def test_env_that_was_here_before_is_left_alone_and_what_it_lacks_is_told(
    newcomer: Publication,
) -> None:
    (newcomer.folder / ".env").write_text("NEWSLETTER_TRANSPORT=console:\n")
    (newcomer.folder / ".env").chmod(0o644)

    done = newcomer.run("init", "--yes")

    assert 0 == done.status
    assert "NEWSLETTER_TRANSPORT=console:\n" == (newcomer.folder / ".env").read_text()
    assert f"error: {newcomer.folder.name}" not in done.err
    assert "2 faults in the settings" in done.err
    assert "chmod 600 .env" in done.err
    assert "NEWSLETTER_SECRET_KEY is not set" in done.err


def test_secret_is_told_to_nobody_and_a_publication_is_laid_out_once(newcomer: Publication) -> None:
    done = newcomer.run("init")
    key = re.findall(r"(?m)^NEWSLETTER_SECRET_KEY=(.+)$", (newcomer.folder / ".env").read_text())
    again = newcomer.run("init", "--language", "de")

    assert [64] == [len(each) for each in key]
    assert key[0] not in done.out + done.err
    assert 2 == again.status
    assert "nothing is overwritten" in again.err
