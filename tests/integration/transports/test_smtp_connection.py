"""Connecting, TLS and AUTH over real connections: what is refused, and in which words."""

import asyncio
import base64
import socket
import ssl
import struct
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import trustme
from aiosmtpd.smtp import AuthResult

from newsletter.clock import now
from newsletter.errors import RelayFault, SessionLost, TransportURLError
from newsletter.transports import (
    Envelope,
    Verdict,
    cautions,
    open_transport,
    paced,
    parse_transport_url,
)
from newsletter.transports.smtp import SmtpTransport
from newsletter.transports.smtp_fault import closed_at_once, silent
from tests.pace import passing

SHORT = passing(0.5)

ENVELOPE = Envelope(reverse_path="bounce@example.com", recipient="ada@example.com")
CONTENT = b"Subject: News\r\n\r\n.Hello\r\n"
SILENCE = "silence"
DROP = "drop"
OpenPeer = Callable[..., Any]
OpenRelay = Callable[..., Any]


class Inbox:
    """Keeps the contents, and says who had logged in for each, and whether TLS was on."""

    def __init__(self) -> None:
        self.contents: list[bytes] = []
        self.logins: list[object] = []
        self.names: list[str] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - its name
        self.contents.append(envelope.original_content)
        self.logins.append(session.auth_data)
        self.names.append(session.host_name)
        return "250 2.0.0 taken"


def check_password(
    server: Any, session: Any, envelope: Any, mechanism: str, data: Any
) -> AuthResult:
    if data.login == b"ada" and data.password == "pä ss/1".encode():
        return AuthResult(success=True, auth_data="ada")
    return AuthResult(success=False, handled=False)


async def nothing() -> None:
    return None


async def deliver_to(url: str, *, content: bytes = CONTENT, password: str | None = None) -> None:
    async with open_transport(url, password=password, clock=now) as transport:
        session = await transport.open()
        reply = await session.deliver(ENVELOPE, content, before_content=nothing)
        await session.close()
        assert Verdict.ACCEPTED == reply.verdict


def fault_of(url: str, *, password: str | None = None) -> RelayFault:
    async def scenario() -> None:
        async with open_transport(url, password=password, clock=now) as transport:
            await transport.open()

    with pytest.raises(RelayFault) as caught:
        asyncio.run(scenario())
    assert caught.value.what
    assert caught.value.where
    assert caught.value.next_step
    return caught.value


async def fault_in_loop(url: str) -> RelayFault:
    with pytest.raises(RelayFault) as caught:
        async with open_transport(url, clock=now) as transport:
            await transport.open()
    assert caught.value.what
    assert caught.value.next_step
    return caught.value


@pytest.mark.parametrize("mechanism", ["PLAIN", "LOGIN"])
def test_smtp_encrypts_and_logs_in_with_starttls(
    open_relay: OpenRelay, localhost_tls: ssl.SSLContext, ca_path: str, mechanism: str
) -> None:
    inbox = Inbox()

    async def scenario() -> None:
        async with open_relay(
            inbox,
            tls_context=localhost_tls,
            require_starttls=True,
            auth_required=True,
            auth_exclude_mechanism=[{"PLAIN": "LOGIN", "LOGIN": "PLAIN"}[mechanism]],
            authenticator=check_password,
        ) as port:
            await deliver_to(
                f"smtp://ada@localhost:{port}?ca={ca_path}&helo=news.example.com",
                password="pä ss/1",
            )

    asyncio.run(scenario())

    assert [CONTENT] == inbox.contents
    assert ["ada"] == inbox.logins
    assert ["news.example.com"] == inbox.names


