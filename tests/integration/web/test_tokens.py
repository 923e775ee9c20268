"""Links: each for one reader, one list and one purpose, under every key that there was."""

import ast
import re
import secrets
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import newsletter
from newsletter.books import LETTER_LIFE, PublicationKey
from newsletter.clock import now
from newsletter.publishing.readers import Purpose
from newsletter.store import open_database
from newsletter.subscribers import make_token, secret_of
from newsletter.web.public.misses import LIMIT
from tests.integration.web.conftest import KEY, READER, MakeWorld, World

PAGES = {purpose: f"/{purpose}/" for purpose in Purpose}


def token(world: World, purpose: Purpose) -> str:
    if purpose is Purpose.CONFIRM:
        return world.confirmation().rpartition("/")[2]
    return world.path(purpose).rpartition("/")[2]


@pytest.mark.parametrize("purpose", Purpose)
def test_a_token_is_good_for_its_own_purpose_alone(world: World, purpose: Purpose) -> None:
    """A-TOK-02."""
    found = {page: world.client.get(f"{PAGES[page]}{token(world, purpose)}") for page in Purpose}

    assert {page: 200 if page is purpose else 400 for page in Purpose} == {
        page: answer.status_code for page, answer in found.items()
    }


@pytest.mark.parametrize("purpose", Purpose)
def test_a_token_that_was_changed_is_none(world: World, purpose: Purpose) -> None:
    good = token(world, purpose)
    changed = [
        good[:-1],
        good[1:],
        good[:27],
        good[:26],
        good * 2,
        good + good[-1],
        good + "=",
        good + "A",
        good + "%00",
        good + "%20",
        good + "%0a",
        good.swapcase(),
        good.lower(),
        good[:-1] + ("A" if good[-1] != "A" else "B"),
        good.replace(good[5], "é", 1),
        good + ".",
        good + "/",
        "A" * len(good),
        "A" * 8_000,
        "123",  # A-TOK-04: no number is a link
        "reader@example.com",
        "é",
        "%ff%fe",
    ]
    before = world.dump()
    for other in changed:
        for method in ("GET", "POST"):
            body = {"List-Unsubscribe": "One-Click"} if method == "POST" else None
            answer = world.client.request(method, PAGES[purpose] + other, data=body)

            assert answer.status_code in {400, 404}, other
            assert READER not in answer.text
    assert before == world.dump()


def test_a_token_of_another_list_is_none(world: World) -> None:
    other = make_token(KEY.encode(), purpose="unsubscribe", list_id="other.example", subject=READER)

    assert 400 == world.client.get(f"/unsubscribe/{other}").status_code


def test_a_token_of_a_neighbour_in_the_database_is_none(world: World) -> None:
    """The same secret and the same list's name, but another publication's salt."""
    with open_database(
        world.url, PublicationKey(key="other", name="Other", is_given=True)
    ) as database:
        secret = secret_of(KEY.encode(), database.publication.salt)
    list_id = world.settings.sender.list_id
    other = make_token(secret, purpose="unsubscribe", list_id=list_id, subject=READER)

    assert 400 == world.client.get(f"/unsubscribe/{other}").status_code


def test_links_of_a_former_key_work_and_new_ones_are_of_the_new_key(make_world: MakeWorld) -> None:
    new = "fedcba9876543210" * 4
    world = make_world(NEWSLETTER_SECRET_KEY=new, NEWSLETTER_SECRET_KEY_OLD=KEY)
    world.add()
    list_id = world.settings.sender.list_id
    old, latest = (
        make_token(key.encode(), purpose="unsubscribe", list_id=list_id, subject=READER)
        for key in (KEY, new)
    )
    page = world.client.get(f"/unsubscribe/{old}")

    assert (200, True) == (page.status_code, f"/unsubscribe/{old}" in page.text)
    assert latest == token(world, Purpose.UNSUBSCRIBE)
    click = {"List-Unsubscribe": "One-Click"}
    assert 200 == world.client.post(f"/unsubscribe/{old}", data=click).status_code
    assert "unsubscribed" == world.state()


def test_a_link_to_leave_has_no_end_and_one_to_confirm_has(world: World) -> None:
    """A token says nothing of when it was made, but for a confirmation's."""
    aged = world.confirmation(made_at=now() - LETTER_LIFE)
    old = world.confirmation(made_at=datetime(2001, 1, 1, tzinfo=UTC))
    fresh = world.confirmation(made_at=now() - LETTER_LIFE + timedelta(minutes=2))

    assert [410, 410, 200] == [world.client.get(path).status_code for path in (aged, old, fresh)]
    assert (
        410 == world.client.post(aged, data={"stamp": world.stamp("confirm", READER)}).status_code
    )


def test_who_tries_tokens_is_told_to_wait_and_good_links_still_work(world: World) -> None:
    """A-TOK-10: all bad ones are answered alike; only they are counted."""
    bad = [secrets.token_urlsafe(36) for _ in range(LIMIT + 40)]
    answers = [world.client.get(f"/unsubscribe/{each}") for each in bad]

    assert [400] * LIMIT + [429] * 40 == [answer.status_code for answer in answers]
    assert 1 == len({answer.content for answer in answers[:LIMIT]})
    assert int(answers[-1].headers["retry-after"]) > 0
    assert 200 == world.client.get(world.path(Purpose.UNSUBSCRIBE)).status_code
    click = {"List-Unsubscribe": "One-Click"}
    assert 200 == world.client.post(world.path(Purpose.UNSUBSCRIBE), data=click).status_code


@pytest.mark.slow
def test_ten_thousand_random_tokens_find_nothing(world: World) -> None:
    """A-TOK-10."""
    before = world.dump()
    statuses = {
        world.client.get(f"/preferences/{secrets.token_urlsafe(20 + n % 40)}").status_code
        for n in range(10_000)
    }

    assert {400, 429} == statuses
    assert before == world.dump()


SECRET_WORDS = {"token", "mac", "stamp", "secret", "signature"}
OUR_OWN = {
    "publishing/pictures.py",
    "transports/smtp.py",
    "transports/tokens.py",
}
"""Where two are compared that are both ours, and nobody else has sent either."""


def test_no_secret_is_compared_by_equality() -> None:
    """A-TOK-06: `==` on a secret stops at the first octet that differs, and so tells of it."""
    word = re.compile(rf"\b_?(?:{'|'.join(SECRET_WORDS)})\b")
    package = Path(newsletter.__file__).parent
    sources = {
        path: path.read_text(encoding="utf-8")
        for path in sorted(package.rglob("*.py"))
        if str(path.relative_to(package)) not in OUR_OWN
    }
    compared = [
        f"{path.name}:{node.lineno}"
        for path, source in sources.items()
        if word.search(source)
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Compare)
        and any(isinstance(operator, ast.Eq | ast.NotEq) for operator in node.ops)
        and any(word.fullmatch(_word(side)) for side in (node.left, *node.comparators))
    ]

    assert len(sources) > 100
    assert [] == compared


def _word(node: ast.expr) -> str:
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case ast.Call(func=function):
            return _word(function)
        case _:
            return ""
