"""One login at a time until one has succeeded, and none after one that was refused.

Each refused login counts towards being locked out, so sessions that would all log in at once wait
for the first of them. How one logs in is left to `smtp`.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from newsletter.errors import RelayFault, Trouble

T = TypeVar("T")


class FirstLogin:
    """For all sessions of a transport."""

    def __init__(self) -> None:
        self._has_succeeded = False
        self._refusal: RelayFault | None = None
        self._first: asyncio.Future[RelayFault | None] | None = None

    async def before(self, connect: Callable[[], Awaitable[T]]) -> T:
        """What `connect` gives, when the first login has succeeded.

        Raises its RelayFault; whoever waited for the first login meets the fault of that one, and
        after a refused login so does everybody.
        """
        while not self._has_succeeded and self._first is not None:
            if fault := await asyncio.shield(self._first):
                raise fault
        if self._has_succeeded:
            return await self._try(connect)
        return await self._try_first(connect)

    async def _try_first(self, connect: Callable[[], Awaitable[T]]) -> T:
        first = self._first = asyncio.get_running_loop().create_future()
        fault: RelayFault | None = None
        try:
            return await self._try(connect)
        except RelayFault as error:
            fault = error
            raise
        finally:
            self._first = None
            first.set_result(fault)

    async def _try(self, connect: Callable[[], Awaitable[T]]) -> T:
        if self._refusal is not None:
            raise self._refusal
        try:
            connected = await connect()
        except RelayFault as fault:
            if fault.trouble is Trouble.LOGIN:
                self._refusal = fault
            raise
        self._has_succeeded = True
        return connected
