"""A local inbox: a real SMTP server on this machine that keeps every message as a file.

For trying things out: `newsletter demo` delivers to it. Knows aiosmtpd, which is an extra; who
sends to it, and what, is left to others. It answers 250 only when the file is on the disk
(RFC 5321, 6.1).
"""

import asyncio
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

from newsletter.errors import MissingExtraError, TransportError
from newsletter.files import write_beside

if TYPE_CHECKING:
    from aiosmtpd.smtp import SMTP

Hearer = Callable[[Path, bytes], object]

_UNSAFE = re.compile(r"[^A-Za-z0-9@._+-]")


class Inbox:
    """An inbox that is open. `count` is how many messages it has taken so far."""

    def __init__(self, folder: Path | None, host: str, hear: Hearer) -> None:
        self.host = host
        self.port = 0
        self.count = 0
        self._folder = folder
        self._hear = hear

    @property
    def url(self) -> str:
        """The transport URL that leads here."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"smtp://{host}:{self.port}?tls=none"

    # What aiosmtpd calls; its types are not published.
    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        del server, session
        try:
            for recipient in envelope.rcpt_tos:
                await asyncio.to_thread(self._keep, recipient, envelope.original_content)
        except OSError as error:
            return f"452 4.3.1 the inbox cannot keep it: {error.strerror}"
        self.count += 1
        return "250 2.0.0 kept"

    def _keep(self, recipient: str, content: bytes) -> None:
        if self._folder is None:
            return
        self._hear(write_beside(_names(self._folder, recipient), content), content)


def _names(folder: Path, recipient: str) -> Iterator[Path]:
    """Files named as the recipient, as far as a name may be."""
    name = _UNSAFE.sub("_", recipient).lstrip(".-")[:100] or "_"
    yield folder / f"{name}.eml"
    for number in count(2):
        yield folder / f"{name}.{number}.eml"


@contextmanager
def open_inbox(
    folder: Path | None,
    *,
    host: str = "127.0.0.1",
    port: int = 0,
    hear: Hearer = lambda *_: None,
) -> Iterator[Inbox]:
    """Serve until the block ends, on a free port unless one is given. Without a folder, only count.

    `hear` is told, in a thread of its own, which file a message has become, and what it is.

    Raises MissingExtraError without aiosmtpd, TransportError where it cannot listen or keep.
    """
    try:
        from aiosmtpd.smtp import SMTP
    except ImportError as error:
        raise MissingExtraError("The local inbox", extra="inbox") from error
    inbox = Inbox(folder, host, hear)
    try:
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        server = _Server(SMTP, inbox, port)
    except OSError as error:
        raise TransportError(
            f"the local inbox cannot be opened: {error.strerror or error}",
            where=f"{host}:{port}" if folder is None else f"{host}:{port}, {folder}",
            next_step="choose another port or folder",
        ) from error
    try:
        yield inbox
    finally:
        server.stop()


class _Server:
    """aiosmtpd in a thread with a loop of its own; the listening socket is open from the start.

    aiosmtpd's own Controller cannot take port 0: it calls itself up on the port it was given.
    """

    def __init__(self, protocol: type["SMTP"], inbox: Inbox, port: int) -> None:
        self._protocol = protocol
        self._inbox = inbox
        self._loop = asyncio.new_event_loop()
        self._stopping = asyncio.Event()
        try:
            self._server = self._loop.run_until_complete(
                self._loop.create_server(self._connection, inbox.host, port)
            )
        except OSError:
            self._loop.close()
            raise
        inbox.port = self._server.sockets[0].getsockname()[1]
        self._thread = threading.Thread(target=self._serve, name="newsletter-inbox", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._stopping.set)
        self._thread.join()

    def _connection(self) -> "SMTP":
        return self._protocol(
            self._inbox, hostname="localhost", enable_SMTPUTF8=True, loop=self._loop
        )

    def _serve(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._until_stopped())

    async def _until_stopped(self) -> None:
        await self._stopping.wait()
        self._server.close()  # the connections go with the loop, which ends after this
