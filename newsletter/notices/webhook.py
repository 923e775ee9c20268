"""Posts an event to the team's own address on the web, signed (https://www.standardwebhooks.com).

The address is the operator's, what answers there is not, so `newsletter.net` connects: no redirect
is followed, no proxy asked, and of the answer nothing is kept but its status. Neither the secret
nor the address's path, which often holds one, is in any `repr` or message. What an event says, and
when it is told, is the caller's.
RFC 9110 (15: statuses), RFC 6585 (429).
"""

import asyncio
import json
import ssl
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from http.client import HTTPException, responses
from urllib.parse import SplitResult, urlsplit

from newsletter.clock import Clock
from newsletter.errors import SettingsError
from newsletter.net import (
    NOT_PUBLIC,
    allowed_addresses,
    asked,
    connected,
    host_of,
    is_public,
    why_not,
)
from newsletter.notices.signature import sign

MAX_ANSWER = 64 * 1024
"""Octets of an answer that are read, so that the server is not cut off in mid-word."""
PAUSES = (5.0, 30.0, 120.0)
"""Seconds between one attempt and the next."""
_AGAIN = frozenset({408, 425, 429})


class Outcome(StrEnum):
    """What an answer means for the event."""

    TAKEN = "taken"
    AGAIN = "again"
    REFUSED = "refused"


@dataclass(frozen=True, kw_only=True, slots=True)
class WebhookAnswer:
    """`status` is None where there was no answer; `words` say what happened, on one line."""

    status: int | None
    outcome: Outcome
    words: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Webhook:
    """Where events go. `timeout` is seconds: for each of two attempts to connect, and for the rest.

    `may_ask` is told each IP address before it is connected to; a test, whose server is on its own
    machine, has another opinion than `is_public`. Raises SettingsError for an address that is none.
    """

    url: str = field(repr=False)
    secret: bytes = field(repr=False)
    timeout: float = 10.0
    may_ask: Callable[[str], bool] = field(default=is_public, repr=False)
    tls: ssl.SSLContext = field(default_factory=ssl.create_default_context, repr=False)

    def __post_init__(self) -> None:
        if fault := _fault(self.url):
            raise SettingsError(
                [f"the webhook's address is not valid: {fault}"],
                next_step="write it as https://hooks.example.com/newsletter",
            )

    @property
    def host(self) -> str:
        """All of the address that may be shown."""
        return urlsplit(self.url).hostname or ""

    def post(self, event: Mapping[str, object], event_id: str, now: datetime) -> WebhookAnswer:
        """Post an event once; never raises for what the network or the server does.

        `event_id` is the same for every attempt at one event, and so is what the server sees of
        it, by which it knows what it has already. Raises TypeError for what JSON cannot say.
        """
        body = json.dumps(event, ensure_ascii=False, allow_nan=False).encode(errors="replace")
        headers = self._headers(body, event_id, now)
        try:
            return self._exchange(urlsplit(self.url), body, headers)
        except (OSError, HTTPException) as error:
            return self._answer(None, Outcome.AGAIN, why_not(error, self.timeout))

    def _headers(self, body: bytes, event_id: str, now: datetime) -> dict[str, str]:
        message_id = f"msg_{sha256(event_id.encode(errors='replace')).hexdigest()[:32]}"
        timestamp = int(now.timestamp())
        return {
            "User-Agent": "newsletter-as-code (webhook)",
            "Content-Type": "application/json; charset=utf-8",
            "Accept": "*/*",
            "Connection": "close",
            "webhook-id": message_id,
            "webhook-timestamp": str(timestamp),
            "webhook-signature": sign(self.secret, message_id, timestamp, body),
        }

    def _exchange(
        self, parts: SplitResult, body: bytes, headers: Mapping[str, str]
    ) -> WebhookAnswer:
        """Raises OSError or HTTPException."""
        host, port = host_of(parts), parts.port or 443
        addresses = allowed_addresses(host, port, self.may_ask)
        if not addresses:
            return self._answer(None, Outcome.REFUSED, NOT_PUBLIC)
        status: int | None = None
        try:
            with (
                connected(addresses, port, host, tls=self.tls, timeout=self.timeout) as connection,
                closing(asked(connection, "POST", parts, headers, body)) as http,
            ):
                answer = http.getresponse()
                status = answer.status
                answer.read(MAX_ANSWER)
        except (OSError, HTTPException):
            if status is None:  # else it has answered, and only broke off its words
                raise
        return self._judged(status)

    def _judged(self, status: int) -> WebhookAnswer:
        words = f"the server says {status} {responses.get(status, '')}".rstrip()
        if 200 <= status < 300:
            return self._answer(status, Outcome.TAKEN, words)
        if status >= 500 or status in _AGAIN:
            return self._answer(status, Outcome.AGAIN, words)
        if 300 <= status < 400:
            words += ": a redirect, which is not followed"
        return self._answer(status, Outcome.REFUSED, words)

    def _answer(self, status: int | None, outcome: Outcome, words: str) -> WebhookAnswer:
        return WebhookAnswer(status=status, outcome=outcome, words=f"webhook {self.host}: {words}")


async def post_patiently(
    webhook: Webhook,
    event: Mapping[str, object],
    event_id: str,
    *,
    now: Clock,
    pauses: Sequence[float] = PAUSES,
    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
) -> WebhookAnswer:
    """Post until it is taken, refused, or the pauses, in seconds, are used up: the last answer.

    Each attempt is made in a thread, so that nothing else waits for it, and has a time stamp and a
    signature of its own, for old ones are not believed.
    """
    for pause in pauses:
        answer = await asyncio.to_thread(webhook.post, event, event_id, now())
        if answer.outcome is not Outcome.AGAIN:
            return answer
        await sleep(pause)
    return await asyncio.to_thread(webhook.post, event, event_id, now())


def _fault(url: str) -> str:
    """Why this is no address to post to, in words that do not show it; "" where it is one."""
    try:
        parts = urlsplit(url)
        host_of(parts)
        _ = parts.port
    except ValueError:
        return "it has no host, or an impossible one"
    if parts.scheme != "https":
        return "it does not begin with https://"
    if parts.username is not None or parts.password is not None:
        return "it holds a user's name or password"
    if not url.isprintable() or " " in url:
        return "it holds a space or a control character"
    return ""
