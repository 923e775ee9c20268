"""The open sessions of all lanes, and how many of them the relay takes at once.

No relay says its limit beforehand: it turns a session away while others are open. Which of the two
it is, a limit or a relay that lets nobody in, cannot be told before the openings under way have
ended, so that is waited for.
"""

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from newsletter.books import Adjustment, Manner
from newsletter.errors import RelayFault
from newsletter.transports import Session, Transport


@dataclass
class Sessions:
    """Opened for all lanes of one send. `limit` is None while none was turned away."""

    transport: Transport
    on_adjusted: Callable[[Adjustment], object]
    limit: int | None = None
    _losses: Counter[int] = field(default_factory=Counter)
    _open: int = 0
    _opening: int = 0
    _ended: asyncio.Event = field(default_factory=asyncio.Event)

    async def open(self) -> Session | None:
        """A session, or None where the relay takes no more than are open: one lane too many.

        Raises RelayFault where it takes none.
        """
        if self.limit is not None and self._open + self._opening >= self.limit:
            return None
        self._opening += 1
        try:
            session = await self.transport.open()
        except RelayFault as fault:
            self._end_opening()
            if not await self._is_one_open():
                raise
            self._learn(fault)
            return None
        except BaseException:
            self._end_opening()
            raise
        self._open += 1
        self._end_opening()
        return session

    async def close(self, session: Session) -> None:
        self._open -= 1
        await session.close()

    def is_lost_again(self, delivery_id: int, times: int) -> bool:
        """Count a session lost over a delivery; whether it has been so many times by now."""
        self._losses[delivery_id] += 1
        return self._losses[delivery_id] >= times

    def _end_opening(self) -> None:
        self._opening -= 1
        self._ended.set()
        self._ended = asyncio.Event()

    async def _is_one_open(self) -> bool:
        """Whether a session is open once no other opening can change that."""
        while not self._open and self._opening:
            await self._ended.wait()
        return self._open > 0

    def _learn(self, fault: RelayFault) -> None:
        if self.limit is None or self._open < self.limit:
            self.limit = self._open
            self.on_adjusted(Adjustment(manner=Manner.FEWER, said=fault.what, sessions=self.limit))
