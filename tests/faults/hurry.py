"""An event loop whose time can be put forward, so that a deadline passes without anybody waiting.

Where a relay says nothing more, the client gives it up after minutes. A test that shortens the
deadline to seconds has healthy replies under it as well, and a busy machine is late for them. Here
the deadline stays long, and time is put forward while the relay keeps its client waiting, and then
alone.
"""

import asyncio


class HurriedLoop(asyncio.SelectorEventLoop):
    """Its timers ring by its own time."""

    def __init__(self) -> None:
        self.put_forward_by = 0.0
        """Seconds in all."""
        super().__init__()

    def time(self) -> float:
        return super().time() + self.put_forward_by

    def put_forward(self, seconds: float) -> None:
        """By so much at once. What is due by then rings in the next pass of the loop."""
        self.put_forward_by += seconds
