"""Groups of domains side by side, for all lanes of one relay.

Each group is a stream: it has claims of its own, which go out at a pace of its own. A lane is bound
to none of them. It takes the next message whose turn has come, of the stream that is furthest
behind: so nobody waits for a receiver that is slow to take, and what the relay takes is shared by
how many each group has. What is claimed is left to `supply`, what goes out to `lane`.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

from newsletter.books import Delivery
from newsletter.delivery.supply import PreparedMessage, Supply
from newsletter.delivery.throttle import Throttle
from newsletter.errors import RunBusyError


class Behind(Protocol):
    """Something with so much of it done."""

    @property
    def progress(self) -> float: ...


_Stream = TypeVar("_Stream", bound=Behind)


def furthest_behind(ready: Iterable[_Stream]) -> _Stream:
    """Whose turn it is among those that are ready: all end together, but for their own paces."""
    return min(ready, key=lambda each: each.progress)


IDLE = (1.0, 5.0, 30.0)
"""Seconds, the last of them for ever, until one that has found nothing to do looks again."""

_LOOK_AGAIN = 0.5
"""Seconds after which a lane that waits for a turn looks whether the relay takes mail at all."""


@dataclass(eq=False, kw_only=True)
class Stream:
    """One group. `throttle` is its own pace, None for none. `due` is how many it has in all.

    `ready` are messages whose turn has come; `held` waits for its turn.
    """

    supply: Supply
    throttle: Throttle | None = None
    due: int = 1
    taken: int = 0
    ready: deque[PreparedMessage] = field(default_factory=deque)
    held: PreparedMessage | None = None
    is_idle: bool = False
    busy: RunBusyError | None = None
    pauses: int = 0
    wake: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def progress(self) -> float:
        """How much of it has been taken; above 1 where more came to it."""
        return self.taken / max(self.due, 1)

    def in_hand(self) -> list[PreparedMessage]:
        return [*self.ready, *([self.held] if self.held else [])]


class Streams:
    """All streams of a sender, as one `Supply`. Their supplies have one event to be stopped by.

    `lanes` is how many take from them, and so how many messages of each may be ready. Where the
    relay has turned on everybody, which `is_halted` says, no turn is waited for. Made on the event
    loop, and to be closed.
    """

    def __init__(
        self,
        streams: Sequence[Stream],
        *,
        lanes: int,
        stop: asyncio.Event,
        is_halted: Callable[[], bool] = lambda: False,
    ) -> None:
        self._streams = streams
        self._most = max(lanes, 2)
        self._is_halted = is_halted
        self._over = streams[0].supply.stop
        self._news = asyncio.Event()
        self._fault: Exception | None = None
        self._heeding = asyncio.create_task(self._heed(stop))
        self._feeding = [asyncio.create_task(self._feed(each)) for each in streams]

    @property
    def holds_some(self) -> bool:
        """True where a message is claimed and in nobody's hands."""
        return any(each.in_hand() or each.supply.holds_some for each in self._streams)

    def at_hand(self) -> PreparedMessage | None:
        """The next message if nothing must be waited for."""
        ready = [each for each in self._streams if each.ready]
        if not ready or self._over.is_set():
            return None
        stream = furthest_behind(ready)
        stream.taken += 1
        message = stream.ready.popleft()
        if len(stream.ready) <= self._most // 2:
            stream.wake.set()
        return message

    async def next(self) -> PreparedMessage | None:
        """The next message; None when the sender stops, or nothing is left to do now.

        Raises what has kept a stream from going on; RunBusyError only where all of them are in the
        hands of others.
        """
        while not self._over.is_set():
            if (message := self.at_hand()) is not None:
                return message
            if self._fault is not None:
                raise self._fault
            if all(each.is_idle for each in self._streams):
                self._check_not_all_busy()
                return None
            if self._is_halted() and all(each.is_idle or each.held for each in self._streams):
                return None
            with suppress(TimeoutError):
                await asyncio.wait_for(self._news.wait(), timeout=_LOOK_AGAIN)
        return None

    async def following(self) -> PreparedMessage | None:
        """None as soon as there is none at hand: nobody waits for another group's turn."""
        return self.at_hand()

    def put_back(self, message: PreparedMessage) -> None:
        """Its turn has come already, so that it goes out before all others of its stream."""
        stream = next(each for each in self._streams if each.supply is message.supply)
        stream.taken -= 1
        stream.ready.appendleft(message)
        self._tell()

    def plan_again(self) -> None:
        """One of ours went back to the journal as planned, whichever stream it is of."""
        self._streams[0].supply.share.gave_back()
        for each in self._streams:
            each.supply.look_again()
            each.pauses = 0
            if each.is_idle:
                each.is_idle = False
                each.wake.set()

    def untouched(self) -> list[Delivery]:
        """What is claimed, and in nobody's hands."""
        return [
            delivery
            for each in self._streams
            for delivery in (
                *(message.delivery for message in each.in_hand()),
                *each.supply.untouched(),
            )
        ]

    async def close(self) -> None:
        """End claiming and composing; what is claimed is for the journal to release."""
        self._end()
        self._heeding.cancel()
        await asyncio.gather(self._heeding, *self._feeding, return_exceptions=True)
        for each in self._streams:
            for message in each.in_hand():
                each.supply.put_back(message)
            each.ready.clear()
            each.held = None
            await each.supply.close()

    async def hand_back(self) -> None:
        """Give back what is claimed, for others to take; to be called once it is closed."""
        for each in self._streams:
            await each.supply.hand_back()

    async def _heed(self, stop: asyncio.Event) -> None:
        await stop.wait()
        self._end()

    def _end(self) -> None:
        self._over.set()
        for each in self._streams:
            each.wake.set()
        self._tell()

    def _tell(self) -> None:
        """The lanes that wait look again."""
        self._news.set()
        self._news = asyncio.Event()

    def _check_not_all_busy(self) -> None:
        busy = [each.busy for each in self._streams if each.busy is not None]
        if len(busy) == len(self._streams):
            raise busy[0]

    async def _feed(self, stream: Stream) -> None:
        """Have messages of a stream ready, each when its turn has come."""
        try:
            while not self._over.is_set():
                stream.held = await self._next_of(stream)
                if stream.held is None:
                    await self._lie_idle(stream)
                    continue
                stream.is_idle, stream.pauses = False, 0
                if stream.throttle is not None:
                    await stream.throttle.turn(self._over)
                if not self._over.is_set():
                    stream.ready.append(stream.held)
                    stream.held = None
                    self._tell()
                    await self._room_in(stream)
        except Exception as error:  # noqa: BLE001 - it is raised in whichever lane asks next
            self._fault = self._fault or error
            self._tell()

    async def _next_of(self, stream: Stream) -> PreparedMessage | None:
        stream.busy = None
        try:
            return await stream.supply.next()
        except RunBusyError as error:
            stream.busy = error
            return None

    async def _room_in(self, stream: Stream) -> None:
        while len(stream.ready) >= self._most and not self._over.is_set():
            stream.wake.clear()
            await stream.wake.wait()

    async def _lie_idle(self, stream: Stream) -> None:
        """Nobody waits for it, and it looks again: what was deferred is due by then, perhaps."""
        seconds = IDLE[min(stream.pauses, len(IDLE) - 1)]
        stream.is_idle = True
        stream.pauses += 1
        stream.supply.share.leave()
        self._tell()
        stream.wake.clear()
        with suppress(TimeoutError):
            await asyncio.wait_for(stream.wake.wait(), timeout=seconds)
        if not self._over.is_set():
            stream.supply.share.rejoin()
            stream.supply.look_again()
