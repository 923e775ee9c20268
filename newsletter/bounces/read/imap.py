"""A mailbox by IMAP (RFC 3501, RFC 9051), with TLS or not at all; the only file with imapclient.

The folder is examined, not selected, and messages are peeked at: nothing in it changes. UIDs only
grow as long as UIDVALIDITY is the same (RFC 3501, 2.3.1.1), so the last one is how far it was read.
"""

import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, Self

from newsletter.books import MailboxMark
from newsletter.bounces.read.found import MAX_OCTETS, Found
from newsletter.bounces.read.source import Source
from newsletter.errors import MailboxError, MissingExtraError, NewsletterError

if TYPE_CHECKING:
    from imapclient import IMAPClient

_TIMEOUT = 60.0
"""Seconds for each answer."""

_IDLE = 9 * 60.0
"""Seconds after which IDLE is begun anew: a server may end a session of half an hour of it, and
what lies between closes sooner (RFC 2177)."""

_LOOK = 20.0
"""Seconds between two looks, where the server has no IDLE."""

_BREATH = 1.0
"""Seconds after which it is asked whether the waiting is over."""

_GONE = 3
"""Answers at once, with nothing in them: one may be of TLS, and not of the server."""

_AT_ONCE = 500
"""UIDs that are asked for in one command."""


class Imap:
    """One connection and one folder."""

    def __init__(self, source: Source, password: str) -> None:
        self._source = source
        self._password = password
        self._client: IMAPClient | None = None
        self._validity = 0
        self._next = 0

    def __enter__(self) -> Self:
        with self._errors("the server cannot be reached"):
            self._client = client = self._connected()
        try:
            self._log_in(client)
            with self._errors(f"the folder {self._source.folder!r} cannot be read"):
                self._examine(client)
        except BaseException:
            self._leave(client)
            raise
        return self

    def __exit__(self, *error: object) -> None:
        if self._client is not None:
            self._leave(self._client)

    def since(self, mark: MailboxMark | None) -> Iterator[Found]:
        """Those with higher UIDs; all of them where the server has numbered them anew."""
        client = self._opened
        last = mark.uid if mark and mark.validity == self._validity else 0
        with self._errors("the mailbox cannot be read"):
            found = client.search(["UID", f"{last + 1}:*"])
        uids = sorted(uid for uid in found if uid > last)  # `*` is the last one at least
        for start in range(0, len(uids), _AT_ONCE):
            yield from self._messages(client, uids[start : start + _AT_ONCE])

    def wait(self, seconds: float, is_over: Callable[[], bool]) -> bool:
        """By IDLE (RFC 2177), or by asking now and again."""
        client = self._opened
        until = time.monotonic() + min(seconds, _IDLE)
        with self._errors("the connection was lost"):
            if not client.has_capability("IDLE"):
                _rest(min(until, time.monotonic() + _LOOK), is_over)
                client.noop()
                return True
            client.idle()
            heard = _heard(client, until, is_over)
            client.idle_done()
            return heard

    def _messages(self, client: "IMAPClient", uids: list[int]) -> Iterator[Found]:
        for uid in uids:
            mark = MailboxMark(validity=self._validity, uid=uid)
            with self._errors("the mailbox cannot be read"):
                answer, refusal = self._fetched(client, uid)
            if refusal:  # without a mark: it is tried again, unless one behind it can be read
                yield Found(raw=b"", place=f"UID {uid}", fault=refusal)
            raw = next((each for name, each in answer.items() if name.startswith(b"BODY[")), None)
            if isinstance(raw, bytes):
                yield Found(raw=raw, place=f"UID {uid}", mark=mark)
            elif answer:
                yield Found(raw=b"", place=f"UID {uid}", fault="it has no content", mark=mark)

    def _fetched(self, client: "IMAPClient", uid: int) -> tuple[dict[bytes, Any], str]:
        """The answer, or what the server says against this one; a lost connection is no answer."""
        import imaplib

        try:
            return client.fetch([uid], [f"BODY.PEEK[]<0.{MAX_OCTETS}>"]).get(uid, {}), ""
        except imaplib.IMAP4.abort:
            raise
        except imaplib.IMAP4.error as error:
            return {}, f"the server does not give it: {' '.join(str(error).split())[:200]}"

    @property
    def _opened(self) -> "IMAPClient":
        assert self._client is not None
        return self._client

    def _connected(self) -> "IMAPClient":
        try:
            from imapclient import IMAPClient, SocketTimeout
        except ImportError as error:
            raise MissingExtraError("Reading a mailbox by IMAP", extra="imap") from error
        source, context = self._source, self._context()
        client = IMAPClient(
            source.host,
            source.port,
            ssl=source.is_implicit,
            ssl_context=context if source.is_implicit else None,
            timeout=SocketTimeout(connect=_TIMEOUT, read=_TIMEOUT),
        )
        if not source.is_implicit:
            try:
                client.starttls(context)
            except BaseException:
                self._leave(client)
                raise
        return client

    def _context(self) -> ssl.SSLContext:
        context = ssl.create_default_context(cafile=self._source.ca or None)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        return context

    def _log_in(self, client: "IMAPClient") -> None:
        from imapclient.exceptions import LoginError

        try:
            with self._errors("the login failed"):
                client.login(self._source.user, self._password)
        except MailboxError as error:
            if not isinstance(error.__cause__, LoginError):
                raise
            raise MailboxError(
                "the server refuses the login",
                where=self._source.name,
                next_step="check the user, and NEWSLETTER_BOUNCES_PASSWORD",
            ) from None

    def _examine(self, client: "IMAPClient") -> None:
        answer: dict[bytes, Any] = client.select_folder(self._source.folder, readonly=True)
        self._validity = int(answer.get(b"UIDVALIDITY", 0))

    def _leave(self, client: "IMAPClient") -> None:
        with suppress(Exception):  # the connection may be gone, and nothing depends on it
            client.logout()
        with suppress(Exception):
            client.shutdown()

    @contextmanager
    def _errors(self, what: str) -> Iterator[None]:
        """Whatever library and network say, in a line of ours; the password is in none of it."""
        try:
            yield
        except NewsletterError:
            raise
        except Exception as error:  # the library stumbles over odd answers in many ways
            said = " ".join(str(error).split())[:300]
            raise MailboxError(
                f"{what}: {said}" if said else what,
                where=self._source.name,
                next_step="check the address of the mailbox, and whether its server is well",
            ) from error


def _heard(client: "IMAPClient", until: float, is_over: Callable[[], bool]) -> bool:
    """Whether the server told of anything. The library says nothing of a connection that is gone,
    but then it no longer waits. Raises ConnectionError.
    """
    at_once = 0
    while time.monotonic() < until and not is_over():
        asked = time.monotonic()
        if client.idle_check(timeout=_BREATH):
            return True
        at_once = at_once + 1 if time.monotonic() - asked < _BREATH / 2 else 0
        if at_once == _GONE:
            raise ConnectionError("it was closed while we waited")
    return False


def _rest(until: float, is_over: Callable[[], bool]) -> None:
    while time.monotonic() < until and not is_over():
        time.sleep(_BREATH)
