"""The transports `smtp://`, `smtps://` and `lmtp://`: connections, encrypted and logged in.

aiosmtplib connects, encrypts and logs in, step by step, so that every refusal is told in a
person's words; then the connection is handed to our own mail transaction. No other module knows
aiosmtplib. Which address is asked is left to `smtp_dial`, what is said to log in to `smtp_login`.
RFC 5321 (3.1, 4.1.1.1), RFC 3207 (STARTTLS), RFC 4954 (AUTH), RFC 8314.
"""

import asyncio
import socket
from types import TracebackType

import aiosmtplib

from newsletter.errors import RelayFault, TransportURLError, Trouble
from newsletter.transports.base import Surroundings
from newsletter.transports.login import FirstLogin
from newsletter.transports.named import NamedByURL
from newsletter.transports.smtp_dial import Address, Addresses
from newsletter.transports.smtp_fault import (
    Words,
    closed,
    closed_at_once,
    is_unknown,
    not_in_time,
    refused_token,
    silent,
    trouble_of,
    without_ehlo,
    without_secrets,
    words_of,
)
from newsletter.transports.smtp_login import Heard, Login, choose_way, log_in
from newsletter.transports.smtp_reply import WireReply
from newsletter.transports.smtp_session import SmtpSession
from newsletter.transports.smtp_tls import tls_context
from newsletter.transports.smtp_transaction import MailTransaction
from newsletter.transports.smtp_wire import SmtpWire
from newsletter.transports.tokens import Tokens
from newsletter.transports.url import Tls, TransportURL


