"""Where the metrics are served, as it is written on the command line: `[HOST:]PORT`."""

from dataclasses import dataclass

HOST = "127.0.0.1"
"""Whoever may read the figures is the operator's to say, and not everybody."""

_MOST = 65_535


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Port 0 is a free one."""

    host: str = HOST
    port: int


def parse_place(text: str) -> Place:
    """Raises ValueError.

    >>> parse_place("9101")
    Place(host='127.0.0.1', port=9101)
    >>> parse_place("[::1]:9101").host
    '::1'
    """
    host, _, port = text.rpartition(":")
    if not (port.isascii() and port.isdecimal()) or int(port) > _MOST:
        raise ValueError(f"“{text}” is no [HOST:]PORT, such as 9101 or 10.0.0.5:9101")
    return Place(host=host.removeprefix("[").removesuffix("]") or HOST, port=int(port))
