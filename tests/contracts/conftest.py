"""One small world per transport: its URL, and what has arrived there, as (recipient, text)."""

import asyncio
import io
import ssl
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest
import trustme
from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP, AuthResult

from newsletter.clock import now
from newsletter.transports import RecordingTransport, Transport, open_transport

PASSWORD = "s3cret-of-ours"  # a word no URL would hold by chance


@dataclass(frozen=True)
class World:
    """`arrived` answers at any moment; the order is that of arrival only where one is kept.

    `octets` is all that arrived, as it came.
    """

    transport: Transport
    arrived: Callable[[], list[tuple[str, str]]]
    octets: Callable[[], bytes]


OpenWorld = Callable[[], AbstractAsyncContextManager[World]]


def text_of(content: bytes) -> str:
    octets = message_from_bytes(content).get_payload(decode=True)
    assert isinstance(octets, bytes)
    return octets.decode().replace("\r\n", "\n")


@dataclass
class Arrivals:
    """An aiosmtpd handler that keeps what it was given."""

    messages: list[tuple[str, str]] = field(default_factory=list)
    octets: bytes = b""

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - its name
        self.messages.append((envelope.rcpt_tos[0], text_of(envelope.original_content)))
        self.octets += envelope.original_content
        return "250 2.0.0 taken"


@asynccontextmanager
async def relay_world(
    url: str,
    ssl_context: ssl.SSLContext | None = None,
    protocol: type[SMTP] = SMTP,
    **smtp: Any,
) -> AsyncIterator[World]:
    arrivals = Arrivals()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: protocol(arrivals, hostname="localhost", enable_SMTPUTF8=True, loop=loop, **smtp),
        "127.0.0.1",
        0,
        ssl=ssl_context,
    )
    port = server.sockets[0].getsockname()[1]
    async with server, open_transport(url.format(port=port), clock=now) as transport:
        yield World(transport, lambda: list(arrivals.messages), lambda: arrivals.octets)


@asynccontextmanager
async def socket_world(scheme: str, protocol: type[SMTP]) -> AsyncIterator[World]:
    arrivals = Arrivals()
    loop = asyncio.get_running_loop()
    with tempfile.TemporaryDirectory() as folder:  # short: a socket's path has 107 octets
        server = await loop.create_unix_server(
            lambda: protocol(arrivals, hostname="localhost", enable_SMTPUTF8=True, loop=loop),
            f"{folder}/relay.sock",
        )
        async with (
            server,
            open_transport(f"{scheme}://{folder}/relay.sock", clock=now) as transport,
        ):
            yield World(transport, lambda: list(arrivals.messages), lambda: arrivals.octets)


@asynccontextmanager
async def recording_world() -> AsyncIterator[World]:
    async with open_transport("recording:", clock=now) as transport:
        assert isinstance(transport, RecordingTransport)
        yield World(
            transport,
            lambda: [
                (each.envelope.recipient, text_of(each.content)) for each in transport.deliveries
            ],
            lambda: b"".join(each.content for each in transport.deliveries),
        )


@asynccontextmanager
async def directory_world(folder: Path) -> AsyncIterator[World]:
    async with open_transport(f"directory:{folder}?connections=2", clock=now) as transport:
        yield World(
            transport,
            lambda: [
                (path.name.rpartition("-")[0], text_of(path.read_bytes()))
                for path in folder.glob("*")
            ],
            lambda: b"".join(path.read_bytes() for path in folder.glob("*")),
        )


@asynccontextmanager
async def maildir_world(folder: Path) -> AsyncIterator[World]:
    def arrived() -> list[tuple[str, str]]:
        contents = [path.read_bytes() for path in folder.glob("*/*")]
        return [(message_from_bytes(each)["Delivered-To"], text_of(each)) for each in contents]

    async with open_transport(f"maildir:{folder}?connections=2", clock=now) as transport:
        yield World(
            transport,
            arrived,
            lambda: b"".join(path.read_bytes() for path in folder.glob("*/*")),
        )


@asynccontextmanager
async def console_world() -> AsyncIterator[World]:
    stream = io.StringIO()

    def arrived() -> list[tuple[str, str]]:
        shown = stream.getvalue().split("-" * 72 + "\n")[:-1]
        return [
            (each.partition("RCPT TO    <")[2].partition(">")[0], each.partition("\n\n")[2])
            for each in shown
        ]

    async with open_transport("console:", stdout=stream, clock=now) as transport:
        yield World(transport, arrived, lambda: stream.getvalue().encode())


@dataclass(frozen=True)
class Ground:
    """Where a world may be laid out, and what a relay needs that asks for TLS and a login."""

    folder: Path
    tls: ssl.SSLContext

    @property
    def login(self) -> str:
        return f"ada:{PASSWORD}@localhost:{{port}}?ca={self.folder}/ca.pem"


def check_login(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
    return AuthResult(success=data.password == PASSWORD.encode())


WORLDS: dict[str, Callable[[Ground], AbstractAsyncContextManager[World]]] = {
    "recording": lambda _: recording_world(),
    "directory": lambda ground: directory_world(ground.folder / "outbox"),
    "maildir": lambda ground: maildir_world(ground.folder / "Maildir"),
    "console": lambda _: console_world(),
    "smtp": lambda _: relay_world("smtp://127.0.0.1:{port}?tls=none"),
    "starttls": lambda ground: relay_world(
        f"smtp://{ground.login}",
        tls_context=ground.tls,
        require_starttls=True,
        auth_required=True,
        authenticator=check_login,
    ),
    "smtps": lambda ground: relay_world(
        f"smtps://{ground.login}",
        ssl_context=ground.tls,
        auth_require_tls=False,  # aiosmtpd offers AUTH after STARTTLS only, else
        authenticator=check_login,
    ),
    "smtp-socket": lambda _: socket_world("smtp", SMTP),
    "lmtp": lambda _: relay_world("lmtp://127.0.0.1:{port}", protocol=LMTP),
    "lmtp-socket": lambda _: socket_world("lmtp", LMTP),
    "failover": lambda _: relay_world(
        "failover(smtp:///no/such/socket smtp://127.0.0.1:{port}?tls=none)"
    ),
    "roundrobin": lambda _: relay_world(
        "roundrobin(smtp:///no/such/socket smtp://127.0.0.1:{port}?tls=none&weight=2)"
    ),
    "idempotent": lambda _: relay_world(
        "smtp://127.0.0.1:{port}?tls=none&idempotency=X-EE-Idempotency-Key"
    ),
}
"""Every scheme has the world of its name, and may have more."""


@pytest.fixture(scope="session")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(params=WORLDS)
def open_world(request: pytest.FixtureRequest, tmp_path: Path, authority: trustme.CA) -> OpenWorld:
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost", "127.0.0.1").configure_cert(context)
    return lambda: WORLDS[request.param](Ground(tmp_path, context))


@pytest.fixture
def worlds() -> set[str]:
    return set(WORLDS)


@pytest.fixture
def password() -> str:
    return PASSWORD
