"""Bodies of requests, taken within bounds of size and time before anything of them is read.

How large one may be, and what a refusal looks like, is left to each front. RFC 9112, RFC 9110.
"""

import asyncio
from collections.abc import MutableMapping
from contextlib import suppress
from typing import Any

from starlette.datastructures import Headers
from starlette.types import Receive, Scope

Message = MutableMapping[str, Any]


async def received_body(
    scope: Scope, receive: Receive, *, most: int, seconds: float
) -> bytes | int | None:
    """The whole body, or the status that refuses it; None where the client has gone.

    `most` is in octets, and counted as they come, whatever was said of them. A body whose length is
    told twice, each time otherwise, is where requests are smuggled in (RFC 9112, 6.1): a proxy
    before us may have believed the other one.
    """
    headers = Headers(scope=scope)
    said = headers.get("content-length", "0")
    if "transfer-encoding" in headers and "content-length" in headers:
        return 400
    if not said.isdecimal() or len(said) > 9 or int(said) > most:
        return 413
    try:
        async with asyncio.timeout(seconds):
            return await _received(receive, most)
    except TimeoutError:
        return 408


async def _received(receive: Receive, most: int) -> bytes | int | None:
    """A body that breaks off is none: half a form may be another form."""
    pieces, size = [], 0
    while True:
        message: dict[str, Any] = dict(await receive())
        if message["type"] == "http.disconnect":
            return None
        piece = message.get("body", b"")
        size += len(piece)
        if size > most:
            return 413
        pieces.append(piece)
        if not message.get("more_body", False):
            return b"".join(pieces)


async def linger(scope: Scope, receive: Receive, *, most: int, seconds: float) -> None:
    """Take some of what is still on its way: closing on it would reset the connection, and whoever
    sends it would never read the refusal (RFC 9112, 9.6). Who asked first is answered first
    (RFC 9110, 10.1.1).
    """
    if "expect" in Headers(scope=scope):
        return
    left = most
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            while left > 0:
                message = await receive()
                if message["type"] == "http.disconnect" or not message.get("more_body", False):
                    return
                left -= len(message.get("body", b""))


def replayed(body: bytes, receive: Receive) -> Receive:
    """The body once more, for whoever reads it next."""
    is_given = False

    async def replay() -> Message:
        nonlocal is_given
        if is_given:
            return await receive()
        is_given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replay
