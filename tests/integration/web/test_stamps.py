"""Every form that changes something: only with a stamp of ours, and only from a page of ours.

`newsletter/web/public/forms.py` looks at both.
"""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

import pytest

from newsletter.addresses import parse_addr_spec
from newsletter.clock import now
from newsletter.publishing.readers import Purpose
from newsletter.publishing.readers.stamps import LIFE
from newsletter.store import Wish
from tests.integration.web.conftest import HOME, READER, World, stamp_in
from tests.integration.web.routes import FORMS, good_paths, templates

FIELDS = {"email": "new@example.com", "first_name": "Eve", "reason": "often", "pause": "4"}
OTHER = "other@example.com"


def path_of(world: World, route: str) -> str:
    return next(
        asked.path
        for asked in good_paths(world)
        if asked.route == route and "POST" in asked.methods
    )


def refused_stamps(world: World, act: str, reader: str) -> Iterator[tuple[str, str]]:
    moment = now()
    yield "none", ""
    yield "nonsense", "x" * 40
    yield "too old", world.stamp(act, reader, moment - LIFE - timedelta(seconds=1))
    yield "from the future", world.stamp(act, reader, moment + timedelta(minutes=6))
    yield "of another reader", world.stamp(act, OTHER)
    yield "of nobody" if reader else "of a reader", world.stamp(act, "" if reader else READER)
    for other, subject in FORMS.values():
        if other != act:
            yield f"of “{other}”", world.stamp(other, subject)
    good = world.stamp(act, reader)
    yield "cut", good[:-1]
    yield "doubled", good * 2
    yield "longer", good + "A"
    yield "in capitals", good.upper()
    yield "a link’s token", world.path(Purpose.UNSUBSCRIBE, READER).rpartition("/")[2]
    if act != "subscribe":
        yield "of the form for other sites", world.stamps.embedded()


def test_the_table_has_every_route_that_takes_a_form() -> None:
    assert set(FORMS) == {path for path, methods in templates() if "POST" in methods}


@pytest.mark.parametrize("route", FORMS)
def test_a_form_without_a_good_stamp_changes_nothing(world: World, route: str) -> None:
    """A-CSRF-02, and A-TOK-02 for stamps."""
    world.add(OTHER)
    world.client.post(world.path(Purpose.UNSUBSCRIBE, OTHER), data=_one_click())
    path, (act, reader) = path_of(world, route), FORMS[route]
    before = world.dump()
    for why, stamp in refused_stamps(world, act, reader):
        answer = world.client.post(path, data={**FIELDS, "stamp": stamp})

        assert 403 == answer.status_code, why
    assert before == world.dump()


@pytest.mark.parametrize("route", FORMS)
def test_a_good_stamp_in_what_is_no_form_changes_nothing(world: World, route: str) -> None:
    """A-CSRF-02: a page elsewhere can send text/plain, and JSON inside it."""
    path, stamp = path_of(world, route), world.stamp(*FORMS[route])
    before = world.dump()
    for asked in (
        {"json": {**FIELDS, "stamp": stamp}},
        {"content": f"stamp={stamp}", "headers": {"Content-Type": "text/plain"}},
        {"content": f'{{"stamp": "{stamp}"}}', "headers": {"Content-Type": "text/plain"}},
        {"content": f"stamp={stamp}"},
        {"params": {**FIELDS, "stamp": stamp}},  # in the query
    ):
        assert 403 == world.client.post(path, **asked).status_code, asked
    assert before == world.dump()


@pytest.mark.parametrize("route", FORMS)
def test_a_browser_that_says_that_a_form_is_a_strangers_is_believed(
    world: World, route: str
) -> None:
    path, stamp = path_of(world, route), world.stamp(*FORMS[route])
    elsewhere: list[Mapping[str, str]] = [
        {"Sec-Fetch-Site": "cross-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "http://news.example.com"},
        {"Origin": "https://news.example.com.evil.example"},
        {"Origin": "https://evil.example", "Host": "evil.example"},
        {"Origin": "null", "Sec-Fetch-Site": "cross-site"},
    ]
    before = world.dump()
    for headers in elsewhere:
        answer = world.client.post(path, data={**FIELDS, "stamp": stamp}, headers=headers)

        assert 403 == answer.status_code, headers
    assert before == world.dump()


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "null", "Sec-Fetch-Site": "same-origin"},  # our pages give no referrer
        {"Origin": HOME, "Sec-Fetch-Site": "same-origin"},
    ],
)
def test_the_forms_of_our_own_pages_are_taken(world: World, headers: dict[str, str]) -> None:
    path = world.path(Purpose.PREFERENCES)
    stamp = stamp_in(world.client.get(path).text)
    form = {"stamp": stamp, "first_name": "Zed", "pause": "4"}

    assert 200 == world.client.post(path, data=form, headers=headers).status_code
    assert "Zed" == world.database.subscribers.find([READER])[READER].first_name


def test_the_form_for_other_sites_is_taken_from_there_and_signs_up_no_further(
    world: World,
) -> None:
    stamp = world.stamps.embedded()
    form = {"email": "new@example.com", "stamp": stamp}
    headers = {"Origin": "https://blog.example.org", "Sec-Fetch-Site": "cross-site"}

    assert 200 == world.client.post("/subscribe", data=form, headers=headers).status_code
    assert "pending" == world.state("new@example.com")


def test_a_stamp_that_waited_too_long_is_told_with_what_was_typed(world: World) -> None:
    old = world.stamp("subscribe", "", now() - LIFE)
    form = {"email": "new@example.com", "first_name": "Eve", "stamp": old}
    answer = world.client.post("/subscribe", data=form)

    assert 403 == answer.status_code
    assert 'value="new@example.com"' in answer.text
    again = {**form, "stamp": stamp_in(answer.text)}
    assert 200 == world.client.post("/subscribe", data=again).status_code


def test_nothing_is_changed_by_looking(world: World) -> None:
    """A-SCAN-02: every route by every method that only looks, with good links, many times."""
    world.database.membership.ask(_wish("pending@example.com"), now())
    paths = [
        asked.path
        for reader in (READER, "pending@example.com", "stranger@example.com")
        for asked in good_paths(world, reader)
    ]
    before = world.dump()
    for path in paths:
        for method in ("GET", "HEAD", "OPTIONS", "PUT", "DELETE"):
            asked: dict[str, Any] = {"params": {"List-Unsubscribe": "One-Click", "confirm": "yes"}}
            world.client.request(method, path, content=b"List-Unsubscribe=One-Click", **asked)

    assert before == world.dump()


def _one_click() -> dict[str, str]:
    return {"List-Unsubscribe": "One-Click"}


def _wish(address: str) -> Wish:
    spec = parse_addr_spec(address)
    return Wish(address=spec, first_name="", limit_key=spec.key, source="a test")
