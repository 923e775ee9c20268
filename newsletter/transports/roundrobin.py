"""The transport `roundrobin(smtps://a?weight=3 smtps://b)`: several relays, each with its share.

A run is sent over its members side by side, each judged by itself; how is left to
`newsletter.delivery.crew`, which asks for the members. A letter that goes out alone takes the relay
whose turn it is, and the next one where that cannot be reached.
"""

from collections.abc import Sequence
from dataclasses import replace
from types import TracebackType
from typing import Self

from newsletter.errors import RelayFault
from newsletter.transports.allotted import allotment_of
from newsletter.transports.base import BeforeContent, Envelope, Reply, Session, Transport


class RoundRobinTransport:
    """Opens each session at the member that is furthest behind its share."""

    def __init__(self, transports: Sequence[Transport]) -> None:
        self.transports = tuple(transports)
        self._opened = [0] * len(self.transports)

    @property
    def name(self) -> str:
        return f"roundrobin({' '.join(each.name for each in self.transports)})"

    @property
    def connections(self) -> int:
        """Those of all together."""
        return sum(each.connections for each in self.transports)

    @property
    def rate(self) -> float | None:
        """That of all together; None where one of them has no ceiling."""
        rates = [each.rate for each in self.transports]
        return sum(rate for rate in rates if rate) if all(rates) else None

    @property
    def is_idempotent(self) -> bool:
        """False, whatever they are: one does not know what another has."""
        return False

    async def open(self) -> Session:
        """Raises the RelayFault of the last that was asked, where none can be opened."""
        asked = sorted(range(len(self.transports)), key=self._lead)
        for number in asked[:-1]:
            try:
                return await self._open(number)
            except RelayFault:
                continue
        return await self._open(asked[-1])

    async def _open(self, number: int) -> Session:
        member = self.transports[number]
        session = await member.open()
        self._opened[number] += 1
        return _NamedSession(session, member.name)

    def _lead(self, number: int) -> float:
        return (self._opened[number] + 1) / (allotment_of(self.transports[number]).weight or 1)

    async def __aenter__(self) -> Self:
        for each in self.transports:
            await each.__aenter__()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        for each in self.transports:
            await each.__aexit__(kind, error, traceback)


class _NamedSession:
    """A session whose replies say whose they are."""

    def __init__(self, session: Session, name: str) -> None:
        self._session = session
        self._name = name

    async def deliver(
        self,
        envelope: Envelope,
        content: bytes,
        *,
        before_content: BeforeContent,
        following: Envelope | None = None,
    ) -> Reply:
        reply = await self._session.deliver(
            envelope, content, before_content=before_content, following=following
        )
        return replace(reply, transport=self._name)

    async def close(self) -> None:
        await self._session.close()
