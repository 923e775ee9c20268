"""The transports `smtp://`, `smtps://` and `lmtp://`: connections, encrypted and logged in.

aiosmtplib connects, encrypts and logs in, step by step, so that every refusal is told in a
person's words; then the connection is handed to our own mail transaction. No other module knows
aiosmtplib. RFC 5321 (3.1, 4.1.1.1), RFC 3207 (STARTTLS), RFC 4954 (AUTH), RFC 8314.
"""

import asyncio
import socket
import ssl
from types import TracebackType
from typing import TypeGuard

import aiosmtplib

from newsletter.errors import RelayFault, TransportURLError
from newsletter.transports.base import Surroundings
from newsletter.transports.named import NamedByURL
from newsletter.transports.smtp_fault import Words, closed, not_in_time, without_secrets, words_of
from newsletter.transports.smtp_reply import WireReply
from newsletter.transports.smtp_session import SmtpSession
from newsletter.transports.smtp_transaction import MailTransaction
from newsletter.transports.smtp_wire import SmtpWire
from newsletter.transports.url import Tls, TransportURL


class SmtpTransport(NamedByURL):
    """Sessions with one relay."""

    greeting = "EHLO"

    def __init__(self, url: TransportURL, surroundings: Surroundings | None = None) -> None:
        super().__init__(url, surroundings)
        self._tls_context = None if url.tls is Tls.NONE else _tls_context(url.options.ca)
        self._sessions: set[SmtpSession] = set()

    async def open(self) -> SmtpSession:
        wire, transaction = await self._connect()
        session = SmtpSession(
            wire,
            transaction,
            connect=self._connect,
            messages=self._url.options.messages,
            forget=self._sessions.discard,
        )
        self._sessions.add(session)
        return session

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        for session in tuple(self._sessions):
            await session.close()

    async def _connect(self) -> tuple[SmtpWire, MailTransaction]:
        client = aiosmtplib.SMTP(
            hostname=self._url.host or None,
            port=self._url.port,
            socket_path=self._url.path or None,
            local_hostname="localhost",  # never said: asking DNS for a better one takes seconds
            timeout=self._url.options.timeout,
            use_tls=self._url.tls is Tls.IMPLICIT,
            start_tls=False,
            tls_context=self._tls_context,
        )
        try:
            await client.connect()
            await self._encrypt(client)
            await self._log_in(client)
            extensions = client.esmtp_extensions
            wire = self._take_over(client)
        except (aiosmtplib.SMTPException, OSError, UnicodeError) as error:
            await _drop(client)
            raise _relay_fault(error, self._url, self.greeting) from error
        except BaseException:
            await _drop(client)
            raise
        return wire, MailTransaction(wire, extensions, self._url.options.stage_timeouts)

    def _take_over(self, client: aiosmtplib.SMTP) -> SmtpWire:
        if not isinstance(client.transport, asyncio.Transport):
            raise aiosmtplib.SMTPServerDisconnected("closed as soon as it was ready")
        return SmtpWire(client.transport, self._url.address)

    async def _encrypt(self, client: aiosmtplib.SMTP) -> None:
        await self._greet(client)
        if self._url.tls not in (Tls.REQUIRED, Tls.OPPORTUNISTIC):
            return
        if client.supports_extension("starttls"):
            await client.starttls()
            await self._greet(client)  # what was offered in the clear counts no more: RFC 3207, 4.2
        elif self._url.tls is Tls.REQUIRED:
            raise RelayFault(
                "the relay does not offer STARTTLS, so nothing would be encrypted",
                where=self._url.address,
                next_step="use smtps:// if it takes TLS on another port (465), "
                "or add ?tls=none if the way there is safe",
            )

    async def _greet(self, client: aiosmtplib.SMTP) -> None:
        name = self._url.options.helo or _own_name(client)
        reply = await client.execute_command(self.greeting.encode(), name.encode("ascii"))
        if reply.code != aiosmtplib.SMTPStatus.completed:
            raise aiosmtplib.SMTPHeloError(reply.code, reply.message)
        client.last_ehlo_response = reply

    async def _log_in(self, client: aiosmtplib.SMTP) -> None:
        user, password = self._url.user, self._url.password
        if password is None:
            return
        is_encrypted = client.get_transport_info("sslcontext") is not None
        if not is_encrypted and not self._url.is_loopback:
            raise RelayFault(
                "the relay did not offer STARTTLS, and the password is not sent in the clear",
                where=self._url.address,
                next_step="use smtps://, or take user and password out of the transport URL",
            )
        # One try with one mechanism: each refused try counts towards being locked out.
        if "plain" in client.server_auth_methods:
            await client.auth_plain(user, password)
        elif "login" in client.server_auth_methods:
            await client.auth_login(user, password)
        elif "cram-md5" in client.server_auth_methods:
            await client.auth_crammd5(user, password)
        else:
            raise self._no_way_in(client.server_auth_methods)

    def _no_way_in(self, offered: list[str]) -> RelayFault:
        ways = ", ".join(way.upper() for way in offered if way.isascii() and way.isprintable())
        return RelayFault(
            f"the relay offers no way to log in that we know (it offers {ways or 'none'}; "
            "we know PLAIN, LOGIN, CRAM-MD5)",
            where=self._url.address,
            next_step="check the port, or take the user name out of the transport URL",
        )


