"""`newsletter doctor` with the installed command: a line for each thing, and the worst decides."""

import asyncio
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.publication import Publication
from tests.faults.peer import Peer

pytestmark = pytest.mark.slow

ISSUE = "issues/2021-11-26.md"
ALERT = '[notifications]\nalert = ["desk@example.com"]'


@pytest.fixture
def sound(publication: Publication) -> Publication:
    toml = publication.folder / "newsletter.toml"
    toml.write_text(toml.read_text().replace("[notifications]", ALERT))
    publication.import_people(3)
    publication.run("dkim", "new", "--selector", "n1")
    toml.write_text(
        toml.read_text()
        .replace("[dkim]", '[dkim]\nselector = "n1"\nkey = "dkim/n1.pem"')
        .replace("[bounces]", '[bounces]\nsource = "maildir:returned"')
    )
    for part in ("cur", "new", "tmp"):
        (publication.folder / "returned" / part).mkdir(parents=True)
    publication.run("bounces", "read")
    return publication


def lines(out: str, level: str) -> list[str]:
    return [line for line in out.splitlines() if line.startswith(level)]


def test_doctor_finds_nothing_wrong_with_a_sound_publication(sound: Publication) -> None:
    done = sound.run("doctor")

    assert [] == lines(done.out, "warn") + lines(done.out, "bad"), done.out
    assert 0 == done.status
    for name in (
        "settings",
        "files",
        "templates",
        "dkim",
        "database",
        "log",
        "clock",
        "list",
        "relay",
    ):
        assert any(name in line for line in lines(done.out, "ok")), name


def world_readable(folder: Path) -> None:
    (folder / "newsletter.db").chmod(0o644)


def damaged(folder: Path) -> None:
    path = folder / "newsletter.db"
    octets = bytearray(path.read_bytes())
    octets[len(octets) // 2 :] = b"\xff" * (len(octets) - len(octets) // 2)
    path.write_bytes(octets)


def altered(folder: Path) -> None:
    with sqlite3.connect(folder / "newsletter.db") as connection:
        for (name,) in connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        ).fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute("UPDATE audit SET done_by = 'nobody' WHERE id = 1")


def older(folder: Path) -> None:
    with sqlite3.connect(folder / "newsletter.db") as connection:
        connection.execute("DELETE FROM audit WHERE 0")
    (folder / "newsletter.witness").write_text(f"9999 {'0' * 64}\n")


def no_key(folder: Path) -> None:
    (folder / "dkim/n1.pem").unlink()


@pytest.mark.parametrize(
    ("harm", "name", "words"),
    [
        (world_readable, "database", "others may read people's addresses"),
        (damaged, "database", ""),
        (altered, "log", "the log was changed at entry 1"),
        (older, "log", "older than what has happened"),
        (no_key, "dkim", ""),
    ],
)
def test_doctor_names_what_is_wrong(
    sound: Publication, harm: Callable[[Path], None], name: str, words: str
) -> None:
    sound.run("send", ISSUE, "--yes")
    harm(sound.folder)

    done = sound.run("doctor")

    found = lines(done.out, "bad")
    assert 2 == done.status, done.out
    assert any(line.split()[1] == name and words in line for line in found), done.out
    assert lines(done.out, "ok"), "one fault hides no other"


def test_doctor_tells_all_faults_of_the_settings(publication: Publication) -> None:
    toml = publication.folder / "newsletter.toml"
    toml.write_text(toml.read_text().replace("[limits]", "[limits]\nhtml_bytez = 3\nleas = 4"))

    done = publication.run("doctor")

    assert 2 == done.status
    assert 2 == len(lines(done.out, "bad")), done.out


def test_doctor_makes_no_database(publication: Publication) -> None:
    done = publication.run("doctor")

    assert 1 == done.status, done.out
    assert "there is none yet" in done.out
    assert not (publication.folder / "newsletter.db").exists()


@contextmanager
def relay(**how: Any) -> Iterator[Peer]:
    """In a thread, for the command runs beside it."""
    started, over = threading.Event(), threading.Event()
    peer = Peer(**how)

    async def serve() -> None:
        async with peer:
            started.set()
            await asyncio.to_thread(over.wait)

    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    started.wait()
    try:
        yield peer
    finally:
        over.set()
        thread.join()


def test_doctor_says_hello_to_the_relay_and_sends_nothing(sound: Publication) -> None:
    with relay() as peer:
        url = f"smtp://127.0.0.1:{peer.port}?tls=none"
        done = sound.run("doctor", env={"NEWSLETTER_TRANSPORT": url})

    assert 0 == done.status, done.out
    assert (1, []) == (peer.connections, peer.log)


def test_doctor_says_why_a_relay_takes_nothing_and_what_is_insecure(sound: Publication) -> None:
    with relay() as peer:
        url = f"smtp://127.0.0.1:{peer.port}?tls=insecure"
        done = sound.run("doctor", env={"NEWSLETTER_TRANSPORT": url})

    assert 2 == done.status, done.out
    assert "does not offer STARTTLS" in done.out
    assert "certificate is NOT verified" in done.out
    assert "certificate is NOT verified" in done.err
