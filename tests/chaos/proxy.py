"""A way to a server that can be cut: pass, hold everything back without a word, or reset.

It knows octets and connections alone; what is said over them is others' business.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from enum import StrEnum
from typing import Self

Ends = tuple[asyncio.StreamReader, asyncio.StreamWriter]
OpenUpstream = Callable[[], Awaitable[Ends]]

CHUNK = 65_536


class Way(StrEnum):
    """How the way is at the moment."""

    OPEN = "open"
    HELD = "held"
    """Nothing goes through and nothing is reset: as in a cut network, or behind a firewall."""


class Proxy:
    """Listens on a port of its own while it is entered, and passes on to what `upstream` opens."""

    def __init__(self, upstream: OpenUpstream) -> None:
        self._upstream = upstream
        self._passing = asyncio.Event()
        self._passing.set()
        self._writers: set[asyncio.StreamWriter] = set()
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def way(self) -> Way:
        return Way.OPEN if self._passing.is_set() else Way.HELD

    @property
    def port(self) -> int:
        assert self._server is not None
        return int(self._server.sockets[0].getsockname()[1])

    @property
    def open(self) -> int:
        """Connections of the moment, each with both its sides."""
        return len(self._writers) // 2

    def hold(self) -> None:
        """From now on nothing arrives on the other side, in neither direction."""
        self._passing.clear()

    def heal(self, *, reset: bool = False) -> None:
        """What was held goes on; or, with `reset`, both sides hear that the connection is gone."""
        if reset:
            self.reset()
        self._passing.set()

    def reset(self) -> None:
        """All connections of the moment end at once, and what was on its way is lost."""
        for writer in list(self._writers):
            writer.transport.abort()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.close()
        self.reset()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        self._writers.add(writer)
        try:
            await self._serve(reader, writer)
        except asyncio.CancelledError:
            pass  # the proxy is closed; a callback of the server must not be cancelled aloud
        finally:
            writer.transport.abort()
            self._writers.discard(writer)
            self._tasks.discard(task)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await self._passing.wait()
        try:
            far_reader, far_writer = await self._upstream()
        except OSError:  # the server is down: whoever asked hears of it as of a refused connection
            return
        self._writers.add(far_writer)
        there = asyncio.create_task(self._pump(reader, far_writer))
        back = asyncio.create_task(self._pump(far_reader, writer))
        try:
            await asyncio.wait((there, back), return_when=asyncio.FIRST_COMPLETED)
            await self._passing.wait()  # the end of a connection is held back, too
        finally:
            for task in (there, back):
                task.cancel()
            await asyncio.gather(there, back, return_exceptions=True)
            far_writer.transport.abort()
            self._writers.discard(far_writer)

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while octets := await reader.read(CHUNK):
                await self._passing.wait()
                writer.write(octets)
                await writer.drain()
