"""The doctor says whether anybody reads what comes back, by what the books know of it."""

from dataclasses import replace
from pathlib import Path

import pytest

from newsletter.bounces.read import parse_source
from newsletter.publishing.bouncing import Arrival, take_in
from newsletter.publishing.doctoring.coming_back import coming_back
from newsletter.publishing.doctoring.finding import Level
from newsletter.publishing.publication import Books
from newsletter.publishing.reading_returns import opened, read_on
from newsletter.settings import Secret
from tests.integration.publishing.conftest import World


def books_of(world: World, transport: str, mailbox: Path | None = None) -> Books:
    settings = world.settings
    source = parse_source(f"maildir:{mailbox}") if mailbox else None
    world.settings = replace(
        settings,
        environment=replace(settings.environment, transport=Secret(transport)),
        bounces=replace(settings.bounces, source=source),
    )
    return world.books()


@pytest.fixture
def mailbox(tmp_path: Path) -> Path:
    for part in ("cur", "new", "tmp"):
        (tmp_path / "returned" / part).mkdir(parents=True)
    return tmp_path / "returned"


RELAY = "smtp://127.0.0.1:1?tls=none"


def test_a_mailbox_that_nobody_reads_is_said_plainly(world: World) -> None:
    (found,) = coming_back(books_of(world, RELAY))

    assert Level.WARN is found.level
    assert "nobody reads what comes back to bounces@news.example.com" in found.what
    assert "[bounces]" in found.step


def test_nothing_is_said_where_nothing_leaves(world: World) -> None:
    assert [] == list(coming_back(books_of(world, "directory:sent/")))


def test_a_mailbox_that_is_named_and_never_read_is_said(world: World, mailbox: Path) -> None:
    (found,) = coming_back(books_of(world, RELAY, mailbox))

    assert Level.WARN is found.level
    assert "has not been read yet" in found.what


def test_an_empty_mailbox_that_is_read_is_sound(world: World, mailbox: Path) -> None:
    books = books_of(world, RELAY, mailbox)
    source = books.settings.bounces.source
    assert source is not None
    with opened(source, books.settings) as box:
        read_on(box, source, books)
        (found,) = coming_back(books)
        (mailbox / "new" / "1").write_bytes(b"Subject: hello\n\nHello\n")
        late = read_on(box, source, books)

    assert Level.OK is found.level
    assert 1 == late.new


def test_whoever_hands_messages_over_reads_them(world: World) -> None:
    books = books_of(world, RELAY)
    take_in(Arrival(raw=b"Subject: hello\n\nHello\n", source="standard input"), books)

    (found,) = coming_back(books)

    assert Level.OK is found.level