def test_smtp_answers_a_cram_md5_challenge_where_nothing_else_is_offered(
    open_peer: OpenPeer,
) -> None:
    """The worked example of RFC 2195, 2: only there would the same digest come out."""
    challenge = base64.b64encode(b"<1896.697170952@postoffice.reston.mci.net>")
    answers = {
        "EHLO": b"250-peer\r\n250 AUTH CRAM-MD5\r\n",
        "AUTH": b"334 " + challenge + b"\r\n",
        "DGLTIGI5MTNHNJAYYZDLZGE3YTQ5NWI0ZTZLNZMZNGQZODKW": b"235 2.7.0 welcome\r\n",
    }

    async def scenario() -> str:
        async with open_peer(answers) as peer:
            await deliver_to(
                f"smtp://tim@127.0.0.1:{peer.port}?tls=none", password="tanstaaftanstaaf"
            )
            return str(peer.heard[2])

    assert b"tim b913a602c7eda7a495b4e6e7334d3890" == base64.b64decode(asyncio.run(scenario()))


def test_smtp_logs_in_with_a_percent_encoded_password(
    open_relay: OpenRelay, localhost_tls: ssl.SSLContext, ca_path: str
) -> None:
    inbox = Inbox()

    async def scenario() -> None:
        async with open_relay(
            inbox, ssl_context=localhost_tls, auth_require_tls=False, authenticator=check_password
        ) as port:
            await deliver_to(f"smtps://ada:p%C3%A4%20ss%2F1@localhost:{port}?ca={ca_path}")

    asyncio.run(scenario())

    assert ["ada"] == inbox.logins


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
def test_smtp_carries_a_large_message_over_tls(
    open_relay: OpenRelay, localhost_tls: ssl.SSLContext, ca_path: str, scheme: str
) -> None:
    inbox = Inbox()
    content = CONTENT + b"0123456789\r\n" * 250_000
    server = {"smtp": "tls_context", "smtps": "ssl_context"}[scheme]

    async def scenario() -> None:
        async with open_relay(inbox, **{server: localhost_tls}) as port:
            await deliver_to(f"{scheme}://localhost:{port}?ca={ca_path}", content=content)

    asyncio.run(scenario())

    assert content == inbox.contents[0]


def test_smtp_refuses_a_relay_without_starttls(open_relay: OpenRelay) -> None:
    async def scenario() -> RelayFault:
        async with open_relay(Inbox()) as port:
            return await fault_in_loop(f"smtp://127.0.0.1:{port}")

    fault = asyncio.run(scenario())

    assert "does not offer STARTTLS" in fault.what
    assert "smtps://" in fault.next_step


@pytest.mark.parametrize("offers", [True, False])
def test_smtp_encrypts_opportunistically_where_it_is_offered(
    open_relay: OpenRelay, localhost_tls: ssl.SSLContext, ca_path: str, offers: bool
) -> None:
    inbox = Inbox()

    async def scenario() -> None:
        tls = {"tls_context": localhost_tls, "require_starttls": True} if offers else {}
        async with open_relay(inbox, **tls) as port:
            await deliver_to(f"smtp://localhost:{port}?tls=opportunistic&ca={ca_path}")

    asyncio.run(scenario())

    assert [CONTENT] == inbox.contents


def test_smtp_keeps_the_password_when_the_relay_is_far_and_nothing_is_encrypted() -> None:
    """Whoever strips STARTTLS off the relay's offer must not get the password for it."""
    heard: list[bytes] = []
    address = _own_address()
    if address is None:
        pytest.skip("this machine has no address besides loopback")
    server = socket.create_server((address, 0))

    def serve() -> None:
        connection, _ = server.accept()
        with connection:
            connection.sendall(b"220 peer\r\n")
            heard.append(connection.recv(1000))
            connection.sendall(b"250-peer\r\n250 AUTH PLAIN LOGIN\r\n")
            heard.append(connection.recv(1000))

    with server:
        thread = threading.Thread(target=serve)
        thread.start()
        port = server.getsockname()[1]
        fault = fault_of(f"smtp://ada:secret@{address}:{port}?tls=opportunistic")
        thread.join()

    assert "not sent in the clear" in fault.what
    assert b"" == heard[1]


