"""How often links came from one network that are none of ours; kept in memory, and bounded."""

from collections import OrderedDict
from datetime import datetime, timedelta
from ipaddress import IPv4Address, IPv6Address, ip_network

LIMIT = 60
"""Within `PAUSE`; a person with a broken link presses it a few times."""

PAUSE = timedelta(minutes=10)

_MOST_NETWORKS = 10_000
"""Whoever has more of them than that searches slowly, and finds nothing in 128 bits."""


class Misses:
    """Counts by IPv4 address, or by IPv6 /64."""

    def __init__(self) -> None:
        self._found: OrderedDict[str, tuple[datetime, int]] = OrderedDict()

    def are_too_many(self, client: IPv4Address | IPv6Address | None, now: datetime) -> bool:
        """One more; whether there are too many by now."""
        network = _network(client)
        since, count = self._found.pop(network, (now, 0))
        if now - since >= PAUSE:
            since, count = now, 0
        self._found[network] = (since, count + 1)
        if len(self._found) > _MOST_NETWORKS:
            self._found.popitem(last=False)
        return count >= LIMIT


def _network(client: IPv4Address | IPv6Address | None) -> str:
    if client is None:
        return ""
    width = 32 if isinstance(client, IPv4Address) else 64
    return str(ip_network(f"{client}/{width}", strict=False))
