"""Contexts that take their time, such as an open database, for a coroutine that may take none.

The event loop renews leases and gives signs of life: what waits for a server that may be gone
waits in a thread.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractContextManager, asynccontextmanager
from typing import TypeVar

T = TypeVar("T")


@asynccontextmanager
async def in_thread(open_it: Callable[[], AbstractContextManager[T]]) -> AsyncIterator[T]:
    """It is made, entered and left in threads; what is done in it is the caller's to say where."""
    context = await asyncio.to_thread(open_it)
    found = await asyncio.to_thread(context.__enter__)
    try:
        yield found
    except BaseException as error:
        ours = type(error), error, error.__traceback__
        if not await asyncio.to_thread(context.__exit__, *ours):
            raise
    else:
        await asyncio.to_thread(context.__exit__, None, None, None)
