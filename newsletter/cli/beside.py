"""One thing that a daemon does beside its looks: begun from them, never twice at a time, and ended.

What it is, and when it is tried again after a fault, is its owner's to know.
"""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any

from newsletter.cli.daemon_log import DaemonLog, Level
from newsletter.cli.wording import line_of
from newsletter.errors import NewsletterError


@dataclass(kw_only=True)
class Beside:
    """Kept from one look to the next. A fault is said when it begins, and when its words change.

    `event` is its name in the log, `trouble` what a fault comes to in words; `last` are the seconds
    it has for what is in hand when the daemon is told to stop.
    """

    event: str
    trouble: str
    last: float
    _going: asyncio.Task[None] | None = None
    _said: str = ""

    def is_free(self) -> bool:
        """Whether it may begin. Raises what ended it: a bug of ours."""
        if self._going is not None and self._going.done():
            self._going.result()
            self._going = None
        return self._going is None

    def begin(self, work: Coroutine[Any, Any, None]) -> None:
        """Without waiting for it."""
        self._going = asyncio.create_task(work)

    async def rest(self) -> None:
        """Return when it has ended, or has had its time."""
        if self._going is not None:
            await asyncio.wait({self._going}, timeout=self.last)
            self._going.cancel()

    def is_well(self) -> None:
        """The next fault is a new one."""
        self._said = ""

    def failed(self, error: NewsletterError, log: DaemonLog) -> None:
        """Said once, as long as it is the same."""
        fault = "; ".join([line_of(error), *error.faults])
        if fault != self._said:
            self._said = fault
            log.say(self.event, f"{self.trouble}: {fault}", level=Level.ERROR)