def _own_address() -> str | None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # sends nothing; RFC 5737's address for examples
        except OSError:
            return None
        address = str(probe.getsockname()[0])
    return None if address.startswith("127.") else address


def test_smtp_does_not_believe_what_was_injected_before_tls(
    open_peer: OpenPeer, localhost_tls: ssl.SSLContext, ca_path: str
) -> None:
    """CVE-2026-55558 and its kind: replies in the clear, read as if they came over TLS."""
    answers = {
        "EHLO": [b"250-peer\r\n250 STARTTLS\r\n", b"250-peer\r\n250 SIZE 5000\r\n"],
        "STARTTLS": b"220 go\r\n250-evil\r\n250 SIZE 1\r\n250 2.1.0 ok\r\n",
    }

    async def scenario() -> tuple[list[str], int]:
        async with open_peer(answers, tls=localhost_tls) as peer:
            await deliver_to(f"smtp://localhost:{peer.port}?ca={ca_path}")
            return [line.split()[0] for line in peer.heard], len(peer.contents)

    heard, contents = asyncio.run(scenario())

    assert ["EHLO", "STARTTLS", "EHLO", "MAIL", "RCPT", "DATA", "QUIT"] == heard
    assert 1 == contents


def test_smtp_forgets_what_was_offered_before_tls(
    open_peer: OpenPeer, localhost_tls: ssl.SSLContext, ca_path: str
) -> None:
    answers = {
        "EHLO": [b"250-peer\r\n250-AUTH PLAIN\r\n250 STARTTLS\r\n", b"250 peer\r\n"],
        "STARTTLS": b"220 go\r\n",
    }

    async def scenario() -> RelayFault:
        async with open_peer(answers, tls=localhost_tls) as peer:
            return await fault_in_loop(f"smtp://ada:secret@localhost:{peer.port}?ca={ca_path}")

    assert "no way to log in" in asyncio.run(scenario()).what


def test_smtp_refuses_a_certificate_for_another_name(
    open_relay: OpenRelay,
    authority: trustme.CA,
    make_context: Callable[[trustme.LeafCert], ssl.SSLContext],
    ca_path: str,
) -> None:
    context = make_context(authority.issue_cert("relay.example.com"))

    for scheme, server in (("smtp", "tls_context"), ("smtps", "ssl_context")):
        fault = _tls_fault(
            open_relay, f"{scheme}://localhost:{{port}}?ca={ca_path}", **{server: context}
        )

        assert "certificate is for another name" in fault.what
        assert "localhost" in fault.where


def test_smtp_refuses_a_certificate_that_has_expired(
    open_relay: OpenRelay,
    authority: trustme.CA,
    make_context: Callable[[trustme.LeafCert], ssl.SSLContext],
    ca_path: str,
) -> None:
    past = datetime(2020, 1, 1, tzinfo=UTC)
    certificate = authority.issue_cert(
        "localhost", not_before=past, not_after=past + timedelta(days=90)
    )

    fault = _tls_fault(
        open_relay,
        f"smtp://localhost:{{port}}?ca={ca_path}",
        tls_context=make_context(certificate),
    )

    assert "certificate has expired" in fault.what
    assert "renewed" in fault.next_step


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
def test_smtp_refuses_a_certificate_of_an_unknown_authority(
    open_relay: OpenRelay, localhost_tls: ssl.SSLContext, scheme: str
) -> None:
    server = {"smtp": "tls_context", "smtps": "ssl_context"}[scheme]

    fault = _tls_fault(open_relay, f"{scheme}://localhost:{{port}}", **{server: localhost_tls})

    assert "does not trust" in fault.what
    assert "ca=PATH" in fault.next_step


