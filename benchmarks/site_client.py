"""A crowd of readers: many kept connections over which HTTP/1.1 is spoken as fast, or as slowly, as
asked. It reads no more of an answer than it must, so that the site is what is measured.
"""

import asyncio
import re
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

_LENGTH = re.compile(rb"content-length: (\d+)", re.IGNORECASE)


@dataclass
class Crowd:
    """What became of its requests: statuses, and how long it took, in seconds."""

    statuses: dict[int, int] = field(default_factory=dict)
    seconds: float = 0.0

    @property
    def done(self) -> int:
        return sum(self.statuses.values())

    @property
    def rate(self) -> float:
        return self.done / self.seconds if self.seconds else 0.0


def get(path: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: bench\r\n\r\n".encode()


def post(path: str, body: str) -> bytes:
    head = (
        f"POST {path} HTTP/1.1\r\nHost: bench\r\nContent-Length: {len(body)}\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\n\r\n"
    )
    return (head + body).encode()


async def ask_all(
    port: int, requests: Iterable[bytes], *, connections: int, rate: float | None = None
) -> Crowd:
    """Every request once, over so many connections; `rate` is a ceiling in requests a second."""
    crowd, waiting = Crowd(), iter(requests)
    began = time.perf_counter()
    started = iter(range(1_000_000_000))

    def paced() -> Iterator[tuple[int, bytes]]:
        for request in waiting:
            yield next(started), request

    shared = paced()
    await asyncio.gather(*(_reader(port, shared, crowd, began, rate) for _ in range(connections)))
    crowd.seconds = time.perf_counter() - began
    return crowd


async def _reader(
    port: int,
    requests: Iterator[tuple[int, bytes]],
    crowd: Crowd,
    began: float,
    rate: float | None,
) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for number, request in requests:
        if rate:
            await asyncio.sleep(max(began + number / rate - time.perf_counter(), 0))
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        found = _LENGTH.search(head)
        if found:
            await reader.readexactly(int(found[1]))
        status = int(head[9:12])
        crowd.statuses[status] = crowd.statuses.get(status, 0) + 1
    writer.close()
    await writer.wait_closed()
