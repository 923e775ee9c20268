"""A relay that counts: each message is in a file, safely, before anybody hears that it was taken.

Its file is the other half of the truth: the journal is compared with it.
"""

import asyncio
import os
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple, Self

BANNER = b"220 relay.example ESMTP\r\n"
OFFERED = b"250-relay.example\r\n250-PIPELINING\r\n250-SIZE 50000000\r\n250 8BITMIME\r\n"
END = b"\r\n.\r\n"
LARGEST = 10_000_000
"""Octets of a content."""


class Taken(NamedTuple):
    """A message that the relay has, whatever the sender heard of it."""

    subject: str
    recipient: str
    message_id: str


class CountingRelay:
    """Serves while it is entered. `latency` is seconds from the final dot to its reply."""

    def __init__(self, path: Path, *, latency: float = 0.02) -> None:
        self._path = path
        self.latency = latency
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self.taken: Counter[Taken] = Counter()

    @property
    def port(self) -> int:
        assert self._server is not None
        return int(self._server.sockets[0].getsockname()[1])

    def doubled(self) -> list[Taken]:
        return [each for each, count in self.taken.items() if count > 1]

    async def __aenter__(self) -> Self:
        self._file = self._path.open("ab")
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0, limit=LARGEST)
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.close()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._file.close()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            with suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
                await self._talk(reader, writer)
        finally:
            writer.close()
            self._tasks.discard(task)

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(BANNER)
        recipient = ""
        while line := await reader.readline():
            word = line[:4].upper()
            if word == b"RCPT":
                recipient = line.partition(b"<")[2].partition(b">")[0].decode()
            if word == b"DATA":
                writer.write(b"354 Go on\r\n")
                content = await reader.readuntil(END)
                self._take(recipient, content)
                await asyncio.sleep(self.latency)
            writer.write({b"EHLO": OFFERED, b"QUIT": b"221 Bye\r\n"}.get(word, b"250 Ok\r\n"))
            await writer.drain()
            if word == b"QUIT":
                return

    def _take(self, recipient: str, content: bytes) -> None:
        taken = Taken(_header(content, b"Subject"), recipient, _header(content, b"Message-ID"))
        self._file.write("\t".join(taken).encode() + b"\n")
        self._file.flush()
        os.fsync(self._file.fileno())
        self.taken[taken] += 1


def _header(content: bytes, name: bytes) -> str:
    """The value of a header field that stands on one line."""
    head = b"\r\n" + content.partition(b"\r\n\r\n")[0]
    return head.partition(b"\r\n" + name + b": ")[2].partition(b"\r\n")[0].decode()
