"""The database goes away and comes back: calm pages, and nothing lost that was said to be done."""

import asyncio
import os
import sqlite3
import stat
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

import httpx
import pytest

from newsletter.publishing.readers import Purpose
from newsletter.web.public import guard, shelf
from tests.integration.store.conftest import Server
from tests.integration.web.conftest import MakeWorld, World

READ = ("/", "/issues/", "/issues/2021-11-26", "/issues/2021-11-26.json", "/feed.atom", "/site.css")


def files(world: World) -> list[Path]:
    return [*world.folder.glob("newsletter.db*")]


def _removed(world: World) -> Callable[[], None]:
    held = world.folder / "held"
    held.mkdir()
    for path in files(world):
        path.rename(held / path.name)

    def back() -> None:
        for path in held.iterdir():
            path.rename(world.folder / path.name)

    return back


def _replaced(world: World) -> Callable[[], None]:
    """Somebody else's file under its name, and back: as a restore that was done too late."""
    back = _removed(world)
    (world.folder / "newsletter.db").write_bytes(b"\x00garbage" * 4_096)

    def back_again() -> None:
        (world.folder / "newsletter.db").unlink()
        back()

    return back_again


def _damaged(world: World) -> Callable[[], None]:
    world.site.books.close()  # else the pages that it has in memory are good
    world.database.close()
    path = world.folder / "newsletter.db"
    before = path.read_bytes()
    path.write_bytes(b"\x00garbage" * 4_096)

    def back() -> None:
        for each in files(world):
            each.unlink()
        path.write_bytes(before)
        path.chmod(0o600)

    return back


WAYS: Mapping[str, Callable[[World], Callable[[], None]]] = {
    "removed": _removed,
    "replaced": _replaced,
    "damaged": _damaged,
}


@pytest.mark.parametrize("way", WAYS)
def test_while_it_is_away_pages_are_calm_the_archive_is_there_and_it_comes_back(
    world: World, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shelf, "LOOK", 0.0)
    form = {"email": "new@example.com", "stamp": world.stamp("subscribe")}
    leave = world.path(Purpose.UNSUBSCRIBE)
    click = {"List-Unsubscribe": "One-Click"}
    for path in READ:
        assert 200 == world.client.get(path).status_code

    back = WAYS[way](world)
    answers = [
        world.client.post("/subscribe", data=form),
        world.client.get("/subscribe"),
        world.client.get(leave),
        world.client.post(leave, data=click),
        world.client.get("/healthz"),
    ]

    assert [503] * 5 == [answer.status_code for answer in answers]
    assert {"30"} == {answer.headers["retry-after"] for answer in answers}
    assert {"no-store"} == {answer.headers["cache-control"] for answer in answers}
    assert "newsletter.db" not in "".join(answer.text for answer in answers)
    assert not (world.folder / "newsletter.db").exists() or way != "removed"
    assert [200] * len(READ) == [world.client.get(path).status_code for path in READ]
    assert 404 == world.client.get("/nowhere").status_code

    back()

    assert 200 == world.client.post("/subscribe", data=form).status_code
    assert 200 == world.client.post(leave, data=click).status_code
    assert 200 == world.client.get("/healthz").status_code
    with closing(sqlite3.connect(world.folder / "newsletter.db")) as connection:
        rows = connection.execute("SELECT address, state FROM subscribers ORDER BY id").fetchall()
    assert [("reader@example.com", "unsubscribed"), ("new@example.com", "pending")] == rows


def test_where_it_never_was_there_every_page_says_so(make_world: MakeWorld) -> None:
    world = make_world()
    world.database.close()
    (world.folder / "newsletter.db").write_bytes(b"\x00garbage" * 4_096)

    for path in (*READ, "/subscribe"):
        answer = world.client.get(path)

        assert (503, "30") == (answer.status_code, answer.headers["retry-after"])
    assert 404 == world.client.get("/nowhere").status_code


def test_a_database_that_is_locked_holds_up_no_page_that_is_read(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More forms wait for it than there are threads, and the archive is read all the same."""
    monkeypatch.setattr(guard, "MOST_TIME", 2.0)
    monkeypatch.setattr(shelf, "LOOK", 0.0)
    for path in READ:
        world.client.get(path)
    forms = [
        {"email": f"r{n}@example.com", "stamp": world.stamp("subscribe")}
        for n in range(2 * (os.cpu_count() or 1) + 40)
    ]

    async def ask() -> tuple[list[httpx.Response], list[httpx.Response]]:
        client = world.client._client
        waiting = [asyncio.create_task(client.post("/subscribe", data=form)) for form in forms]
        await asyncio.sleep(0.5)
        read = [await client.get(path) for path in READ]
        assert not any(task.done() for task in waiting)
        return read, await asyncio.gather(*waiting)

    with _locked(world):
        read, waited = world.client.run(ask())

    assert [200] * len(READ) == [answer.status_code for answer in read]
    assert {503} == {answer.status_code for answer in waited}
    assert {"30"} == {answer.headers["retry-after"] for answer in waited}
    assert "<h1>" in waited[0].text
    assert "content-security-policy" in waited[0].headers


@contextmanager
def _locked(world: World) -> Iterator[None]:
    with closing(sqlite3.connect(world.folder / "newsletter.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


@pytest.mark.skipif(os.getuid() == 0, reason="root may write whatever the mode says")
def test_a_database_that_may_not_be_written_to_is_away(world: World) -> None:
    path = world.folder / "newsletter.db"
    world.database.close()
    path.chmod(stat.S_IRUSR)

    assert 503 == world.client.get("/subscribe").status_code

    path.chmod(stat.S_IRUSR | stat.S_IWUSR)

    assert 200 == world.client.get("/subscribe").status_code


@pytest.mark.postgresql
def test_a_postgresql_that_crashes_takes_no_page_with_it(
    make_world: MakeWorld,
    postgresql_server: Server,
    postgresql_url: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(shelf, "LOOK", 0.0)
    world = make_world(url=postgresql_url)
    world.publish()
    form = {"email": "new@example.com", "stamp": world.stamp("subscribe")}
    assert 200 == world.client.get("/issues/2021-11-26").status_code
    assert 200 == world.client.get("/subscribe").status_code

    with postgresql_server.stopped():
        away = world.client.post("/subscribe", data=form)
        read = world.client.get("/issues/2021-11-26")

    assert (503, "30", 200) == (away.status_code, away.headers["retry-after"], read.status_code)
    assert 200 == world.client.post("/subscribe", data=form).status_code
    assert "pending" == world.state("new@example.com")
