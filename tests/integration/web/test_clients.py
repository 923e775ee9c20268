"""Whose request it is: what a proxy says is believed only where the settings name it."""

from ipaddress import ip_address, ip_network
from typing import Any

import pytest

from newsletter.web.public.clients import client_of, is_behind_tls

PROXY = "10.0.0.1"
TRUSTED = [ip_network("10.0.0.0/8"), ip_network("fd00::/8")]


def scope(peer: str | None, *forwarded: str, proto: str = "") -> dict[str, Any]:
    headers = [(b"x-forwarded-for", each.encode("latin-1")) for each in forwarded]
    if proto:
        headers.append((b"x-forwarded-proto", proto.encode()))
    return {"type": "http", "headers": headers, "client": (peer, 4711) if peer else None}


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("198.51.100.7", ["203.0.113.9"], "198.51.100.7"),  # nobody we trust
        (PROXY, ["203.0.113.9"], "203.0.113.9"),
        (PROXY, ["1.1.1.1, 203.0.113.9"], "203.0.113.9"),  # the client's own claim is on the left
        (PROXY, ["1.1.1.1", "203.0.113.9"], "203.0.113.9"),
        (PROXY, ["203.0.113.9, 10.0.0.2"], "203.0.113.9"),  # two proxies of ours
        (PROXY, ["unknown"], PROXY),
        (PROXY, [""], PROXY),
        (PROXY, [], PROXY),
        (PROXY, ["203.0.113.9, \xff"], PROXY),
        (PROXY, ["10.0.0.2," * 5_000], PROXY),
        (PROXY, ["::ffff:203.0.113.9"], "203.0.113.9"),
        (PROXY, ["[2001:db8::1]"], "2001:db8::1"),
        (PROXY, ["2001:db8::1%eth0, 10.0.0.2"], "2001:db8::1"),
        ("fe80::1%eth0", [], "fe80::1"),
        ("::ffff:10.0.0.1", ["203.0.113.9"], "203.0.113.9"),
        (None, ["203.0.113.9"], None),  # a socket of this machine
        ("testclient", ["203.0.113.9"], None),
    ],
)
def test_client_of_believes_the_right_end_and_proxies_of_the_settings_alone(
    peer: str | None, forwarded: list[str], client: str | None
) -> None:
    found = client_of(scope(peer, *forwarded), TRUSTED)

    assert (ip_address(client) if client else None) == found


def test_is_behind_tls_believes_a_trusted_proxy_alone() -> None:
    assert is_behind_tls(scope(PROXY, proto="https"), TRUSTED)
    assert not is_behind_tls(scope(PROXY, proto="http"), TRUSTED)
    assert not is_behind_tls(scope("203.0.113.9", proto="https"), TRUSTED)
    assert not is_behind_tls(scope(None, proto="https"), TRUSTED)
