"""What every transport of ours reads off its URL alone: its name, its connections, its rate.

How sessions are opened is left to each; most have nothing to let go of at the end.
"""

from types import TracebackType
from typing import Self

from newsletter.transports.base import Surroundings
from newsletter.transports.place import Place
from newsletter.transports.url import TransportURL


class NamedByURL:
    """The part of the `Transport` contract that the URL answers."""

    def __init__(self, url: TransportURL, surroundings: Surroundings | None = None) -> None:
        del surroundings  # a class that needs something of the world asks for them
        self._url = url

    @property
    def name(self) -> str:
        return self._url.masked

    @property
    def connections(self) -> int:
        return self._url.options.connections

    @property
    def rate(self) -> float | None:
        return self._url.options.rate

    @property
    def is_idempotent(self) -> bool:
        return False

    @property
    def place(self) -> Place | None:
        """Where it goes; None for one that stays on this machine's disk or terminal."""
        if not self._url.host:
            return None
        return Place(host=self._url.host, port=self._url.port or 0, is_here=self._url.is_loopback)

    @property
    def is_insecure(self) -> bool:
        """As `TransportURL.is_insecure`."""
        return self._url.is_insecure

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        return None
