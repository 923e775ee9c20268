"""What stands round every request to the studio, before anything of it is read.

It answers its own machine by its own names alone, against names that are bound anew to it (DNS
rebinding); to whoever has a session, from the account that opened it; to no page of another origin
(Fetch Metadata); and changes nothing without the token of one of its pages and an Origin that is
ours. No page may be framed by another, and nothing is loaded from elsewhere (CSP Level 3).
"""

from collections.abc import Container, Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from socket import gethostname

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from newsletter.web.bodies import linger, received_body, replayed
from newsletter.web.listening import authority_of
from newsletter.web.studio.outside import Outside, outside
from newsletter.web.studio.session import Session

MOST_BODY = 24 * 1024 * 1024
"""Octets of a request at the most: a picture may have them, a text is refused much earlier."""

MOST_BODY_TIME = 60.0
"""Seconds for such a body."""

MOST_LEFT = 4 * 1024 * 1024
"""Octets of what is refused that are taken and thrown away, so that the refusal is read."""

MOST_LEFT_TIME = 5.0
"""Seconds for those."""

TOKEN = "x-studio-token"  # noqa: S105 - the name of a header
ENTRANCE = "/enter/"
STATIC = "/static/"
FRAME = "/frame"

LOOPBACK = ("127.0.0.1", "::1")
_LOCAL = (*LOOPBACK, "localhost")

_LOOKING = frozenset({"GET", "HEAD"})
_PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; font-src 'self';"
    " img-src 'self' data: blob:; connect-src 'self'; frame-src 'self'; form-action 'self';"
    " base-uri 'none'; frame-ancestors 'none'"
)
_FRAME_POLICY = (
    "sandbox allow-same-origin; default-src 'none'; style-src 'unsafe-inline';"
    " img-src 'self' data: https:; font-src data: https:; form-action 'none'; base-uri 'none';"
    " frame-ancestors 'self'"
)
"""An issue runs no script, sends no form and leads nowhere; its pictures are shown."""

_HEADERS = {
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Names(Container[str]):
    """The names by which the studio answers, where it listens at `host` and `port`, as a Host
    header has them (RFC 9110, 7.2), in small letters.
    """

    host: str
    port: int

    def __contains__(self, authority: object) -> bool:
        """Where the whole network may ask, every address is one too: a name can be bound anew, and
        no address can.
        """
        if not isinstance(authority, str):
            return False
        if authority in {authority_of(name, self.port) for name in (*_LOCAL, self.host.lower())}:
            return True
        if self.host in LOOPBACK:
            return False
        name, _, port = authority.rpartition(":")
        is_own = name == gethostname().lower() or _is_address(name.strip("[]"))
        return is_own and port == str(self.port)


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


class Guard:
    """The outermost part of the studio."""

    def __init__(self, app: ASGIApp, *, session: Session, hosts: Container[str]) -> None:
        self._app = app
        self._session = session
        self._hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        answer = _with_headers(scope, send)
        refusal = self._refusal(scope)
        if refusal is not None:
            await _refuse(scope, receive, answer, refusal)
            return
        body = await received_body(scope, receive, most=MOST_BODY, seconds=MOST_BODY_TIME)
        if isinstance(body, int):
            await _refuse(scope, receive, answer, _OF_BODIES[body])
        elif body is not None:
            await self._app(scope, replayed(body, receive), answer)

    def _refusal(self, scope: Scope) -> Outside | None:
        headers, path = Headers(scope=scope), scope["path"]
        host = ",".join(headers.getlist("host")).lower()
        if host not in self._hosts:
            return Outside.ANOTHER_NAME
        if not _is_of_our_pages(headers, scope["method"], f"http://{host}"):
            return Outside.ANOTHER_PAGE
        if path.startswith((ENTRANCE, STATIC)):
            return None
        cookie = Request(scope).cookies.get(self._session.name, "")
        if not self._session.is_ours(cookie, account_in(scope)):
            return Outside.NO_SESSION
        if scope["method"] in _LOOKING:
            return None
        is_ours = self._session.is_token(cookie, headers.get(TOKEN, ""))
        return None if is_ours else Outside.NO_TOKEN


def account_in(scope: Scope) -> int | None:
    """Whose the request is, as the server has asked the system; None where nobody knows."""
    account: int | None = scope.get("state", {}).get("account")
    return account


def _is_of_our_pages(headers: Headers, method: str, origin: str) -> bool:
    """What a browser says of who asks (Fetch Metadata); other programs say nothing.

    A link elsewhere may lead to us, as a page of its own: it gets no cookie on the way (SameSite),
    and cannot look at what comes. A change has to name our origin.
    """
    site = headers.get("sec-fetch-site", "same-origin")
    if method not in _LOOKING:
        return site == "same-origin" and headers.get("origin", "").lower() == origin
    goes_there = headers.get("sec-fetch-mode") == "navigate"
    is_page = headers.get("sec-fetch-dest") == "document"
    return site in {"same-origin", "none"} or (goes_there and is_page)


def _with_headers(scope: Scope, send: Send) -> Send:
    policy = _FRAME_POLICY if scope["path"] == FRAME else _PAGE_POLICY
    is_static = scope["path"].startswith(STATIC)

    async def answer(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers["Content-Security-Policy"] = policy
            if is_static:
                headers["Cache-Control"] = "no-cache"  # kept, and asked for whether it is the same
            for name, value in _HEADERS.items():
                headers.setdefault(name, value)
        await send(message)

    return answer


_OF_BODIES: Mapping[int, Outside] = {
    400: Outside.UNCLEAR,
    408: Outside.TOO_SLOW,
    413: Outside.TOO_LARGE,
}


async def _refuse(scope: Scope, receive: Receive, send: Send, refusal: Outside) -> None:
    """And end the connection: what follows on it is a body that nobody has read."""
    if scope["method"] not in _LOOKING:
        await linger(scope, receive, most=MOST_LEFT, seconds=MOST_LEFT_TIME)
    media_type, body = outside(scope, refusal)
    head = [
        (b"content-type", media_type.encode()),
        (b"content-length", str(len(body)).encode()),
        (b"connection", b"close"),
    ]
    await send({"type": "http.response.start", "status": refusal.status, "headers": head})
    await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})