def _tls_fault(open_relay: OpenRelay, url: str, **server: ssl.SSLContext) -> RelayFault:
    async def scenario() -> RelayFault:
        async with open_relay(Inbox(), **server) as port:
            return await fault_in_loop(url.format(port=port))

    return asyncio.run(scenario())


def test_smtps_says_so_when_the_port_does_not_speak_tls(open_peer: OpenPeer) -> None:
    async def scenario() -> RelayFault:
        async with open_peer() as peer:
            return await fault_in_loop(f"smtps://localhost:{peer.port}")

    fault = asyncio.run(scenario())

    assert "does not speak TLS here" in fault.what
    assert "587" in fault.next_step


def test_smtp_takes_no_tls_below_1_2() -> None:
    transport = SmtpTransport(parse_transport_url("smtps://relay.example.com"))

    assert transport._tls_context is not None
    assert ssl.TLSVersion.TLSv1_2 == transport._tls_context.minimum_version
    assert ssl.CERT_REQUIRED == transport._tls_context.verify_mode
    assert transport._tls_context.check_hostname


def test_smtp_reports_a_refused_password_and_does_not_show_it(
    open_relay: OpenRelay, localhost_tls: ssl.SSLContext, ca_path: str
) -> None:
    tries: list[str] = []

    def refuse(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        tries.append(mechanism)
        return AuthResult(success=False, handled=False)

    async def scenario() -> RelayFault:
        async with open_relay(
            Inbox(), tls_context=localhost_tls, auth_required=True, authenticator=refuse
        ) as port:
            return await fault_in_loop(f"smtp://ada:geheim@localhost:{port}?ca={ca_path}")

    fault = asyncio.run(scenario())

    assert "refused user name or password: 535" in fault.what
    assert "NEWSLETTER_TRANSPORT_PASSWORD" in fault.next_step
    assert "geheim" not in f"{fault} {fault!r} {fault.__cause__!r}"
    assert ["PLAIN"] == tries, "one try: each refused one counts towards being locked out"


@pytest.mark.parametrize("repeated", ["geheim", base64.b64encode(b"\0ada\0geheim").decode()])
def test_smtp_takes_the_password_out_of_what_a_server_repeats(
    open_peer: OpenPeer, repeated: str
) -> None:
    answers = {
        "EHLO": b"250-peer\r\n250 AUTH PLAIN\r\n",
        "AUTH": b"535 5.7.8 bad: " + repeated.encode() + b"\r\n",
    }

    async def scenario() -> RelayFault:
        async with open_peer(answers) as peer:
            return await fault_in_loop(f"smtp://ada:geheim@127.0.0.1:{peer.port}?tls=none")

    fault = asyncio.run(scenario())

    assert "535 5.7.8 bad: ***" in fault.what
    assert repeated not in str(fault)


@pytest.mark.parametrize(
    ("answers", "what", "next_step"),
    [
        ({"": b"554 5.7.1 go away\r\n"}, "turned us away: 554 5.7.1 go away", "whoever runs"),
        ({"": b"421 4.3.2 too many\r\n"}, "turned us away: 421 4.3.2 too many", "try again later"),
        ({"": b"+OK POP3 ready\r\n"}, "not a mail server", "check host and port"),
        ({"": b"SSH-2.0-OpenSSH_9.2\r\n"}, "not a mail server", "check host and port"),
        (
            {"": SILENCE},
            f"did not answer within {SHORT:g} seconds",
            "from the first byte: write smtps://",
        ),
        ({"": DROP}, "closed the connection", "check host, port"),
        ({"": b"x" * 40_000}, "not a mail server", "check host and port"),
        ({"EHLO": b"550 5.7.1 who?\r\n"}, "refused our EHLO: 550 5.7.1 who?", "helo=NAME"),
        ({"EHLO": b"502 5.5.2 what?\r\n"}, "does not know EHLO (502 5.5.2 what?)", "no user name"),
        ({"EHLO": b"421 4.3.2 later\r\n"}, "refused our EHLO: 421 4.3.2 later", "later"),
        ({"EHLO": SILENCE}, f"did not answer within {SHORT:g} seconds", "check host and port"),
        ({"EHLO": DROP}, "closed the connection", "check host, port"),
        (
            {"EHLO": b"250-half\r\n"},
            f"did not answer within {SHORT:g} seconds",
            "check host and port",
        ),
        ({}, "no way to log in that we know (it offers none", "take the user name out"),
        (
            {"EHLO": b"250-peer\r\n250 AUTH GSSAPI XOAUTH2\r\n"},
            "it offers GSSAPI, XOAUTH2",
            "write auth=xoauth2",
        ),
        (
            {"EHLO": b"250-peer\r\n250 AUTH PLAIN\r\n", "AUTH": b"454 4.7.0 not now\r\n"},
            "could not check the password now: 454 4.7.0 not now",
            "try again later",
        ),
        (
            {"EHLO": b"250-peer\r\n250 AUTH PLAIN\r\n", "AUTH": DROP},
            "closed the connection",
            "check host, port",
        ),
        (
            {"EHLO": b"250-peer\r\n250 AUTH PLAIN\r\n", "AUTH": SILENCE},
            f"did not answer within {SHORT:g} seconds",
            "check host and port",
        ),
    ],
)
def test_smtp_says_why_there_is_no_session(
    open_peer: OpenPeer, answers: dict[str, Any], what: str, next_step: str
) -> None:
    async def scenario() -> RelayFault:
        async with open_peer(answers) as peer:
            return await fault_in_loop(
                f"smtp://ada:geheim@127.0.0.1:{peer.port}?tls=none&timeout={SHORT:g}"
            )

    fault = asyncio.run(scenario())

    assert what in fault.what
    assert next_step in fault.next_step
    assert "\n" not in str(fault)


@pytest.mark.parametrize(
    "unknown",
    [
        b"500 what?\r\n",
        b"501 no argument, please\r\n",
        b"502 5.5.2 Error: command not recognized\r\n",
        b"504 not this one\r\n",
        b"550 5.5.1 unknown command\r\n",
    ],
)
@pytest.mark.parametrize("tls", ["none", "opportunistic"])
def test_smtp_says_helo_where_ehlo_is_not_known_and_nothing_needs_it(
    open_peer: OpenPeer, unknown: bytes, tls: str
) -> None:
    """RFC 5321, 3.2 and 4.1.4; what an old relay does not offer is not used."""

    async def scenario() -> list[str]:
        async with open_peer({"EHLO": unknown, "HELO": b"250 peer\r\n"}) as peer:
            await deliver_to(f"smtp://127.0.0.1:{peer.port}?tls={tls}")
            return [line.split()[0] for line in peer.heard]

    assert ["EHLO", "HELO", "MAIL", "RCPT", "DATA", "QUIT"] == asyncio.run(scenario())


@pytest.mark.parametrize(
    ("options", "helo", "what"),
    [
        ("tls=required", b"250 peer\r\n", "does not know EHLO"),
        ("tls=none", b"501 5.5.4 a name, please\r\n", "refused our EHLO: 501 5.5.4"),
    ],
)
def test_smtp_says_what_ehlo_was_needed_for(
    open_peer: OpenPeer, options: str, helo: bytes, what: str
) -> None:
    async def scenario() -> RelayFault:
        async with open_peer({"EHLO": b"502 5.5.2 what?\r\n", "HELO": helo}) as peer:
            return await fault_in_loop(f"smtp://127.0.0.1:{peer.port}?{options}")

    assert what in asyncio.run(scenario()).what


def test_smtp_names_smtps_where_the_relay_waits_for_tls(
    open_peer: OpenPeer, localhost_tls: ssl.SSLContext
) -> None:
    async def scenario() -> RelayFault:
        async with open_peer(implicit_tls=localhost_tls) as peer:
            return await fault_in_loop(f"smtp://127.0.0.1:{peer.port}?timeout={SHORT:g}")

    assert (
        "it may speak TLS from the first byte: write smtps://" in asyncio.run(scenario()).next_step
    )


def test_smtp_knows_port_465_by_its_number() -> None:
    """Only root may listen there, so the words alone are looked at."""
    at_465 = parse_transport_url("smtp://relay.example.com:465")
    by_smtps = parse_transport_url("smtps://relay.example.com:465")

    for words in (silent(at_465), closed_at_once(at_465)):
        assert "port 465 speaks TLS from the first byte: write smtps://" in words[1]
    assert "smtps://" not in silent(by_smtps)[1]


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
def test_smtp_takes_any_certificate_where_it_is_told_to(
    open_relay: OpenRelay,
    authority: trustme.CA,
    make_context: Callable[[trustme.LeafCert], ssl.SSLContext],
    scheme: str,
) -> None:
    inbox = Inbox()
    context = make_context(authority.issue_cert("relay.example.com"))
    server = {"smtp": "tls_context", "smtps": "ssl_context"}[scheme]

    async def scenario() -> None:
        async with open_relay(inbox, **{server: context}) as port:
            await deliver_to(f"{scheme}://localhost:{port}?tls=insecure")

    asyncio.run(scenario())

    assert [CONTENT] == inbox.contents


def test_smtp_says_each_time_that_nothing_is_verified() -> None:
    url = "failover(smtps://one.example?tls=insecure&rate=5 smtps://two.example)"
    transport = paced(open_transport(url, clock=now), rate=3)

    (caution,) = cautions(transport)

    assert "certificate is NOT verified" in caution.what
    assert "smtps://one.example:465?tls=insecure&rate=5" == caution.where


@pytest.fixture
def client_files(authority: trustme.CA, tmp_path: Path) -> tuple[Path, Path]:
    """A certificate of ours, and its key."""
    ours = authority.issue_cert("news.example.com")
    cert, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    ours.cert_chain_pems[0].write_to_path(cert)
    ours.private_key_pem.write_to_path(key)
    key.chmod(0o600)
    return cert, key


@pytest.mark.parametrize("shows", [True, False])
def test_smtp_shows_a_certificate_of_ours(
    open_relay: OpenRelay,
    authority: trustme.CA,
    make_context: Callable[[trustme.LeafCert], ssl.SSLContext],
    client_files: tuple[Path, Path],
    ca_path: str,
    shows: bool,
) -> None:
    inbox = Inbox()
    context = make_context(authority.issue_cert("localhost"))
    context.verify_mode = ssl.CERT_REQUIRED
    authority.configure_trust(context)
    cert, key = client_files
    ours = f"&cert={cert}&key={key}" if shows else ""

    async def scenario() -> None:
        async with open_relay(inbox, ssl_context=context) as port:
            await deliver_to(f"smtps://localhost:{port}?ca={ca_path}{ours}")

    if shows:
        asyncio.run(scenario())
        assert [CONTENT] == inbox.contents
    else:
        with pytest.raises(RelayFault) as caught:
            asyncio.run(scenario())
        assert "cert=FILE&key=FILE" in caught.value.next_step


def test_smtp_refuses_a_key_that_others_may_read(client_files: tuple[Path, Path]) -> None:
    cert, key = client_files
    key.chmod(0o644)

    with pytest.raises(TransportURLError, match="others may read the key"):
        open_transport(f"smtps://relay.example?cert={cert}&key={key}", clock=now)


@pytest.mark.parametrize("cert", ["missing.pem", "key.pem"])
def test_smtp_refuses_a_certificate_that_is_none(
    client_files: tuple[Path, Path], cert: str
) -> None:
    path = client_files[0].with_name(cert)

    with pytest.raises(TransportURLError, match="not a certificate and its key"):
        open_transport(f"smtps://relay.example?cert={path}", clock=now)


@pytest.mark.parametrize("how", ["in order", "by reset"])
def test_smtp_says_so_when_the_relay_hangs_up_as_soon_as_it_is_ready(
    open_peer: OpenPeer, how: str
) -> None:
    """Either there is no session, or it is lost at once; nothing in between."""

    async def welcome_and_leave(writer: asyncio.StreamWriter) -> None:
        writer.write(b"250 peer\r\n")
        if how == "by reset":
            linger_none = struct.pack("ii", 1, 0)
            writer.get_extra_info("socket").setsockopt(
                socket.SOL_SOCKET, socket.SO_LINGER, linger_none
            )
        writer.close()

    async def scenario() -> None:
        async with open_peer({"EHLO": welcome_and_leave}) as peer:
            with pytest.raises((RelayFault, SessionLost)):
                await deliver_to(f"smtp://127.0.0.1:{peer.port}?tls=none")

    for _ in range(20):
        asyncio.run(scenario())


@pytest.mark.parametrize(
    ("answers", "what"),
    [
        ({"STARTTLS": b"454 4.7.0 TLS not available\r\n"}, "refused: 454 4.7.0 TLS not available"),
        ({"STARTTLS": DROP}, "closed the connection"),
        ({"STARTTLS": SILENCE}, f"did not answer within {SHORT:g} seconds"),
        ({"STARTTLS": b"220 go\r\n"}, "TLS could not be agreed on"),
    ],
)
def test_smtp_says_why_starttls_failed(
    open_peer: OpenPeer, answers: dict[str, Any], what: str
) -> None:
    """In the last one the peer goes on in the clear."""
    answers = {"EHLO": b"250-peer\r\n250 STARTTLS\r\n", **answers}

    async def scenario() -> RelayFault:
        async with open_peer(answers) as peer:
            return await fault_in_loop(f"smtp://localhost:{peer.port}?timeout={SHORT:g}")

    assert what in asyncio.run(scenario()).what


def test_smtp_says_so_when_nothing_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    expected = (
        f"127.0.0.1:{port}: nothing listens there; "
        "check host and port, and that the relay is running"
    )

    assert expected == str(fault_of(f"smtp://127.0.0.1:{port}?tls=none"))


@pytest.mark.parametrize("host", ["no-such-host.invalid", "x" * 70 + ".example.com"])
def test_smtp_says_so_when_there_is_no_such_host(host: str) -> None:
    assert "no host of this name" in fault_of(f"smtps://{host}").what


def test_smtp_refuses_a_ca_file_that_is_none(tmp_path: Any) -> None:
    empty = tmp_path / "empty.pem"
    empty.write_text("not a certificate")

    for path in (empty, tmp_path / "missing.pem"):
        with pytest.raises(TransportURLError, match="ca="):
            open_transport(f"smtps://relay.example.com?ca={path}", clock=now)


def test_smtp_introduces_itself_by_name_or_address(open_peer: OpenPeer) -> None:
    """Never by what DNS would say: asking it can take many seconds."""

    async def scenario() -> str:
        async with open_peer() as peer:
            await deliver_to(f"smtp://127.0.0.1:{peer.port}?tls=none")
            return str(peer.heard[0])

    name = socket.gethostname()

    assert f"EHLO {name if '.' in name else '[127.0.0.1]'}" == asyncio.run(scenario())


def test_smtp_closes_sessions_that_were_left_open(open_peer: OpenPeer) -> None:
    async def scenario() -> list[str]:
        async with open_peer() as peer:
            async with open_transport(
                f"smtp://127.0.0.1:{peer.port}?tls=none", clock=now
            ) as transport:
                await transport.open()
                await transport.open()
            return [line.split()[0] for line in peer.heard]

    assert ["EHLO", "EHLO", "QUIT", "QUIT"] == asyncio.run(scenario())
