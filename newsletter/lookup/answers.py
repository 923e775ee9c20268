"""The seam between us and the DNS: one question, and an answer that says how far it got.

That a record is missing is known only where the DNS said so. A server that is silent, that fails or
that talks nonsense has not said so, and never counts as if it had.
RFC 1035 (3.2.2, types), 2308 (no name, no record), 8914 (why a server could not find out).
"""

import ipaddress
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

DNS_PORT = 53
_MAX_PORT = 65535


class RecordType(StrEnum):
    """The types of record that are asked for."""

    A = "A"
    AAAA = "AAAA"
    MX = "MX"
    PTR = "PTR"
    TLSA = "TLSA"
    TXT = "TXT"


class Outcome(StrEnum):
    """How far a question got; the first three are the DNS's own word."""

    FOUND = "found"
    NO_NAME = "no name"
    """NXDOMAIN: nothing at all has this name."""
    NO_RECORD = "no record"
    """The name is there, and has no record of this type."""
    FAILED = "failed"
    """SERVFAIL, REFUSED and the like: whoever was asked could not find out."""
    NO_TIME = "no time"
    UNREADABLE = "unreadable"
    SPENT = "spent"
    """It was not asked any more: so many questions are enough."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """What came of one question. `values` are the records as a zone file has them.

    Of TXT they are its strings, joined, an octet a character; names have no dot at their end. `why`
    says in words what kept us from an answer. `is_authentic` is the resolver's word that DNSSEC
    proves it (RFC 6840, 5.7).
    """

    name: str
    kind: RecordType
    outcome: Outcome
    values: tuple[str, ...] = ()
    why: str = ""
    is_authentic: bool = False

    @property
    def is_missing(self) -> bool:
        """True only where the DNS said so."""
        return self.outcome in (Outcome.NO_NAME, Outcome.NO_RECORD)

    @property
    def is_unknown(self) -> bool:
        return self.outcome is not Outcome.FOUND and not self.is_missing

    @classmethod
    def of_address(cls, address: str) -> "Answer":
        """That of an IP address in place of a name, which nobody needs to be asked for."""
        kind = RecordType.AAAA if ":" in address else RecordType.A
        return cls(name=address, kind=kind, outcome=Outcome.FOUND, values=(address,))


class Resolver(Protocol):
    """Whoever asks the DNS for us. Safe for many tasks at once; never raises for an answer."""

    async def ask(self, name: str, kind: RecordType) -> Answer: ...


@dataclass(frozen=True, kw_only=True, slots=True)
class NameServer:
    """Where to ask: an IP address and a port, both for UDP and TCP."""

    address: str
    port: int = DNS_PORT

    def __str__(self) -> str:
        host = f"[{self.address}]" if ":" in self.address else self.address
        return f"{host}:{self.port}"


def parse_name_server(text: str) -> NameServer:
    """Raises ValueError for what is not an IP address, with a port or without.

    >>> str(parse_name_server("127.0.0.1:5353")), str(parse_name_server("2001:db8::1"))
    ('127.0.0.1:5353', '[2001:db8::1]:53')
    """
    host, colon, port = text.strip(), "", ""
    if host.startswith("["):
        host, _, rest = host[1:].partition("]")
        colon, port = rest[:1], rest[1:]
        if rest and colon != ":":
            raise ValueError
    elif host.count(":") == 1:
        host, colon, port = host.partition(":")
    if colon and not (port.isascii() and port.isdigit() and 0 < int(port) <= _MAX_PORT):
        raise ValueError
    address = str(ipaddress.ip_address(host))
    return NameServer(address=address, port=int(port) if colon else DNS_PORT)
