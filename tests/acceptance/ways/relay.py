"""A relay beside the processes that send: a scripted one on a loop and a thread of its own.

What it says is `rule`'s, and when, `hold`'s and `go_on`'s. What it took, and when, is counted here:
the other half of the truth.
"""

import asyncio
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Self

from tests.crash.send import accepted, transport_url
from tests.faults.peer import Peer
from tests.faults.script import Stage
from tests.pace import patience

BLOCKED = b"554 5.7.1 you are blocked\r\n"
NO_SUCH = b"550 5.1.1 no such mailbox\r\n"
FULL = b"552 5.2.2 mailbox full\r\n"
LATER = b"451 4.3.0 come back later\r\n"

Rule = Callable[[Stage, str], bytes | None]
"""What is said at a stage, of a recipient, in place of the usual; or None."""


def sound(stage: Stage, recipient: str) -> None:
    """Takes everything."""


def at_dot(reply: bytes, *recipients: str) -> Rule:
    """Says so to their contents; without any, to everybody's."""
    return lambda stage, recipient: (
        reply if stage is Stage.FINAL_DOT and (not recipients or recipient in recipients) else None
    )


@dataclass
class Relay:
    """Serves while it is entered; `dots` is who had a final reply, and when."""

    rule: Rule = sound
    dots: list[tuple[str, float]] = field(default_factory=list)
    _peer: Peer = field(default_factory=Peer)
    _may_go_on: threading.Event = field(default_factory=threading.Event)
    _loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.new_event_loop)
    _thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        self._peer.says = self._says
        self._may_go_on.set()
        up = threading.Event()
        self._thread = threading.Thread(target=self._serve, args=(up,))
        self._thread.start()
        assert up.wait(patience())
        return self

    def __exit__(self, *_: object) -> None:
        self._may_go_on.set()
        self.die()
        self._loop.call_soon_threadsafe(self._loop.stop)
        assert self._thread is not None
        self._thread.join()
        self._loop.close()

    def url(self, options: str = "", *, connections: int = 2) -> str:
        return transport_url(self._peer, connections=connections, options=options)

    @property
    def name(self) -> str:
        """As the journal has it."""
        return f"smtp://127.0.0.1:{self._peer.port}"

    def had(self) -> Counter[str]:
        """How often it took charge of a message for each recipient."""
        return accepted(self._peer)

    def contents(self) -> list[bytes]:
        return [each.content for each in self._peer.log]

    def open(self) -> int:
        """How many connections it has."""
        return self._peer.open

    def hold(self) -> None:
        """Whoever is next to hear of a content waits for it, and everybody behind."""
        self._may_go_on.clear()

    def go_on(self) -> None:
        self._may_go_on.set()

    def die(self) -> None:
        """Gone from one moment to the next: nobody listens any more, and all connections end."""
        if self._peer.port:
            asyncio.run_coroutine_threadsafe(self._peer.__aexit__(), self._loop).result(patience())

    def _serve(self, up: threading.Event) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._peer.__aenter__())
        self._loop.call_soon(up.set)
        self._loop.run_forever()

    def _says(self, stage: Stage, recipient: str) -> bytes | None:
        """On the relay's own thread, which so keeps everybody waiting."""
        if stage is Stage.FINAL_DOT:
            self._may_go_on.wait()
            self.dots.append((recipient, time.monotonic()))
        return self.rule(stage, recipient)
