"""Leaving by a mail program's one click (RFC 8058): at once, from anywhere, as often as asked.

`newsletter/web/public/leaving.py` takes it.
"""

from typing import Any

import pytest

from newsletter.clock import now
from newsletter.publishing.readers import Purpose
from tests.integration.web.conftest import READER, MakeWorld, World

ONE_CLICK = "List-Unsubscribe=One-Click"
URLENCODED = "application/x-www-form-urlencoded"
MULTIPART = (
    b"--abc\r\nContent-Disposition: form-data; "
    b'name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--abc--\r\n'
)
WAYS: dict[str, dict[str, Any]] = {
    "urlencoded": {"content": ONE_CLICK, "headers": {"Content-Type": URLENCODED}},
    "urlencoded, with its charset": {
        "content": ONE_CLICK,
        "headers": {"Content-Type": f"{URLENCODED}; charset=UTF-8"},
    },
    "urlencoded, with a line end": {
        "content": f"{ONE_CLICK}\r\n",
        "headers": {"Content-Type": URLENCODED},
    },
    "multipart": {
        "content": MULTIPART,
        "headers": {"Content-Type": "multipart/form-data; boundary=abc"},
    },
    "from another origin": {
        "content": ONE_CLICK,
        "headers": {
            "Content-Type": URLENCODED,
            "Origin": "https://mail.example.net",
            "Sec-Fetch-Site": "cross-site",
            "Host": "10.0.0.1",
        },
    },
}


@pytest.mark.parametrize("way", WAYS)
def test_one_click_leaves_at_once_and_can_be_repeated(world: World, way: str) -> None:
    """A-SCAN-04 and A-CSRF-06."""
    path = world.path(Purpose.UNSUBSCRIBE)
    answers = [world.client.post(path, **WAYS[way]) for _ in range(3)]

    assert [200, 200, 200] == [answer.status_code for answer in answers]
    assert "unsubscribed" == world.state()
    assert all("set-cookie" not in answer.headers for answer in answers)
    assert 1 == len({answer.content for answer in answers})


def test_one_click_touches_only_the_reader_of_the_link(world: World) -> None:
    """A-CSRF-06."""
    world.add("other@example.com")
    world.client.post(world.path(Purpose.UNSUBSCRIBE), **WAYS["urlencoded"])

    assert ("unsubscribed", "confirmed") == (world.state(), world.state("other@example.com"))


@pytest.mark.parametrize(
    "body",
    [
        "",
        "List-Unsubscribe=",
        "List-Unsubscribe=one-click",
        "list-unsubscribe=One-Click",
        "List-Unsubscribe=One-Click2",
        "x=List-Unsubscribe%3DOne-Click",
    ],
)
def test_what_is_no_one_click_needs_a_stamp(world: World, body: str) -> None:
    answer = world.client.post(
        world.path(Purpose.UNSUBSCRIBE), content=body, headers={"Content-Type": URLENCODED}
    )

    assert (403, "confirmed") == (answer.status_code, world.state())


def test_the_path_of_the_header_is_the_last_one(world: World) -> None:
    """A-SCAN-06: where it is not quite right it is refused, and never redirected."""
    path = world.path(Purpose.UNSUBSCRIBE)
    for other in (f"{path}/", f"/{path}", f"{path}?x=1", f"{path}#x"):
        answer = world.client.post(other, **WAYS["urlencoded"])

        assert answer.status_code in {200, 404}
        assert not answer.is_redirect


def test_one_click_is_of_no_use_but_on_the_link_to_leave(world: World) -> None:
    """A-TOK-02."""
    leave, prefer = world.path(Purpose.UNSUBSCRIBE), world.path(Purpose.PREFERENCES)
    before = world.dump()
    for path in (prefer, f"{prefer}/erase", f"{leave}/undo", world.confirmation(), "/subscribe"):
        assert 403 == world.client.post(path, **WAYS["urlencoded"]).status_code
    assert before == world.dump()


@pytest.mark.postgresql
def test_one_click_works_on_postgresql(make_world: MakeWorld, postgresql_url: str) -> None:
    world = make_world(url=postgresql_url)
    world.add()
    path = world.path(Purpose.UNSUBSCRIBE)
    statuses = [world.client.post(path, **WAYS[way]).status_code for way in WAYS]

    assert [200] * len(WAYS) == statuses
    assert "unsubscribed" == world.state()
    assert 404 == world.client.get("/images/%00.png").status_code
    assert 404 == world.client.get("/issues/%00").status_code
    assert 200 == world.sign_up("new@example.com").status_code
    assert "pending" == world.state("new@example.com")


def test_who_was_never_on_the_list_stays_off_it(world: World) -> None:
    path = world.path(Purpose.UNSUBSCRIBE, "stranger@example.com")

    assert 200 == world.client.post(path, **WAYS["urlencoded"]).status_code
    found = world.database.suppressions.find("stranger@example.com")
    assert found is not None
    assert found.created_at <= now()


def test_a_publication_without_preferences_lets_people_leave(make_world: MakeWorld) -> None:
    world = make_world({"# preferences = true": "preferences = false"})
    world.add()

    assert 404 == world.client.get(world.path(Purpose.PREFERENCES)).status_code
    page = world.client.get(world.path(Purpose.UNSUBSCRIBE))
    assert "/preferences/" not in page.text
    assert (
        200 == world.client.post(world.path(Purpose.UNSUBSCRIBE), **WAYS["multipart"]).status_code
    )
    assert "unsubscribed" == world.state(READER)