class LmtpTransport(SmtpTransport):
    """Straight to a mail store: SMTP with LHLO in place of EHLO (RFC 2033, 4.1).

    LMTP gives one reply for each recipient after the final dot (4.2); as one recipient a message
    is our way anyhow, one is all there is.
    """

    greeting = "LHLO"


def _tls_context(ca: str) -> ssl.SSLContext:
    """Verifies certificate and name; `ca` adds a private authority to those of the system."""
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if ca:
        try:
            context.load_verify_locations(cafile=ca)
        except OSError as error:  # also what SSLError is
            raise TransportURLError(
                f"ca={ca}: not a PEM file of certificates that can be read "
                f"({error.strerror or error})",
                next_step="give the path of the authority's certificate",
            ) from error
    return context


def _relay_fault(error: Exception, url: TransportURL, greeting: str) -> RelayFault:
    """The fault that aiosmtplib's error, or the system's, stands for; no password is in it."""
    match error:
        case aiosmtplib.SMTPResponseException():
            what, next_step = _refusal(error, greeting)
        case aiosmtplib.SMTPTimeoutError():
            what, next_step = not_in_time(url)
        case aiosmtplib.SMTPException() if _is_from_the_system(error.__cause__):
            what, next_step = words_of(error.__cause__, url)
        case aiosmtplib.SMTPException():
            what, next_step = closed()
        case _:
            what, next_step = words_of(error, url)
    return RelayFault(without_secrets(what, url), where=url.address, next_step=next_step)


def _is_from_the_system(cause: BaseException | None) -> TypeGuard[OSError]:
    return isinstance(cause, OSError) and not isinstance(cause, aiosmtplib.SMTPException)


def _refusal(error: aiosmtplib.SMTPResponseException, greeting: str) -> Words:
    said = _said(error)
    is_transient = 400 <= error.code < 500
    later = "try again later"
    if error.code < 200:
        return f"this is not a mail server: {said}", "check host and port"
    match error:
        case aiosmtplib.SMTPAuthenticationError():
            if is_transient:
                return f"the relay could not check the password now: {said}", later
            return (
                f"the relay refused user name or password: {said}",
                "check the user name and NEWSLETTER_TRANSPORT_PASSWORD",
            )
        case aiosmtplib.SMTPConnectResponseError():
            step = (
                later
                if is_transient
                else "ask whoever runs the relay whether this machine may send"
            )
            return f"the relay turned us away: {said}", step
        case aiosmtplib.SMTPHeloError():
            return (
                f"the relay refused our {greeting}: {said}",
                later if is_transient else "name this machine with ?helo=NAME",
            )
    return f"the relay refused: {said}", later if is_transient else "check the port"


def _said(error: aiosmtplib.SMTPResponseException) -> str:
    lines = tuple(
        error.message.encode("utf-8", "surrogateescape").decode("utf-8", "replace").split("\n")
    )
    reply = WireReply(code=error.code, lines=lines)
    return str(reply) if error.code >= 200 else reply.text


def _own_name(client: aiosmtplib.SMTP) -> str:
    """This machine's name where it is a full one, else its address (RFC 5321, 4.1.3 and 4.1.4)."""
    name = socket.gethostname()
    if "." in name and name.isascii() and name.isprintable() and " " not in name:
        return name
    own = client.get_transport_info("sockname")
    if not isinstance(own, tuple):  # of a socket: it has a path, or nothing
        return "localhost"
    address = str(own[0]).partition("%")[0]
    return f"[IPv6:{address}]" if ":" in address else f"[{address}]"


async def _drop(client: aiosmtplib.SMTP) -> None:
    """Let go of a connection that came to nothing, and let the loop see it go."""
    transport = client.transport
    client.close()
    if isinstance(transport, asyncio.Transport):
        transport.abort()
    await asyncio.sleep(0)
