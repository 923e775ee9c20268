"""Where all messages go: Postfix's `smtp-sink`, or where it is missing a small one of ours.

`python -m benchmarks.sink` serves the small one and prints its port. Both take every message,
offer PIPELINING and keep nothing.
"""

import asyncio
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_PATH = f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin"
ROOT = Path(__file__).parents[1]


def tool(name: str) -> str | None:
    """Where a program is; Debian keeps Postfix's in /usr/sbin."""
    return shutil.which(name, path=_PATH)


@contextmanager
def open_sink() -> Iterator[tuple[str, int]]:
    """What the sink is, and its port."""
    program = tool("smtp-sink")
    if program is None:
        with open_server("-m", "benchmarks.sink") as port:
            yield "a small sink of ours (smtp-sink is not installed)", port
        return
    port = _free_port()
    # Whoever starts it as root must name somebody else.
    user = ["-u", "nobody"] if os.geteuid() == 0 else []
    process = subprocess.Popen([program, *user, f"127.0.0.1:{port}", "1000"])
    try:
        _wait_for(port)
        yield "Postfix's smtp-sink", port
    finally:
        process.terminate()
        process.wait()


@contextmanager
def open_link(port: int, seconds: float) -> Iterator[int]:
    """The port of a way to another port that takes so long each way."""
    with open_server("-m", "benchmarks.link", str(port), str(seconds)) as far:
        yield far


@contextmanager
def open_server(*arguments: str) -> Iterator[int]:
    process = subprocess.Popen(
        [sys.executable, *arguments], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    try:
        yield int(process.stdout.readline())
    finally:
        process.terminate()
        process.wait()


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _wait_for(port: int) -> None:
    for _ in range(100):
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1):
                return
        except OSError:
            time.sleep(0.05)
    raise SystemExit(f"smtp-sink does not listen on {port}")


_SAID = {b"EHLO": b"250-sink\r\n250-PIPELINING\r\n250 8BITMIME\r\n", b"QUIT": b"221 Bye\r\n"}


class SmallSink(asyncio.Protocol):
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._heard = b""
        self._is_content = False
        transport.write(b"220 sink ESMTP\r\n")

    def data_received(self, data: bytes) -> None:
        self._heard += data
        said = []
        while (octets := self._next()) is not None:
            said.append(octets)
        self._transport.write(b"".join(said))

    def _next(self) -> bytes | None:
        """What is answered to the next line or content; None where it is not whole yet."""
        end = b"\r\n.\r\n" if self._is_content else b"\r\n"
        line, found, rest = self._heard.partition(end)
        if not found:
            return None
        self._heard = rest
        word = b"." if self._is_content else line[:4].upper()
        self._is_content = word == b"DATA"
        return b"354 Go on\r\n" if self._is_content else _SAID.get(word, b"250 Ok\r\n")


async def _serve() -> None:
    server = await asyncio.get_running_loop().create_server(SmallSink, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_serve())
