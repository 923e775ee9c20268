"""The messages of a run, one after another, claimed and composed before they are asked for.

Knows batches, the limit of an order and the threads that compose; what becomes of a message is left
to `lane`. Claims are made ahead, so that no session waits for the database, and composing too
where the order has threads for it.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import NamedTuple

from newsletter.clock import Clock
from newsletter.delivery.journal_writer import JournalWriter
from newsletter.delivery.order import Order
from newsletter.errors import MessageError
from newsletter.store import Delivery, Journal
from newsletter.transports import Envelope

BATCH = 200
"""Deliveries claimed at a time: what a clean stop gives back, and a dead process leaves behind."""

_LOW = BATCH // 2
"""So few claimed and not composed: claim again."""

_AHEAD = 16
"""Messages in the making for each thread."""

_AT_A_TIME = 8
"""Messages that a thread makes before it says so: each word to the event loop costs a wake-up."""

_Made = bytes | Exception


class PreparedMessage(NamedTuple):
    """A claimed delivery and what goes out for it."""

    delivery: Delivery
    envelope: Envelope
    content: bytes


class Supply:
    """For all lanes of a sender. `stop` ends it; `fail` hears of what could not be composed."""

    def __init__(
        self,
        order: Order,
        journal: JournalWriter,
        clock: Clock,
        *,
        stop: asyncio.Event,
        fail: Callable[[Delivery, MessageError], object],
    ) -> None:
        self._order = order
        self._journal = journal
        self._clock = clock
        self._stop = stop
        self._fail = fail
        self._reverse_path = str(order.reverse_path)
        self._returned: deque[PreparedMessage] = deque()
        self._claimed: deque[Delivery] = deque()
        self._composing: deque[tuple[Delivery, asyncio.Future[_Made]]] = deque()
        self._claiming: asyncio.Task[None] | None = None
        self._is_exhausted = False
        self._left = order.limit
        self._pool = ThreadPoolExecutor(order.signers, "compose") if order.signers else None

    @property
    def holds_some(self) -> bool:
        """True where a message is claimed and in nobody's hands."""
        return bool(self._returned or self._claimed or self._composing)

    def at_hand(self) -> PreparedMessage | None:
        """The next message if nothing must be waited for; it is made on the spot."""
        if self._returned or not self._claimed or self._pool is not None or self._stop.is_set():
            return None
        if len(self._claimed) <= _LOW:
            self._claim_ahead()
        delivery = self._claimed.popleft()
        try:
            return self._prepared(delivery, self._order.compose(delivery))
        except MessageError as error:
            self._fail(delivery, error)
        return None

    async def next(self) -> PreparedMessage | None:
        """The next message; None when the sender stops, or nothing is left to do now."""
        while not self._stop.is_set():
            self._claim_ahead()
            if self._returned:
                return self._returned.popleft()
            if self._pool is not None and (self._claimed or self._composing):
                message = await self._compose(self._pool)
            elif self._claimed:
                message = self.at_hand()
            elif self._claiming is None:
                return None
            else:
                await asyncio.wait([self._claiming])
                message = None
            if message is not None:
                return message
        return None

    def put_back(self, message: PreparedMessage) -> None:
        """Claimed and untouched: somebody else may take it now."""
        self._returned.append(message)

    def plan_again(self) -> None:
        """One of ours went back to the journal as planned, so there is something to claim."""
        self._is_exhausted = False
        if self._left is not None:
            self._left += 1

    async def close(self) -> None:
        """End claiming and composing; what is claimed is for the journal to release."""
        if self._claiming is not None:
            await asyncio.wait([self._claiming])
            self._claiming.exception()  # whoever needed it has heard of it
        for _, made in self._composing:
            made.cancel()
        if self._pool is not None:
            await asyncio.to_thread(self._pool.shutdown, cancel_futures=True)

    def _claim_ahead(self) -> None:
        """Begin to claim when few are left. Raises what the last claim raised."""
        if self._claiming is not None and self._claiming.done():
            claiming, self._claiming = self._claiming, None
            claiming.result()
        is_enough = len(self._claimed) > _LOW or self._is_exhausted
        if self._claiming is None and not is_enough:
            self._claiming = asyncio.create_task(self._claim())

    async def _claim(self) -> None:
        order = self._order
        limit = BATCH if self._left is None else min(BATCH, self._left)
        claim = partial(
            Journal.claim,
            run_id=order.run.id,
            owner=order.owner,
            now=self._clock(),
            lease=order.lease,
            limit=limit,
            include_deferred_not_due=order.retry_now,
        )
        claimed = await self._journal.call(claim) if limit else []
        self._claimed.extend(claimed)
        self._is_exhausted = not claimed
        if self._left is not None:
            self._left -= len(claimed)

    def _prepared(self, delivery: Delivery, content: bytes) -> PreparedMessage:
        envelope = Envelope(reverse_path=self._reverse_path, recipient=str(delivery.recipient))
        return PreparedMessage(delivery, envelope, content)

    async def _compose(self, pool: ThreadPoolExecutor) -> PreparedMessage | None:
        """The next message, or None where it cannot be made: that recipient has failed."""
        self._compose_ahead(pool)
        delivery, made = self._composing.popleft()
        try:
            return self._prepared(delivery, _whole(await made))
        except MessageError as error:
            self._fail(delivery, error)
        return None

    def _compose_ahead(self, pool: ThreadPoolExecutor) -> None:
        loop = asyncio.get_running_loop()
        while self._claimed and len(self._composing) < _AHEAD * self._order.signers:
            count = min(_AT_A_TIME, len(self._claimed))
            deliveries = [self._claimed.popleft() for _ in range(count)]
            awaited: list[asyncio.Future[_Made]] = [loop.create_future() for _ in deliveries]
            self._composing.extend(zip(deliveries, awaited, strict=True))
            pool.submit(self._compose_in_thread, deliveries, awaited, loop)

    def _compose_in_thread(
        self,
        deliveries: Sequence[Delivery],
        awaited: Sequence[asyncio.Future[_Made]],
        loop: asyncio.AbstractEventLoop,
    ) -> None:
        made = [self._made(delivery) for delivery in deliveries]
        loop.call_soon_threadsafe(_hand_out, made, awaited)

    def _made(self, delivery: Delivery) -> _Made:
        try:
            return self._order.compose(delivery)
        except Exception as error:  # noqa: BLE001 - it is raised where the message is asked for
            return error


def _hand_out(made: Sequence[_Made], awaited: Sequence[asyncio.Future[_Made]]) -> None:
    for each, future in zip(made, awaited, strict=True):
        if not future.done():
            future.set_result(each)


def _whole(made: _Made) -> bytes:
    if isinstance(made, Exception):
        raise made
    return made
