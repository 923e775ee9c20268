"""Relays to talk to: aiosmtpd for the gentle ones, a scripted peer for the nasty ones."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
import trustme
from aiosmtpd.smtp import SMTP

DROP = "drop"
SILENCE = "silence"


@dataclass
class Peer:
    """Says for each command what `answers` has for it; "" is the banner, "." the final dot.

    "*" is an empty line. An answer is octets, or DROP or SILENCE, or a list of answers taken one
    after another, of which the last stays. After a 220 to STARTTLS it speaks TLS.
    """

    answers: Mapping[str, Any]
    tls: ssl.SSLContext | None = None
    port: int = 0
    heard: list[str] = field(default_factory=list)
    contents: list[bytes] = field(default_factory=list)
    connections: int = 0
    tasks: list[asyncio.Task[None]] = field(default_factory=list)

    def __post_init__(self) -> None:
        usual = {
            "": b"220 peer\r\n",
            "EHLO": b"250 peer\r\n",
            "MAIL": b"250 2.1.0 ok\r\n",
            "RCPT": b"250 2.1.5 ok\r\n",
            "RSET": b"250 2.0.0 ok\r\n",
            "DATA": b"354 go\r\n",
            ".": b"250 2.0.0 taken\r\n",
            "QUIT": b"221 bye\r\n",
        }
        self.answers = {**usual, **self.answers}

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self.tasks.append(task)
        self.connections += 1
        try:
            await self.talk(reader, writer)
        except (ConnectionError, ssl.SSLError, asyncio.CancelledError):
            pass  # the client went, or the test is over
        finally:
            writer.transport.abort()

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if not await self.answer("", writer):
            return
        while line := await reader.readline():
            self.heard.append(line.decode(errors="replace").rstrip("\r\n"))
            verb = (line.split() or [b"*"])[0].decode(errors="replace").upper()
            before = self.answers.get(verb)
            if not await self.answer(verb, writer):
                return
            if verb == "DATA" and _is_refusal(before):
                continue
            if verb == "STARTTLS" and self.tls is not None:
                await writer.start_tls(self.tls)
            if verb == "DATA":
                await self.take_content(reader)
                if not await self.answer(".", writer):
                    return

    async def take_content(self, reader: asyncio.StreamReader) -> None:
        """What came is kept as it comes, also where the end never does."""
        self.contents.append(b"")
        while not self.contents[-1].endswith(b"\r\n.\r\n"):
            line = await reader.readline()
            if not line:
                raise ConnectionError
            self.contents[-1] += line

    async def answer(self, verb: str, writer: asyncio.StreamWriter) -> bool:
        answer = self.answers.get(verb, b"502 5.5.1 what?\r\n")
        if isinstance(answer, list):
            answer = answer.pop(0) if len(answer) > 1 else answer[0]
        if answer == SILENCE:
            await asyncio.sleep(3600)
        if answer == DROP:
            return False
        if callable(answer):
            await answer(writer)
        else:
            writer.write(answer)
            await writer.drain()
        return True


def _is_refusal(answer: object) -> bool:
    first = answer[0] if isinstance(answer, list) else answer
    return isinstance(first, bytes) and not first.startswith(b"354")


OpenPeer = Callable[..., AbstractAsyncContextManager[Peer]]


@asynccontextmanager
async def _open_peer(
    answers: Mapping[str, Any] | None = None,
    *,
    tls: ssl.SSLContext | None = None,
    implicit_tls: ssl.SSLContext | None = None,
) -> AsyncIterator[Peer]:
    peer = Peer(answers or {}, tls)
    server = await asyncio.start_server(peer.serve, "127.0.0.1", 0, ssl=implicit_tls, limit=2**20)
    peer.port = server.sockets[0].getsockname()[1]
    try:
        yield peer
    finally:
        server.close()
        for task in peer.tasks:
            task.cancel()
        await asyncio.gather(*peer.tasks, return_exceptions=True)


@pytest.fixture
def open_peer() -> OpenPeer:
    return _open_peer


@asynccontextmanager
async def _open_relay(
    handler: object, *, ssl_context: ssl.SSLContext | None = None, **smtp: Any
) -> AsyncIterator[int]:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(handler, hostname="localhost", loop=loop, **smtp),
        "127.0.0.1",
        0,
        ssl=ssl_context,
    )
    async with server:
        yield server.sockets[0].getsockname()[1]


OpenRelay = Callable[..., AbstractAsyncContextManager[int]]


@pytest.fixture
def open_relay() -> OpenRelay:
    """A real aiosmtpd on a free port, which is what it gives."""
    return _open_relay


@pytest.fixture(scope="session")
def authority() -> trustme.CA:
    return trustme.CA()


def server_context(certificate: trustme.LeafCert) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    return context


@pytest.fixture(scope="session")
def localhost_tls(authority: trustme.CA) -> ssl.SSLContext:
    """The context of a server whose certificate is for localhost and 127.0.0.1."""
    return server_context(authority.issue_cert("localhost", "127.0.0.1"))


@pytest.fixture(scope="session")
def ca_path(authority: trustme.CA, tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("authority") / "ca.pem"
    authority.cert_pem.write_to_path(path)
    return str(path)


@pytest.fixture(scope="session")
def make_context() -> Callable[[trustme.LeafCert], ssl.SSLContext]:
    return server_context
