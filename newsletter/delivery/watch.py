"""Watches a run's row while the run is sent, so that a pause or a cancel is heard within a second.

Claims look at it too; this is for what is claimed already. What stopping means is the sender's.
"""

import asyncio
from collections.abc import Callable

from newsletter.books import STOPPED, Run
from newsletter.errors import StoreError
from newsletter.store import Runs

INTERVAL = 0.5
"""Seconds between two looks."""


async def watch_run(
    runs: Runs, issue: str, stop: asyncio.Event, on_stop: Callable[[Run], None]
) -> None:
    """Look until the run is paused or cancelled; then say so to `on_stop` and set `stop`.

    A database that does not answer stops nothing here: the sender meets it soon enough.
    """
    while not stop.is_set():
        try:
            run = await asyncio.to_thread(runs.find, issue)
        except StoreError:
            run = None
        if run is not None and run.state in STOPPED and not stop.is_set():
            on_stop(run)
            stop.set()
        await asyncio.sleep(INTERVAL)
