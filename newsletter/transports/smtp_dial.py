"""Reaching a relay by its name: which of its addresses is asked first, and when the next.

A name may have many addresses. The sessions of a transport are spread over those of the family
that the system prefers (RFC 6724); where one does not answer in a moment, the next is asked at the
same time (RFC 8305, 5), and one that failed is asked last from then on. What is said once there is
a connection is left to `smtp`.
"""

import asyncio
import socket
from asyncio import FIRST_COMPLETED
from collections.abc import Collection, Sequence
from itertools import chain, zip_longest
from typing import Any

ATTEMPT_DELAY = 0.25
"""Seconds until the next address is asked too: RFC 8305, 5 recommends 250 ms."""

Address = tuple[socket.AddressFamily, tuple[Any, ...]]
"""A family, and what its sockets connect to."""


class Addresses:
    """The addresses of one name, as the sessions of one transport take them."""

    def __init__(self, host: str, port: int) -> None:
        self._host = host
        self._port = port
        self._turns = 0
        self._known: Sequence[Address] = ()
        self._failed: dict[Address, None] = {}

    async def reach(self, seconds: float) -> tuple[socket.socket, Address]:
        """A connected socket, and the address it is connected to.

        Raises OSError where no address can be reached, TimeoutError where none answers in time.
        """
        async with asyncio.timeout(seconds):
            self._known = await self._look_up()
            turn, self._turns = self._turns, self._turns + 1
            order = in_order(self._known, turn, list(self._failed))
            opened, address = await _race(order)
        for slower in order[: order.index(address)]:
            self.fail(slower)
        return opened, address

    def fail(self, address: Address) -> None:
        """It is asked last from now on: whoever answers there, if anybody, does not want us."""
        self._failed.pop(address, None)
        self._failed[address] = None

    def has_more_than(self, tried: Collection[Address]) -> bool:
        """Whether the name had addresses besides these when it was looked up last."""
        return any(address not in tried for address in self._known)

    async def _look_up(self) -> list[Address]:
        try:  # an address needs no looking up, and no thread to do it in
            found = socket.getaddrinfo(
                self._host, self._port, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST
            )
        except socket.gaierror:
            loop = asyncio.get_running_loop()
            found = await loop.getaddrinfo(self._host, self._port, type=socket.SOCK_STREAM)
        return list(dict.fromkeys((family, address) for family, _, _, _, address in found))


def in_order(addresses: Sequence[Address], turn: int, failed: Sequence[Address]) -> list[Address]:
    """Those of the first one's family from `turn` on, with the other family's in between.

    The other family is for when the first fails (RFC 8305, 4), not for spreading: a relay may know
    this machine by one of its own addresses alone. Those that have failed come last.
    """
    sound = [each for each in addresses if each not in failed]
    rest = [each for each in failed if each in addresses]
    if not sound:
        return rest
    preferred = sound[0][0]
    first = _turned([each for each in sound if each[0] == preferred], turn)
    others = _turned([each for each in sound if each[0] != preferred], turn)
    mixed = chain.from_iterable(zip_longest(first, others))
    return [*(each for each in mixed if each is not None), *rest]


def _turned(addresses: list[Address], turn: int) -> list[Address]:
    start = turn % len(addresses) if addresses else 0
    return addresses[start:] + addresses[:start]


async def _race(order: Sequence[Address]) -> tuple[socket.socket, Address]:
    """The first that answers; each is asked when the one before failed, or has had its moment.

    Raises what the first to fail failed with, where all of them do.
    """
    rest, faults = iter(order), list[BaseException]()
    asked: dict[asyncio.Task[socket.socket], Address] = {}
    try:
        while True:
            following = next(rest, None)
            if following is not None:
                asked[asyncio.create_task(_connect(following))] = following
            if not asked:
                raise faults[0]
            moment = None if following is None else ATTEMPT_DELAY
            done, _ = await asyncio.wait(asked, timeout=moment, return_when=FIRST_COMPLETED)
            for task in done:
                if (error := task.exception()) is None:
                    return task.result(), asked.pop(task)
                faults.append(error)
                del asked[task]
    finally:
        await _hang_up(asked)


async def _hang_up(asked: Collection[asyncio.Task[socket.socket]]) -> None:
    """Nothing is left open of those that answer too late."""
    for task in asked:
        task.cancel()
    for answer in await asyncio.gather(*asked, return_exceptions=True):
        if isinstance(answer, socket.socket):
            answer.close()


async def _connect(address: Address) -> socket.socket:
    family, place = address
    opened = socket.socket(family, socket.SOCK_STREAM)
    try:
        opened.settimeout(0)
        # Else the final dot waits until the relay has acknowledged the content, and that puts it
        # off for 40 ms or more (RFC 1122, 4.2.3.2 and 4.2.3.4). Asyncio does it for sockets alone
        # that name their protocol.
        opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        await asyncio.get_running_loop().sock_connect(opened, place)
    except BaseException:
        opened.close()
        raise
    return opened
