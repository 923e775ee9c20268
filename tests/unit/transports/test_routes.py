"""Relays of groups beside the transport that carries all others."""

import asyncio
from collections.abc import Sequence
from typing import Self

from newsletter.clock import now
from newsletter.transports import (
    Carrier,
    RecordingTransport,
    Transport,
    carriers,
    members,
    open_transport,
    paced,
    relay_for,
    routed,
    routes,
    watched,
)

GMAIL, GMX = frozenset({"gmail"}), frozenset({"gmail", "gmx"})


def opened(url: str) -> Transport:
    return open_transport(url, clock=now)


def at(route: Sequence[Carrier]) -> list[tuple[str, int, float | None]]:
    return [
        (each.transport.name[:8], each.transport.connections, each.transport.rate) for each in route
    ]


def test_each_relay_is_a_route_and_carries_its_groups_alone() -> None:
    own, other = opened("smtp://a"), opened("roundrobin(smtp://b smtp://c)")
    first, second = routes(routed(own, {"gmail": other, "gmx": other}))

    assert (["smtp://a:587"], ["smtp://b:587", "smtp://c:587"]) == (
        [each.transport.name for each in first],
        [each.transport.name for each in second],
    )
    for group in ("gmail", "gmx"):
        assert not first[0].carries(group)
        assert all(each.carries(group) for each in second)
    assert first[0].carries("")
    assert not second[0].carries("")


def test_without_relays_of_groups_nothing_is_round_it() -> None:
    own = opened("smtp://a")

    assert own is routed(own, {})
    assert [None] == [each.only for each in carriers(own)]


def test_the_pace_of_a_command_is_each_relays_in_its_proportion() -> None:
    own = opened("smtp://a?connections=8&rate=50/s")
    other = opened("smtp://b?connections=4&rate=2/s")
    first, second = routes(paced(routed(own, {"gmail": other}), connections=2, rate=10.0))

    assert [("smtp://a", 2, 10.0)] == at(first)
    assert [("smtp://b", 1, 2.0)] == at(second)


def test_whoever_watches_hears_of_each_relay() -> None:
    class Nobody:
        def replied(self, relay: str, verdict: str, seconds: float) -> None: ...

        def lost(self, relay: str) -> None: ...

        def failed(self, relay: str) -> None: ...

    both = routed(RecordingTransport(), {"gmail": RecordingTransport()})

    assert all(hasattr(each.transport, "watcher") for each in carriers(watched(both, Nobody())))


def test_members_are_those_of_groups_too_and_letters_go_over_the_first() -> None:
    own, other = opened("smtp://a"), opened("failover(smtp://b smtp://c)")
    both = paced(routed(own, {"gmail": other}), connections=1)

    assert ["smtp://a:587", "smtp://b:587", "smtp://c:587"] == [each.name for each in members(both)]
    assert own.name == both.name
    assert (own, other) == (relay_for(both, ""), relay_for(both, "gmail"))
    assert both is not relay_for(own, "gmail")


def test_all_of_them_are_opened_and_closed_together() -> None:
    heard: list[str] = []

    class Heard(RecordingTransport):
        async def __aenter__(self) -> Self:
            heard.append("in")
            return self

        async def __aexit__(self, *_: object) -> None:
            heard.append("out")

    async def go() -> None:
        relay = Heard()
        async with routed(Heard(), {"gmail": relay, "gmx": relay}):
            heard.append("open")

    asyncio.run(go())

    assert ["in", "in", "open", "out", "out"] == heard
