"""`newsletter backup` and `restore` with the installed command: nobody is doubled by a restore."""

import tarfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from email import message_from_bytes
from itertools import repeat
from pathlib import Path

import pytest

from newsletter.books import NewRun
from newsletter.errors import StoreError
from newsletter.process import this_process
from newsletter.store import Database, open_database
from newsletter.store.runs.freezing import PAGE
from newsletter.subscribers import AudienceMember
from tests.acceptance.publication import Publication
from tests.pace import patience

pytestmark = pytest.mark.slow

NAME = "2021-11-26"
ISSUE = f"issues/{NAME}.md"
EVERYONE = 30


@pytest.fixture
def filled(publication: Publication) -> Publication:
    publication.import_people(EVERYONE)
    return publication


@pytest.fixture
def elsewhere(publication: Publication, tmp_path_factory: pytest.TempPathFactory) -> Publication:
    """An empty folder on a new machine."""
    return Publication(tmp_path_factory.mktemp("new"), publication.environment)


def sent(publication: Publication) -> list[str]:
    """Who was sent to, from this folder."""
    files = sorted(publication.folder.glob("sent/*.eml"))
    return sorted(
        message_from_bytes(path.read_bytes())["To"].split("<")[-1].strip(">") for path in files
    )


def relay_log(publication: Publication) -> Path:
    """What a Postfix would have written of everything that was sent from this folder."""
    lines = []
    for number, path in enumerate(sorted(publication.folder.glob("sent/*.eml"))):
        message = message_from_bytes(path.read_bytes())
        queue, to = f"4XyzAb{number:04}", message["To"].split("<")[-1].strip(">")
        lines += [
            f"Nov 26 mx postfix/cleanup[2]: {queue}: message-id={message['Message-ID']}",
            f"Nov 26 mx postfix/smtp[4]: {queue}: to=<{to}>, relay=x, status=sent (250 Ok)",
            f"Nov 26 mx postfix/qmgr[3]: {queue}: removed",
        ]
    log = publication.folder / "mail.log"
    log.write_text("\n".join(lines) + "\n")
    return log


def test_restore_on_a_new_machine_doubles_nobody(
    filled: Publication, elsewhere: Publication, tmp_path: Path
) -> None:
    """The issue went out after the backup, whose books do not know of it."""
    backup = tmp_path / "backup.tar"
    made = filled.run("backup", backup)
    first = filled.run("send", ISSUE, "--yes")
    log = relay_log(filled)

    restored = elsewhere.run("restore", backup, "--yes")
    held = elsewhere.run("send", ISSUE, "--yes")
    again = elsewhere.run("send", ISSUE, "--yes")
    proved = elsewhere.run("resolve", NAME, "--log", log, "--yes")
    after = elsewhere.run("send", ISSUE, "--yes")

    assert (0, 0, 0) == (made.status, first.status, restored.status), made.err + restored.err
    assert (75, 75) == (held.status, again.status), held.out
    assert "may have been sent since" in held.out
    assert f"The log proves {EVERYONE} of {EVERYONE}" in proved.out
    assert (0, 0) == (proved.status, after.status), proved.err + after.err
    assert EVERYONE == len(sent(filled))
    assert [] == sent(elsewhere)


def test_restore_holds_an_unfinished_run_and_sends_to_those_who_are_not_proved(
    filled: Publication, tmp_path: Path
) -> None:
    """10 before the backup, 10 after it, the disk dies: the last 10 get it, and nobody twice."""
    backup = tmp_path / "backup.tar"
    filled.run("send", ISSUE, "--limit", "10", "--yes")
    filled.run("backup", backup)
    filled.run("send", ISSUE, "--limit", "10", "--yes")
    log = relay_log(filled)
    for path in filled.folder.glob("newsletter.*"):
        if path.suffix != ".toml":
            path.unlink()

    restored = filled.run("restore", backup, "--log", log, "--reason", "disk died", "--yes")
    held = filled.run("send", ISSUE, "--yes")
    resumed = filled.run("resume", NAME)
    done = filled.run("send", ISSUE, "--yes")

    assert (1, 75) == (restored.status, held.status), restored.err + held.err
    assert f"{NAME} is held: it may have been sent to its end since, 10 proved" in restored.out
    assert (0, 0) == (resumed.status, done.status), done.out + done.err
    assert sorted(f"reader{number}@example.com" for number in range(EVERYONE)) == sent(filled)
    assert "disk died" in filled.run("log").out
    assert 0 == filled.run("log", "--verify").status


