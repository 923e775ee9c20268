"""What a run is sent over side by side, and what is allotted to each."""

from newsletter.clock import now
from newsletter.transports import (
    Allotment,
    Transport,
    allotment_of,
    carriers,
    open_transport,
    paced,
)

PAIR = "roundrobin(smtp://a?weight=3&connections=6&rate=30 smtp://b?per_day=2000&connections=2)"


def opened(url: str) -> Transport:
    return open_transport(url, clock=now)


def test_a_round_robin_is_its_members_each_with_its_allotment() -> None:
    one, two = carriers(opened(PAIR))

    assert (3, Allotment(weight=3)) == (one.weight, one.allotment)
    assert (1, Allotment(per_day=2000)) == (two.weight, two.allotment)
    assert "smtp://b:587?per_day=2000&connections=2" == two.transport.name
    assert (6, 30.0, 2, None) == (
        one.transport.connections,
        one.transport.rate,
        two.transport.connections,
        two.transport.rate,
    )


def test_any_other_transport_is_its_own_only_carrier() -> None:
    [alone] = carriers(opened("smtp://a?per_hour=5"))

    assert Allotment(per_hour=5) == alone.allotment


def test_a_failover_has_the_smallest_cap_of_all() -> None:
    found = allotment_of(opened("failover(smtp://a?per_day=9&weight=2 smtp://b?per_day=7)"))

    assert Allotment(per_day=7) == found


def test_the_pace_of_a_command_is_shared_by_sessions_and_by_weight() -> None:
    one, two = carriers(paced(opened(PAIR), connections=4, rate=8.0))

    assert (3, 6.0) == (one.transport.connections, one.transport.rate)
    assert (1, 2.0) == (two.transport.connections, two.transport.rate)


def test_a_round_robin_has_the_connections_of_all_and_a_rate_where_all_have() -> None:
    both = opened("roundrobin(smtp://a?rate=5 smtp://b?rate=6)")

    assert (8, 11.0) == (both.connections, both.rate)
    assert opened(PAIR).rate is None
