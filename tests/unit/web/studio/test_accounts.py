"""Whose the other end of a socket is: `newsletter.web.studio.accounts`."""

import os
import socket
import sys

import pytest

from newsletter.web.studio.accounts import account_of

linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux tells")


@linux
@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_account_of_a_neighbour_is_known(host: str) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listener = socket.create_server((host, 0), family=family)
    except OSError:
        pytest.skip(f"no {host} on this machine")
    with listener, socket.create_connection(listener.getsockname()[:2]) as client:
        peer, _ = listener.accept()
        with peer:
            account = account_of(client.getsockname()[:2], peer.getsockname()[:2])

    assert os.geteuid() == account


@linux
def test_account_is_known_where_an_ipv4_address_comes_in_ipv6_clothes() -> None:
    if not socket.has_dualstack_ipv6():
        pytest.skip("no IPv6 on this machine")
    with (
        socket.create_server(("127.0.0.1", 0)) as listener,
        socket.socket(socket.AF_INET6) as client,
    ):
        client.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        client.connect(("::ffff:127.0.0.1", listener.getsockname()[1]))
        peer, came_from = listener.accept()
        with peer:
            account = account_of(came_from, peer.getsockname())

    assert os.geteuid() == account


def test_nobody_knows_whose_a_socket_is_that_is_not_here() -> None:
    assert account_of(("192.0.2.1", 1), ("192.0.2.2", 2)) is None
    assert account_of(("testclient", 50_000), ("testserver", 80)) is None
