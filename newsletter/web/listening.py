"""How our fronts listen: a socket, and a server on it that leaves signals to its caller.

uvicorn speaks HTTP; what it does not bound itself, the time that somebody takes for their headers
or for reading an answer, is bounded here. Only those who have it import this.
"""

import asyncio
import contextlib
import socket
from collections.abc import Iterator
from typing import Any

import h11
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from newsletter.errors import OutputError


def listen(host: str, port: int, *, what: str, backlog: int = 512) -> socket.socket:
    """A socket that listens; `what` does, for the words. Raises OutputError."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=backlog)
    except (OSError, OverflowError) as error:
        said = error.strerror if isinstance(error, OSError) else str(error)
        raise OutputError(
            f"{what} cannot listen there: {said or error}",
            where=f"{host}:{port}",
            next_step="choose another address or port",
        ) from error


def authority_of(host: str, port: int) -> str:
    """`127.0.0.1:8080`, `[::1]:8080` (RFC 3986, 3.2.2)."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


class Server(uvicorn.Server):
    """Signals are its caller's, who has more under way than this."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def stop_with(self, stop: asyncio.Event) -> None:
        await stop.wait()
        self.should_exit = True


class HurriedProtocol(H11Protocol):
    """Hangs up on a client who is not done with the headers in time (slow loris), or does not read
    what it asked for, and would hold connection and answer for as long as it likes.

    `header_time` is in seconds for all headers of a request, from its first octet; `write_time`,
    for a client to take in what was written.
    """

    header_time = 10.0
    write_time = 60.0
    _deadline: asyncio.TimerHandle | None = None
    _unread: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        transport.set_write_buffer_limits(high=0)  # whatever the system did not take is unread
        self._wait_for_headers()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._unread = self.loop.call_later(self.write_time, self.transport.abort)

    def resume_writing(self) -> None:
        super().resume_writing()
        self._is_read()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        is_waiting = self.conn.their_state is h11.IDLE
        if is_waiting and self.conn.trailing_data[0]:
            self._wait_for_headers()
        elif not is_waiting:
            self._no_longer_wait()

    def connection_lost(self, exc: Exception | None) -> None:
        self._no_longer_wait()
        self._is_read()
        super().connection_lost(exc)

    def _is_read(self) -> None:
        if self._unread is not None:
            self._unread.cancel()
            self._unread = None

    def _wait_for_headers(self) -> None:
        if self._deadline is None:
            self._deadline = self.loop.call_later(self.header_time, self._hang_up)

    def _no_longer_wait(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _hang_up(self) -> None:
        self._deadline = None
        if not self.transport.is_closing():
            self.transport.close()
