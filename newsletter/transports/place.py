"""Where a transport leads, and how the way there is protected: facts for whoever looks, no more."""

import ssl
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol, runtime_checkable


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """A server by its name or IP address. `is_here` is True for this very machine."""

    host: str
    port: int
    is_here: bool


@runtime_checkable
class Placed(Protocol):
    """A transport that leads to a server."""

    @property
    def place(self) -> Place | None: ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Encryption:
    """TLS as it was agreed on. `valid_until` is the certificate's, None for one not verified."""

    version: str
    cipher: str
    valid_until: datetime | None


@runtime_checkable
class Encrypted(Protocol):
    """A session that can say how it is protected; None where it is not."""

    @property
    def encryption(self) -> Encryption | None: ...


def encryption_of(tls: ssl.SSLObject | None) -> Encryption | None:
    """What is known of one connection."""
    if tls is None:
        return None
    ends = (tls.getpeercert() or {}).get("notAfter")
    seconds = ssl.cert_time_to_seconds(ends) if isinstance(ends, str) else None
    cipher = tls.cipher()
    return Encryption(
        version=tls.version() or "",
        cipher=cipher[0] if cipher else "",
        valid_until=None if seconds is None else datetime.fromtimestamp(seconds, UTC),
    )
