"""The sends that one process has under way beside each other, a task for each issue.

What a send is, and what becomes of it, is the tick's to say.
"""

import asyncio
from collections.abc import Coroutine
from typing import Any

from newsletter.delivery import Throttles


class UnderWay:
    """Kept from one tick to the next. `throttles` are for all of them, so they share the rate."""

    def __init__(self) -> None:
        self.throttles = Throttles()
        self._tasks: dict[str, asyncio.Task[None]] = {}

    def __len__(self) -> int:
        return len(self._tasks)

    def __contains__(self, issue: object) -> bool:
        return issue in self._tasks

    def begin(self, issue: str, send: Coroutine[Any, Any, None]) -> None:
        """Start it, and do not wait for it."""
        self._tasks[issue] = asyncio.create_task(send)

    def clear(self) -> None:
        """Forget those that have ended. Raises what one of them raised: that was a bug of ours."""
        for issue, task in list(self._tasks.items()):
            if task.done():
                del self._tasks[issue]
                task.result()

    async def rest(self) -> None:
        """Return when all have ended, as they do soon once they are asked to stop."""
        await asyncio.gather(*self._tasks.values())
