"""`newsletter.publishing.doctoring.relay` with real relays: how the way to them is protected."""

import asyncio
import socket
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme

from newsletter.publishing.doctoring.finding import Finding, Found, Level
from newsletter.publishing.doctoring.relay import places, relays
from newsletter.settings import load_settings
from newsletter.starter import starter_folder
from newsletter.transports import Place
from tests.integration.publishing.conftest import KEY, publication_of
from tests.integration.transports.conftest import Peer

NOW = datetime.now(UTC)


@pytest.fixture
def folder(tmp_path: Path, authority: trustme.CA) -> Path:
    text = (starter_folder() / "newsletter.toml").read_text(encoding="utf-8")
    (tmp_path / "newsletter.toml").write_text(text, encoding="utf-8")
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    return tmp_path


def found(
    folder: Path,
    url: str,
    *,
    implicit: ssl.SSLContext | None = None,
    starttls: ssl.SSLContext | None = None,
    at: str = "127.0.0.1",
) -> list[Finding]:
    """What is found of a relay on this machine; `{port}` is where it is."""

    async def looked() -> list[Finding]:
        answers = {"EHLO": b"250-peer\r\n250 STARTTLS\r\n", "STARTTLS": b"220 go\r\n"}
        peer = Peer(answers if starttls else {}, starttls)
        server = await asyncio.start_server(peer.serve, at, 0, ssl=implicit)
        async with server:
            port = server.sockets[0].getsockname()[1]
            environ = {
                "NEWSLETTER_SECRET_KEY": KEY,
                "NEWSLETTER_TRANSPORT": url.format(port=port, ca=folder / "ca.pem"),
            }
            publication = publication_of(load_settings(folder, environ), lambda: NOW)
            return [each async for each in relays(publication)]

    return asyncio.run(looked())


def shows(authority: trustme.CA, days: int) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ends = NOW + timedelta(days=days)
    authority.issue_cert("localhost", not_after=ends).configure_cert(context)
    return context


@pytest.mark.parametrize(
    ("days", "level", "seen"),
    [(90, Level.OK, Found.SOUND), (10, Level.WARN, Found.EXPIRES_SOON)],
)
def test_a_certificate_is_good_for_a_while(
    folder: Path, authority: trustme.CA, days: int, level: Level, seen: Found
) -> None:
    tls = shows(authority, days)

    relay, way = found(folder, "smtps://localhost:{port}?ca={ca}", implicit=tls)

    assert (Level.OK, level, seen) == (relay.level, way.level, way.found)
    assert f"{NOW + timedelta(days=days):%Y-%m-%d}" in way.what
    assert way.what.startswith("TLSv1.3 to localhost")


def test_starttls_is_as_good(folder: Path, authority: trustme.CA) -> None:
    _, way = found(folder, "smtp://localhost:{port}?ca={ca}", starttls=shows(authority, 90))

    assert (Level.OK, Found.SOUND) == (way.level, way.found)


def test_a_certificate_that_ended_is_told_as_the_relays_fault(
    folder: Path, authority: trustme.CA
) -> None:
    [relay] = found(folder, "smtps://localhost:{port}?ca={ca}", implicit=shows(authority, -1))

    assert ("relay", Level.BAD) == (relay.name, relay.level)
    assert "expired" in relay.what


def test_a_relay_on_this_machine_needs_no_tls(folder: Path) -> None:
    assert ["relay"] == [each.name for each in found(folder, "smtp://127.0.0.1:{port}?tls=none")]


def test_the_way_to_another_machine_ought_to_be_encrypted(folder: Path) -> None:
    """This machine by its own name is as good as another one, for who looks at the name alone."""
    own = socket.gethostname()
    try:
        socket.getaddrinfo(own, 25, family=socket.AF_INET)
    except OSError:
        pytest.skip("this machine does not know its own name")

    _, way = found(folder, f"smtp://{own}:{{port}}?tls=none", at="0.0.0.0")

    assert ("tls", Level.WARN, Found.NOT_ENCRYPTED) == (way.name, way.level, way.found)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://relay.example.com", [Place(host="relay.example.com", port=587, is_here=False)]),
        ("smtps://127.0.0.1:465", [Place(host="127.0.0.1", port=465, is_here=True)]),
        ("directory:sent/", []),
        ("nonsense:", []),
        (
            "failover(smtps://one.example.com smtp://two.example.com:25)",
            [
                Place(host="one.example.com", port=465, is_here=False),
                Place(host="two.example.com", port=25, is_here=False),
            ],
        ),
    ],
)
def test_where_the_relays_are(folder: Path, url: str, expected: list[Place]) -> None:
    environ = {"NEWSLETTER_SECRET_KEY": KEY, "NEWSLETTER_TRANSPORT": url}

    assert expected == [*places(publication_of(load_settings(folder, environ), lambda: NOW))]
