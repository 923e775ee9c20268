"""Signing up, abused: the same answer for everybody, one letter a day, and limits that hold.

`newsletter/web/public/signing_up.py` takes the form.
"""

from collections.abc import Callable, Mapping

import pytest

from newsletter.clock import now
from newsletter.publishing.readers import Purpose, erase
from newsletter.subscribers import SuppressionKind
from tests.integration.web.conftest import MakeWorld, World

WHO = "someone@example.com"


def _pending(world: World) -> None:
    world.sign_up(WHO)


def _confirmed(world: World) -> None:
    world.add(WHO)


def _left(world: World) -> None:
    world.add(WHO)
    world.database.membership.leave(WHO, now())


def _erased(world: World) -> None:
    world.add(WHO)
    erase(WHO, world.books)


def _suppressed(kind: SuppressionKind) -> Callable[[World], None]:
    def suppress(world: World) -> None:
        world.database.suppressions.add(WHO, "because", now(), kind=kind, by="ada")

    return suppress


STATES: Mapping[str, Callable[[World], None]] = {
    "unknown": lambda _: None,
    "pending": _pending,
    "confirmed": _confirmed,
    "unsubscribed": _left,
    "erased": _erased,
    **{kind.value: _suppressed(kind) for kind in SuppressionKind},
}


def test_the_answer_is_the_same_whoever_it_is(make_world: MakeWorld) -> None:
    """To the byte, headers among it; nobody learns who reads what."""
    answers = {}
    for state, become in STATES.items():
        world = make_world()
        become(world)
        answer = world.sign_up(WHO, "Eve")
        answers[state] = (answer.status_code, answer.content, answer.headers.items())

    first = answers["unknown"]
    assert 200 == first[0]
    assert dict.fromkeys(STATES, first) == answers


@pytest.mark.parametrize(
    ("state", "letters"),
    [*((state, 1) for state in STATES if state != SuppressionKind.BY_HAND), ("by hand", 0)],
)
def test_whoever_asks_gets_one_letter_but_for_whom_a_keeper_suppressed(
    world: World, state: str, letters: int
) -> None:
    """A-SUB-10: who had complained needs a fresh confirmation; their record is kept."""
    STATES[state](world)
    for _ in range(3):
        world.sign_up(WHO)

    assert letters == len(world.owed())
    assert "confirmed" != world.state(WHO) or state == "confirmed"


@pytest.mark.parametrize(
    ("spellings", "letters"),
    [
        (["a@example.com", "A@EXAMPLE.com", "a+1@example.com", "a+2+3@example.com"], 1),
        (["ab@gmail.com", "a.b@gmail.com", "A.B+x@GMAIL.com", "a.b@googlemail.com"], 1),
        (["a.b@example.com", "ab@example.com"], 2),  # elsewhere a dot makes another mailbox
        (["a@b\u00fccher.example", "a@xn--bcher-kva.example"], 1),
        (["+@example.com", "+a@example.com"], 2),
    ],
)
def test_a_mailbox_gets_one_letter_a_day_however_it_is_spelt(
    world: World, spellings: list[str], letters: int
) -> None:
    """A-SUB-06."""
    statuses = [world.sign_up(each).status_code for each in spellings]

    assert [200] * len(spellings) == statuses
    assert letters == len(world.owed())


def test_a_network_has_its_limit_and_is_told_when_to_come_again(make_world: MakeWorld) -> None:
    world = make_world({"# per_network_hour = 20": "per_network_hour = 3"})
    answers = [
        world.sign_up(f"r{n}@example.com", X_Forwarded_For=f"203.0.113.{n}") for n in range(5)
    ]

    assert [200, 200, 200, 429, 429] == [answer.status_code for answer in answers]
    assert 0 < int(answers[-1].headers["retry-after"]) <= 3_660
    assert "" == world.state("r4@example.com")


@pytest.mark.parametrize(
    ("addresses", "taken"),
    [
        (["203.0.113.7"] * 4, 2),  # one address
        ([f"203.0.113.{n}" for n in range(8)], 6),  # one /24
        ([f"203.0.{n}.1" for n in range(8)], 8),
        ([f"2001:db8::{n}" for n in range(4)], 2),  # one /64
        ([f"2001:db8:0:{n}::1" for n in range(8)], 6),  # one /48
        ([f"2001:db8:{n}::1" for n in range(8)], 8),
        (["203.0.113.7", "::ffff:203.0.113.7", "203.0.113.7"], 2),
        ([f"1.1.1.{n}, 203.0.113.7" for n in range(4)], 2),  # forged on the left
    ],
)
def test_networks_are_counted_by_their_size(
    make_world: MakeWorld, addresses: list[str], taken: int
) -> None:
    """A-SUB-02."""
    world = make_world(
        {
            "# per_network_hour = 20": "per_network_hour = 2",
            "[site]": '[site]\ntrusted_proxies = ["192.0.2.1"]',
        }
    )
    statuses = [
        world.sign_up(f"r{n}@example.com", X_Forwarded_For=address).status_code
        for n, address in enumerate(addresses)
    ]

    assert taken == statuses.count(200)
    assert len(addresses) - taken == statuses.count(429)


def test_all_together_have_a_limit(make_world: MakeWorld) -> None:
    world = make_world(
        {
            "# overall_hour = 2000": "overall_hour = 3",
            "[site]": '[site]\ntrusted_proxies = ["192.0.2.1"]',
        }
    )
    statuses = [
        world.sign_up(f"r{n}@example.com", X_Forwarded_For=f"203.{n}.0.1").status_code
        for n in range(5)
    ]

    assert [200, 200, 200, 429, 429] == statuses


def test_no_address_of_a_computer_is_written_down(world: World) -> None:
    world.sign_up(WHO)

    assert "192.0.2" not in str(world.dump())


def test_no_form_names_a_list(world: World) -> None:
    """A-SUB-12: there is one list to a site, and whatever else a form says is not looked at."""
    form = {"email": WHO, "stamp": world.stamp("subscribe"), "list": "secret", "tags": "press"}
    answer = world.client.post("/subscribe", data=form)

    assert 200 == answer.status_code
    found = world.database.subscribers.find([WHO])[WHO]
    assert ((), {}) == (found.tags, found.attributes)


def test_a_topic_that_nobody_offers_is_not_taken(world: World) -> None:
    form = {"stamp": world.stamp("prefer", "reader@example.com"), "topic": ["uk", "press", "\x00"]}
    world.client.post(world.path(Purpose.PREFERENCES), data=form)

    assert ("uk",) == world.database.subscribers.find(["reader@example.com"])[
        "reader@example.com"
    ].tags


def test_a_name_of_the_form_is_on_no_page_but_its_readers(world: World) -> None:
    """A subscriber's name as markup: escaped where they see it, and nowhere else."""
    name = "<b onmouseover=alert(1)>"
    world.add("ev@example.com", name)
    page = world.client.get(world.path(Purpose.PREFERENCES, "ev@example.com")).text

    assert name not in page
    assert "&lt;b onmouseover=alert(1)&gt;" in page
