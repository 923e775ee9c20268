"""Whose request it is: the address that a limit goes by, believed only from whom we are to trust.

A proxy adds the address of whom it answers at the right end of X-Forwarded-For; what stands left of
it is the client's own claim, and worth nothing. RFC 7239 (8.1).
"""

from collections.abc import Iterable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

from starlette.datastructures import Headers
from starlette.types import Scope

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

_MOST = 20
"""Proxies in a row that anybody has."""


def client_of(scope: Scope, trusted: Sequence[Network]) -> Address | None:
    """The address of whoever asks; None where it cannot be told, as over a socket of this machine.

    An IPv4 address in IPv6 clothes is the IPv4 address (RFC 4291, 2.5.5.2).
    """
    peer = _address(scope["client"][0]) if scope.get("client") else None
    if peer is None or not _is_trusted(peer, trusted):
        return peer
    said = ",".join(Headers(scope=scope).getlist("x-forwarded-for")).split(",")
    for claim in reversed(said[-_MOST:]):
        address = _address(claim.strip())
        if address is None:
            return peer
        peer = address
        if not _is_trusted(address, trusted):
            break
    return peer


def is_behind_tls(scope: Scope, trusted: Sequence[Network]) -> bool:
    """Whether a proxy that we trust says that the reader came by https."""
    peer = _address(scope["client"][0]) if scope.get("client") else None
    if peer is None or not _is_trusted(peer, trusted):
        return False
    return Headers(scope=scope).get("x-forwarded-proto", "").lower() == "https"


def _address(text: str) -> Address | None:
    try:
        found = ip_address(text.strip("[]"))
    except ValueError:
        return None
    if isinstance(found, IPv4Address):
        return found
    return found.ipv4_mapped or IPv6Address(int(found))  # without its zone (RFC 4007, 11)


def _is_trusted(address: Address, trusted: Iterable[Network]) -> bool:
    return any(address in network for network in trusted)
