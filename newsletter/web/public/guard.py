"""What stands round every request: bounds on its body and its time, and headers on its answer.

The policies are for pages without scripts, frames, cookies or strangers (CSP Level 3, RFC 6797).
What goes wrong inside becomes a page in `app`; what is too large or too slow ends here.
"""

import asyncio
from collections.abc import Callable, Mapping, MutableMapping, Sequence
from ipaddress import IPv4Network, IPv6Network

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from newsletter.web.bodies import linger, received_body, replayed
from newsletter.web.public.clients import is_behind_tls

MOST_BODY = 64 * 1024
"""Octets; our longest form has less than two kilobytes."""

MOST_TIME = 30.0
"""Seconds for an answer, from the last octet of the request to its own last one."""

MOST_BODY_TIME = 10.0
"""Seconds for a body of that size."""

MOST_LEFT = 1024 * 1024
"""Octets of a body too large that are taken and thrown away, so that the refusal is read."""

_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data: https:; form-action 'self';"
    " base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
_TO_OTHERS = (".json", ".atom")
"""What other sites and mail programs may load, besides pictures."""
_HSTS = "max-age=31536000"
_RETRY, _NOT_KEPT = (b"retry-after", b"30"), (b"cache-control", b"no-store")
_TEXT, _HTML = "text/plain; charset=utf-8", "text/html; charset=utf-8"
_REFUSED: Mapping[int, bytes] = {
    400: b"This request cannot be understood.\n",
    408: b"Too slow.\n",
    413: b"Too large.\n",
    500: b"Something broke here. Please try again later.\n",
}


class Guard:
    """The outermost part of the site."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        trusted: Sequence[IPv4Network | IPv6Network],
        prefix: str,
        read: Sequence[str],
        away: Callable[[], str],
    ) -> None:
        """`read` are the beginnings of the paths, behind `prefix`, of pages that hold nobody's
        token. `away` makes the page for who has waited too long.
        """
        self._app = app
        self._trusted = trusted
        self._front = {prefix, f"{prefix}/"}
        self._read = tuple(f"{prefix}{path}" for path in read)
        self._pictures = f"{prefix}/images/"
        self._away = away

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        answer = _Answer(send, self._headers(scope))
        body = await received_body(scope, receive, most=MOST_BODY, seconds=MOST_BODY_TIME)
        if isinstance(body, int):
            if body == 413:
                await linger(scope, receive, most=MOST_LEFT, seconds=MOST_BODY_TIME)
            await answer.refuse(body)
        elif body is not None:
            await self._answer(scope, replayed(body, receive), answer)

    async def _answer(self, scope: Scope, receive: Receive, answer: "_Answer") -> None:
        """Whatever is raised inside, even by the page that is to tell of it, has its answer."""
        try:
            async with asyncio.timeout(MOST_TIME):
                await self._app(scope, receive, answer.send)
        except TimeoutError:
            if answer.has_begun:
                raise
            await answer.give(503, _HTML, self._away().encode(), [_RETRY, _NOT_KEPT])
        except Exception:
            if not answer.has_begun:
                await answer.refuse(500)
            raise

    def _headers(self, scope: Scope) -> MutableMapping[str, str]:
        path: str = scope["path"]
        headers = dict(_HEADERS)
        is_read = path in self._front or path.startswith(self._read)
        policy = "strict-origin-when-cross-origin" if is_read else "no-referrer"
        headers["Referrer-Policy"] = policy
        is_shared = path.startswith(self._pictures) or (is_read and path.endswith(_TO_OTHERS))
        headers["Cross-Origin-Resource-Policy"] = "cross-origin" if is_shared else "same-origin"
        if is_shared:
            headers["Access-Control-Allow-Origin"] = "*"
        if is_behind_tls(scope, self._trusted):
            headers["Strict-Transport-Security"] = _HSTS
        return headers


class _Answer:
    """An answer with the headers that every one has, but for what it says itself."""

    def __init__(self, send: Send, headers: MutableMapping[str, str]) -> None:
        self.has_begun = False
        self._send = send
        self._headers = headers

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.has_begun = True
            headers = MutableHeaders(scope=message)
            for name, value in self._headers.items():
                headers.setdefault(name, value)
        await self._send(message)

    async def refuse(self, status: int) -> None:
        """In a word, and the connection with it: what follows on it is a body nobody has read."""
        closed = (b"connection", b"close")
        await self.give(status, _TEXT, _REFUSED[status], [closed, _NOT_KEPT])

    async def give(
        self, status: int, media_type: str, body: bytes, headers: Sequence[tuple[bytes, bytes]]
    ) -> None:
        """A whole answer of our own."""
        head: list[tuple[bytes, bytes]] = [
            (b"content-type", media_type.encode()),
            (b"content-length", str(len(body)).encode()),
            *headers,
        ]
        await self.send({"type": "http.response.start", "status": status, "headers": head})
        await self._send({"type": "http.response.body", "body": body})