def test_restore_holds_a_run_that_was_frozen_in_part(filled: Publication, tmp_path: Path) -> None:
    """The backup was made in the middle of it: then it went out to all, and the disk died."""
    backup = tmp_path / "backup.tar"
    now = datetime.now(UTC)
    new = NewRun(issue=NAME, digest="d", subject="Five", message_date=now)

    def people(database: Database) -> Iterator[AudienceMember]:
        yield from repeat(next(database.subscribers.audience(now)), 2 * PAGE)
        assert 0 == filled.run("backup", backup).status
        assert 75 == filled.run("status", NAME).status
        assert 75 == filled.run("send", ISSUE, "--yes").status
        raise StoreError("the power failed")

    url, fails = (
        f"sqlite:///{filled.folder}/newsletter.db",
        pytest.raises(StoreError, match="power"),
    )
    with open_database(url) as database, fails:
        database.runs.open(new, people(database), now, by="ada", owner=this_process(now))
    first = filled.run("send", ISSUE, "--yes")
    log = relay_log(filled)

    restored = filled.run("restore", backup, "--yes")
    held = filled.run("send", ISSUE, "--yes")
    proved = filled.run("resolve", NAME, "--log", log, "--yes")

    assert (0, 1, 75) == (first.status, restored.status, held.status), held.out + held.err
    assert "its audience is not frozen whole" in restored.out
    assert "Nothing was sent: the books are a backup's" in held.out
    assert EVERYONE == len(sent(filled)), proved.out
    assert 0 == filled.run("status", NAME).status


def test_restore_keeps_the_database_of_before_and_every_file_that_is_there(
    filled: Publication, tmp_path: Path
) -> None:
    backup = tmp_path / "backup.tar"
    filled.run("backup", backup)
    (filled.folder / ISSUE).write_text("Edited since.\n")

    done = filled.run("restore", backup, "--yes")

    (kept,) = filled.folder.glob("newsletter.db.before-*")
    with open_database(f"sqlite:///{kept}") as database:
        assert EVERYONE == sum(database.subscribers.count().values())
    assert 0 == done.status, done.err
    assert "Edited since.\n" == (filled.folder / ISSUE).read_text()
    assert f"{EVERYONE}  confirmed" in filled.run("subscribers", "count").out


def test_backup_is_whole_while_the_publication_sends(
    filled: Publication, elsewhere: Publication, tmp_path: Path
) -> None:
    process = filled.start("send", ISSUE, "--rate", "1/s", "--yes", env={})
    while not list(filled.folder.glob("sent/*.eml")):
        time.sleep(0.02)
    done = filled.run("backup", tmp_path / "backup.tar")
    is_sending = process.poll() is None
    process.terminate()
    process.communicate(timeout=patience(60))

    restored = elsewhere.run("restore", tmp_path / "backup.tar", "--yes")
    with open_database(f"sqlite:///{elsewhere.folder}/newsletter.db") as database:
        (run,) = database.runs.all()
        balance = database.runs.balance(run.id)

    assert 0 == done.status, done.err
    assert is_sending
    assert 1 == restored.status, restored.err
    assert balance.balanced
    assert 0 == elsewhere.run("log", "--verify").status


def test_restore_is_refused_while_somebody_sends(filled: Publication, tmp_path: Path) -> None:
    filled.run("backup", tmp_path / "backup.tar")
    process = filled.start("send", ISSUE, "--rate", "2/s", "--yes", env={})
    while not list(filled.folder.glob("sent/*.eml")):
        time.sleep(0.02)

    done = filled.run("restore", tmp_path / "backup.tar", "--yes")
    process.terminate()
    process.communicate(timeout=patience(60))

    assert 2 == done.status, done.out
    assert "works with this database" in done.err


def test_backup_is_for_its_owner_alone_and_overwrites_nothing(
    filled: Publication, tmp_path: Path
) -> None:
    backup = tmp_path / "backup.tar"

    first = filled.run("backup", backup)
    second = filled.run("backup", backup)

    assert (0, 2) == (first.status, second.status), first.err
    assert 0o600 == backup.stat().st_mode & 0o777
    assert "no backup is overwritten" in second.err
    with tarfile.open(backup) as archive:
        names = archive.getnames()
    assert {"manifest.json", "database.sqlite", "publication/newsletter.toml"} <= set(names)
    assert not [name for name in names if "witness" in name]


@pytest.mark.parametrize("damage", ["cut", "changed", "not one", "no file"])
def test_restore_takes_no_damaged_backup(
    filled: Publication, elsewhere: Publication, tmp_path: Path, damage: str
) -> None:
    backup = tmp_path / "backup.tar"
    filled.run("backup", backup)
    octets = bytearray(backup.read_bytes())
    if damage == "cut":
        del octets[len(octets) // 2 :]
    elif damage == "changed":
        place = octets.index(b"reader7@example.com")
        octets[place] ^= 1
    elif damage == "not one":
        octets = bytearray(b"not a backup")
    backup.write_bytes(octets)
    if damage == "no file":
        backup.unlink()

    done = elsewhere.run("restore", backup, "--yes")

    assert 2 == done.status, done.out
    assert [] == list(elsewhere.folder.iterdir())
