"""The messages of a part of a run, one after another, claimed and made before they are asked for.

Knows batches, the limit of an order and the threads that sign; what becomes of a message is left
to `lane`. Claims are made ahead, so that no session waits for the database, and messages too where
they are signed.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from math import ceil
from typing import NamedTuple

from newsletter.books import Delivery, Part
from newsletter.clock import Clock
from newsletter.delivery.journal_writer import JournalWriter
from newsletter.delivery.order import Order
from newsletter.delivery.shares import Ration, Share, Shares
from newsletter.delivery.throttle import Pacing
from newsletter.errors import MessageError
from newsletter.message import UnsignedMessage
from newsletter.store import Journal
from newsletter.transports import Envelope

BATCH = 200
"""Deliveries claimed at a time: what a clean stop gives back, and a dead process leaves behind."""

SECONDS_AHEAD = 5.0
"""At a rate, no more are claimed at a time than go out within so long."""

_AHEAD = 32
"""Messages in the making for each thread that signs."""

_OCTETS_AHEAD = 16_000_000
"""Of all messages in the making: one with pictures in it may have megabytes."""

_AT_A_TIME = 16
"""Messages that a thread signs before it says so: each word to the event loop costs a wake-up."""

_Signed = bytes | Exception


class PreparedMessage(NamedTuple):
    """A claimed delivery and what goes out for it; `supply` is where it came from."""

    delivery: Delivery
    envelope: Envelope
    content: bytes
    supply: "Supply"


class Supply:
    """For all lanes of a sender. `stop` ends it; `fail` hears of what could not be composed.

    `part` is what it takes of the order's, None is all of that. `share` is its share where others
    send too, and `most` how many it may claim, None for all. `throttle` is the pace at which its
    messages go out. With `pool` it signs there, and leaves it open; `among` is how many supplies
    are at work side by side.
    """

    def __init__(
        self,
        order: Order,
        journal: JournalWriter,
        clock: Clock,
        *,
        stop: asyncio.Event,
        fail: Callable[[Delivery, MessageError], object],
        part: Part | None = None,
        share: Share | None = None,
        most: int | None = None,
        throttle: Pacing | None = None,
        pool: ThreadPoolExecutor | None = None,
        among: int = 1,
    ) -> None:
        self._order = order
        self._part = order.part if part is None else part
        self._throttle = throttle or order.throttle
        self._most = most
        self._journal = journal
        self._clock = clock
        self.stop = stop
        self._fail = fail
        self._returned: deque[PreparedMessage] = deque()
        self._claimed: deque[Delivery] = deque()
        self._signing: deque[tuple[Delivery, asyncio.Future[_Signed]]] = deque()
        self._claiming: asyncio.Task[None] | None = None
        self._is_exhausted = False
        self._is_closed = False
        self.share = share or Shares(Ration(order.limit)).join()
        self.share.holds = lambda: len(self.untouched())
        self._octets_ahead = _OCTETS_AHEAD // among
        self._size = self._octets_ahead  # until one is made, a message may be of any size
        self._pool = pool or open_pool(order)

    @property
    def _rate(self) -> float | None:
        return self._throttle.rate

    @property
    def _batch(self) -> int:
        batch = min(BATCH, ceil(self._rate * SECONDS_AHEAD)) if self._rate else BATCH
        return batch if self._most is None else min(batch, self._most)

    @property
    def _low(self) -> int:
        """So few in hand: claim again."""
        return self._batch // 2

    @property
    def _ahead(self) -> int:
        """So many may be in the making; they are all nearly of a size."""
        signers = self._order.signers
        return min(_AHEAD * signers, max(self._octets_ahead // self._size, signers))

    @property
    def holds_some(self) -> bool:
        """True where a message is claimed and in nobody's hands."""
        return bool(self._returned or self._claimed or self._signing)

    def at_hand(self) -> PreparedMessage | None:
        """The next message if nothing must be waited for; it is made on the spot."""
        if self._returned or not self._claimed or self._pool is not None or self.stop.is_set():
            return None
        if len(self._claimed) <= self._low:
            self._claim_ahead()
        delivery = self._claimed.popleft()
        message = self._composed(delivery)
        return None if message is None else self._prepared(delivery, message.sign())

    async def next(self) -> PreparedMessage | None:
        """The next message; None when the sender stops, or nothing is left to do now."""
        while not self.stop.is_set():
            self._claim_ahead()
            if self._returned:
                return self._returned.popleft()
            if self._pool is not None and (self._claimed or self._signing):
                message = await self._signed(self._pool)
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

    async def following(self) -> PreparedMessage | None:
        """As `next`, for whoever has a message in hand already and may send one more."""
        return await self.next()

    def put_back(self, message: PreparedMessage) -> None:
        """Claimed and untouched: somebody else may take it now."""
        self._returned.append(message)

    def look_again(self) -> None:
        """There may be something to claim that was not there before."""
        self._is_exhausted = False

    def plan_again(self) -> None:
        """One of ours went back to the journal as planned, so there is something to claim."""
        self.look_again()
        self.share.gave_back()

    def untouched(self) -> list[Delivery]:
        """What is claimed, and in nobody's hands."""
        returned = (message.delivery for message in self._returned)
        return [*returned, *(delivery for delivery, _ in self._signing), *self._claimed]

    async def hand_back(self) -> None:
        """Give back all of that, for others to take; to be called once it is closed."""
        untouched, now = self.untouched(), self._clock()
        self._returned.clear()
        self._signing.clear()
        self._claimed.clear()
        await self._journal.call(lambda journal: journal.hand_back(untouched, now))
        self.share.gave_back(len(untouched))

    async def close(self) -> None:
        """End claiming and composing; what is claimed is for the journal to release."""
        self._is_closed = True
        if self._claiming is not None:
            await asyncio.wait([self._claiming])
            self._claiming.exception()  # whoever needed it has heard of it
        for _, signed in self._signing:
            signed.cancel()
        if self._pool is not None:
            await asyncio.to_thread(self._pool.shutdown, cancel_futures=True)

    def _is_over(self) -> bool:
        return self._is_closed or self.stop.is_set()

    def _claim_ahead(self) -> None:
        """Begin to claim when few are left. Raises what the last claim raised."""
        if self._claiming is not None and self._claiming.done():
            claiming, self._claiming = self._claiming, None
            claiming.result()
        waiting = len(self._claimed) + (len(self._signing) if self._rate else 0)
        is_enough = waiting > self._low or self._is_exhausted
        if self._claiming is None and not is_enough:
            self._claiming = asyncio.create_task(self._claim())

    async def _claim(self) -> None:
        share, claimed = self.share, []
        limit = await share.portion(self._batch, self._is_over)
        async with share.shares.ration.claiming:
            try:
                claimed = await self._claimed_now(limit) if limit else []
            finally:
                self._claimed.extend(claimed)
                self._most = None if self._most is None else self._most - len(claimed)
                share.took(len(claimed))
        self._is_exhausted = not claimed

    async def _claimed_now(self, limit: int) -> list[Delivery]:
        order, elsewhere = self._order, self.share.held_by_others
        quotas = [
            replace(quota, elsewhere=elsewhere) if quota.group is None else quota
            for quota in order.quotas
        ]
        claim = partial(
            Journal.claim,
            run_id=order.run.id,
            owner=order.owner,
            now=self._clock(),
            lease=order.lease,
            limit=limit,
            within=quotas,
            part=self._part,
        )
        return await self._journal.call(claim)

    def _prepared(self, delivery: Delivery, content: bytes) -> PreparedMessage:
        return PreparedMessage(delivery, self._order.envelope(delivery), content, self)

    async def _signed(self, pool: ThreadPoolExecutor) -> PreparedMessage | None:
        """The next message, or None where those at hand could not be made."""
        self._sign_ahead(pool)
        if not self._signing:
            return None
        delivery, signed = self._signing.popleft()
        return self._prepared(delivery, _whole(await signed))

    def _sign_ahead(self, pool: ThreadPoolExecutor) -> None:
        """Compose here and sign there: Python runs in one thread at a time, signing beside it."""
        loop = asyncio.get_running_loop()
        while self._claimed and len(self._signing) < self._ahead:
            batch: list[tuple[UnsignedMessage, asyncio.Future[_Signed]]] = []
            for _ in range(min(_AT_A_TIME, self._ahead, len(self._claimed))):
                delivery = self._claimed.popleft()
                if (message := self._composed(delivery)) is not None:
                    self._size = max(len(message.content), 1)
                    signed: asyncio.Future[_Signed] = loop.create_future()
                    batch.append((message, signed))
                    self._signing.append((delivery, signed))
            pool.submit(_sign, batch, loop)

    def _composed(self, delivery: Delivery) -> UnsignedMessage | None:
        """None where it cannot be made: that recipient has failed."""
        try:
            return self._order.compose(delivery)
        except MessageError as error:
            self._fail(delivery, error)
        return None


def open_pool(order: Order) -> ThreadPoolExecutor | None:
    """The threads that sign; None where it is done on the spot."""
    return ThreadPoolExecutor(order.signers, "sign") if order.signers else None


def _sign(
    batch: Sequence[tuple[UnsignedMessage, asyncio.Future[_Signed]]],
    loop: asyncio.AbstractEventLoop,
) -> None:
    """In a thread: sign them all, then say so to the event loop."""
    loop.call_soon_threadsafe(_hand_out, [(_signed(message), future) for message, future in batch])


def _signed(message: UnsignedMessage) -> _Signed:
    try:
        return message.sign()
    except Exception as error:  # noqa: BLE001 - it is raised where the message is asked for
        return error


def _hand_out(batch: Sequence[tuple[_Signed, asyncio.Future[_Signed]]]) -> None:
    for signed, future in batch:
        if not future.done():
            future.set_result(signed)


def _whole(signed: _Signed) -> bytes:
    if isinstance(signed, Exception):
        raise signed
    return signed
