"""Every command that changes something, with the installed command: logged, and refused on a
database that is older than what this machine has seen.
"""

import json
import shutil

import pytest

from tests.acceptance.publication import Publication

ISSUE = "issues/2021-11-26.md"
NAME = "2021-11-26"


@pytest.fixture
def sent(publication: Publication) -> Publication:
    """An issue that was sent, and one delivery of it that was refused for good."""
    people = publication.people(2)
    env = {"NEWSLETTER_TRANSPORT": "directory:outbox/", "NEWSLETTER_SECRET_KEY": "k" * 40}
    publication.environment.update(env)
    done = publication.run("send", ISSUE, "--subscribers", people, "--limit", "1", "--yes")
    assert 75 == done.status, done.err
    return publication


CHANGES = [
    ("pause", NAME),
    ("resume", NAME),
    ("cancel", NAME, "--yes"),
    ("resolve", NAME, "--as", "accepted", "--yes"),
    ("approve", ISSUE, "--by", "Ada"),
    ("schedule", ISSUE, "--at", "2036-11-28 07:00"),
    ("unschedule", NAME),
    ("send", ISSUE, "--yes"),
    ("subscribers", "import", "people.csv", "--yes"),
    ("subscribers", "suppress", "ada@example.com", "--yes"),
    ("subscribers", "add", "ada@example.com", "--consent", "rang"),
]


@pytest.mark.parametrize("command", CHANGES, ids=lambda command: " ".join(command[:2]))
def test_restored_database_is_changed_by_no_command(
    sent: Publication, command: tuple[str, ...]
) -> None:
    files = list(sent.folder.glob("newsletter.db*"))
    (sent.folder / "backup").mkdir()
    for path in files:
        shutil.copy(path, sent.folder / "backup")
    sent.run("pause", NAME)
    for path in sent.folder.glob("newsletter.db*"):
        path.unlink()
    for path in (sent.folder / "backup").iterdir():
        shutil.copy(path, sent.folder)

    done = sent.run(*command)

    assert 2 == done.status, done.out
    assert "this database is older than what this machine has seen" in done.err
    assert "`newsletter due --accept-restored --reason TEXT`" in done.err


def test_what_is_done_to_a_run_is_in_the_log_with_who_did_it(sent: Publication) -> None:
    sent.run("pause", NAME)
    sent.run("resume", NAME)
    sent.run("send", ISSUE, "--yes")

    log = json.loads(sent.run("log", NAME, "--format", "json").out)

    assert ["started", "paused", "resumed", "finished"] == [entry["action"] for entry in log]
    assert all("@" in entry["by"] for entry in log)


def test_dry_run_leaves_nothing_behind_in_the_publication(publication: Publication) -> None:
    """Not even the witness: what was only looked at is nothing that this machine has seen."""
    publication.environment.update(
        {"NEWSLETTER_TRANSPORT": "directory:outbox/", "NEWSLETTER_SECRET_KEY": "k" * 40}
    )
    publication.run("send", ISSUE, "--subscribers", publication.people(2), "--limit", "1", "--yes")
    (publication.folder / "newsletter.witness").unlink()

    done = publication.run("send", ISSUE, "--dry-run")

    assert 0 == done.status, done.err
    assert not (publication.folder / "newsletter.witness").exists()