class SmtpTransport(NamedByURL):
    """Sessions with one relay."""

    greeting = "EHLO"

    def __init__(self, url: TransportURL, surroundings: Surroundings | None = None) -> None:
        super().__init__(url, surroundings)
        self._tls_context = None if url.tls is Tls.NONE else tls_context(url)
        self._addresses = Addresses(url.host, url.port or 0) if url.host else None
        self._tokens = _tokens(url, surroundings) if url.options.wants_token else None
        self._sessions: set[SmtpSession] = set()
        self._first_login = FirstLogin()

    async def open(self) -> SmtpSession:
        wire, transaction = await self._connect()
        session = SmtpSession(
            wire,
            transaction,
            connect=self._connect,
            messages=self._url.options.messages,
            forget=self._sessions.discard,
            is_alone=lambda: len(self._sessions) < 2,
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
        """Connected and logged in; where one login was refused, no other is tried."""
        if self._url.password is None and self._tokens is None:
            return await self._connect_now()
        return await self._first_login.before(self._connect_now)

    async def _connect_now(self) -> tuple[SmtpWire, MailTransaction]:
        """A token that the relay refuses is asked for anew, once; a password never is."""
        secret = await self._secret()
        client, heard = await self._introduce(secret)
        if self._tokens is not None and heard.code >= 500:
            fresh = await self._secret(refused=secret)
            if fresh != secret:
                await _drop(client)
                client, heard = await self._introduce(fresh)
        try:
            if heard.code != aiosmtplib.SMTPStatus.auth_successful:
                raise aiosmtplib.SMTPAuthenticationError(heard.code, heard.text)
            extensions = client.esmtp_extensions
            wire = self._take_over(client)
        except aiosmtplib.SMTPException as error:
            await _drop(client)
            raise self._fault(error, secret) from error
        return wire, MailTransaction(wire, extensions, self._url.options.stage_timeouts)

    async def _secret(self, *, refused: str = "") -> str:
        """The password, or the token; "" where nobody logs in."""
        if self._tokens is not None:
            return await self._tokens.get(refused=refused)
        return self._url.password or ""

    async def _introduce(self, secret: str) -> tuple[aiosmtplib.SMTP, Heard]:
        """A connection that is encrypted, and the relay's word on who logs in there."""
        client = await self._reach()
        try:
            await self._encrypt(client)
            return client, await self._log_in(client, secret)
        except (aiosmtplib.SMTPException, OSError) as error:
            await _drop(client)
            raise self._fault(error, secret) from error
        except BaseException:
            await _drop(client)
            raise

    async def _reach(self) -> aiosmtplib.SMTP:
        """A relay that has said its welcome, at the first of its addresses that does."""
        if self._addresses is None:
            return await self._welcome(None)
        tried: dict[Address, RelayFault] = {}
        while True:
            try:
                opened, address = await self._addresses.reach(self._url.options.timeout)
            except (OSError, UnicodeError) as error:
                raise next(iter(tried.values()), self._fault(error)) from error
            if address in tried:
                opened.close()
                raise tried[address]
            try:
                return await self._welcome(opened)
            except RelayFault as fault:
                self._addresses.fail(address)
                tried[address] = fault
                if not self._addresses.has_more_than(tried):
                    raise

    async def _welcome(self, opened: socket.socket | None) -> aiosmtplib.SMTP:
        client = aiosmtplib.SMTP(
            hostname=self._url.host or None,
            sock=opened,
            socket_path=self._url.path or None,
            local_hostname="localhost",  # never said: asking DNS for a better one takes seconds
            timeout=self._url.options.timeout,
            use_tls=self._url.tls is Tls.IMPLICIT,
            start_tls=False,
            tls_context=self._tls_context,
        )
        try:
            await client.connect()
        except (aiosmtplib.SMTPException, OSError) as error:
            await _drop(client)
            raise self._fault(error) from error
        except BaseException:
            await _drop(client)
            raise
        return client

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
        """EHLO; HELO where the relay does not know that, and we need nothing of it.

        RFC 5321, 3.2 and 4.1.4. What an old relay does not offer it is not asked for.
        """
        name = (self._url.options.helo or _own_name(client)).encode("ascii")
        reply = await client.execute_command(self.greeting.encode(), name)
        if reply.code == aiosmtplib.SMTPStatus.completed:
            client.last_ehlo_response = reply
            return
        if self.greeting != "EHLO" or not is_unknown(reply.code, reply.message):
            raise aiosmtplib.SMTPHeloError(reply.code, reply.message)
        if self._url.tls is Tls.REQUIRED or self._url.logs_in:
            what, next_step = without_ehlo(_said(reply.code, reply.message))
            raise RelayFault(what, where=self._url.address, next_step=next_step)
        reply = await client.execute_command(b"HELO", name)
        if reply.code != aiosmtplib.SMTPStatus.completed:
            raise aiosmtplib.SMTPHeloError(reply.code, reply.message)

    async def _log_in(self, client: aiosmtplib.SMTP, secret: str) -> Heard:
        if not self._url.logs_in:
            return Heard(aiosmtplib.SMTPStatus.auth_successful, "nobody logs in")
        is_encrypted = client.get_transport_info("sslcontext") is not None
        if not is_encrypted and not self._url.is_loopback:
            raise RelayFault(
                "the relay did not offer STARTTLS, and the password is not sent in the clear",
                where=self._url.address,
                next_step="use smtps://, or take user and password out of the transport URL",
            )

        async def say(line: bytes) -> Heard:
            return Heard(*await client.execute_command(line))

        where = self._url.address
        way = choose_way(self._url.options.auth, client.server_auth_methods, where)
        login = Login(
            user=self._url.user,
            secret=secret,
            host=self._url.host,
            port=self._url.port,
            where=where,
        )
        return await log_in(way, login, say)

    def _fault(self, error: Exception, secret: str = "") -> RelayFault:
        """The fault that aiosmtplib's error, or the system's, stands for; no secret is in it."""
        if isinstance(error, aiosmtplib.SMTPResponseException):
            secret = secret or self._url.password or ""
            error.message = without_secrets(error.message, self._url.user, secret)
            error.args = (error.code, error.message)
        what, next_step = _words(error, self._url, self.greeting)
        trouble = _trouble(error)
        return RelayFault(what, where=self._url.address, next_step=next_step, trouble=trouble)


class LmtpTransport(SmtpTransport):
    """Straight to a mail store: SMTP with LHLO in place of EHLO (RFC 2033, 4.1).

    LMTP gives one reply for each recipient after the final dot (4.2); as one recipient a message
    is our way anyhow, one is all there is.
    """

    greeting = "LHLO"


def _tokens(url: TransportURL, surroundings: Surroundings | None) -> Tokens:
    """Raises TransportURLError where nothing says where tokens come from."""
    if surroundings is None or surroundings.token is None:
        raise TransportURLError(
            f"auth={url.options.auth} shows a token, and nothing says where that comes from",
            where=url.masked,
            next_step="set NEWSLETTER_TRANSPORT_TOKEN_COMMAND or NEWSLETTER_TRANSPORT_TOKEN_FILE",
        )
    return Tokens(surroundings.token, surroundings.clock, url.options.timeout)


def _words(error: Exception, url: TransportURL, greeting: str) -> Words:
    match error:
        case aiosmtplib.SMTPAuthenticationError() if url.options.wants_token:
            return refused_token(_said(error.code, error.message), error.code)
        case aiosmtplib.SMTPResponseException():
            return _refusal(error, greeting)
        case aiosmtplib.SMTPConnectTimeoutError():
            return silent(url)
        case aiosmtplib.SMTPTimeoutError():
            return not_in_time(url)
        case aiosmtplib.SMTPException() if (cause := _of_the_system(error)) is not None:
            return words_of(cause, url)
        case aiosmtplib.SMTPConnectError():
            return closed_at_once(url)
        case aiosmtplib.SMTPException():
            return closed()
        case _:
            return words_of(error, url)


def _trouble(error: Exception) -> Trouble:
    """Whether time may mend it, or the login is what was refused."""
    match error:
        case aiosmtplib.SMTPResponseException() if 400 <= error.code < 500:
            return Trouble.AWAY
        case aiosmtplib.SMTPAuthenticationError():
            return Trouble.LOGIN
        case aiosmtplib.SMTPResponseException():
            return Trouble.OTHER
        case aiosmtplib.SMTPTimeoutError():
            return Trouble.AWAY
        case aiosmtplib.SMTPException() if (cause := _of_the_system(error)) is not None:
            return trouble_of(cause)
        case aiosmtplib.SMTPException():
            return Trouble.AWAY
    return trouble_of(error)


def _of_the_system(error: BaseException) -> OSError | None:
    """What the system or TLS had said, under all that aiosmtplib made of it."""
    cause = error.__cause__
    while isinstance(cause, aiosmtplib.SMTPException):
        cause = cause.__cause__
    return cause if isinstance(cause, OSError) else None


def _refusal(error: aiosmtplib.SMTPResponseException, greeting: str) -> Words:
    said = _said(error.code, error.message)
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


def _said(code: int, message: str) -> str:
    lines = tuple(message.encode("utf-8", "surrogateescape").decode("utf-8", "replace").split("\n"))
    reply = WireReply(code=code, lines=lines)
    return str(reply) if code >= 200 else reply.text


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
