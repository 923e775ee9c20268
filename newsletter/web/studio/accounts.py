"""Which account of this machine asks: the system itself knows who holds the other end of a socket.

On a machine that several people use, somebody else's server on another port is sent our cookie
(RFC 6265, 8.5: cookies do not know ports), and somebody else's process may take our port once we
are gone. Neither helps where a cookie is good for one account alone. Only Linux tells; elsewhere,
and for whoever asks from another machine, the answer is that nobody knows. proc(5), proc_net_tcp.
"""

import sys
from collections.abc import Iterator
from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path

_TABLES = (Path("/proc/net/tcp"), Path("/proc/net/tcp6"))
_LOCAL, _REMOTE, _ACCOUNT = 1, 2, 7
"""Columns of these tables."""

End = tuple[str, int]
"""Address and port of one end of a connection."""


def account_of(client: End, server: End) -> int | None:
    """The user ID of who holds the client's end; None where the system does not tell."""
    ends = _Ends.of(client, server)
    return ends.account(line for table in _TABLES for line in _lines(table)) if ends else None


class _Ends:
    """Both ends as the tables write them: an IPv4 address may be there in IPv6 clothes."""

    def __init__(self, client: set[str], server: set[str]) -> None:
        self._client = client
        self._server = server

    @classmethod
    def of(cls, client: End, server: End) -> "_Ends | None":
        try:
            return cls(_written(client), _written(server))
        except ValueError:
            return None

    def account(self, lines: Iterator[str]) -> int | None:
        for line in lines:
            columns = line.split(maxsplit=_ACCOUNT + 1)
            if len(columns) > _ACCOUNT and self._are(columns[_LOCAL], columns[_REMOTE]):
                return int(columns[_ACCOUNT])
        return None

    def _are(self, local: str, remote: str) -> bool:
        return local in self._client and remote in self._server


def _written(end: End) -> set[str]:
    """`127.0.0.1`, 8080 is `0100007F:1F90`: words of four octets in this machine's order."""
    address, port = ip_address(end[0].partition("%")[0]), f"{end[1]:04X}"
    forms = [address]
    if isinstance(address, IPv4Address):
        forms.append(IPv6Address(f"::ffff:{address}"))
    elif address.ipv4_mapped:
        forms.append(address.ipv4_mapped)
    return {f"{_words(each.packed)}:{port}" for each in forms}


def _words(packed: bytes) -> str:
    words = (packed[at : at + 4] for at in range(0, len(packed), 4))
    return "".join(f"{int.from_bytes(word, sys.byteorder):08X}" for word in words)


def _lines(table: Path) -> Iterator[str]:
    try:
        with table.open(encoding="ascii", errors="replace") as lines:
            next(lines, None)
            yield from lines
    except OSError:
        return
