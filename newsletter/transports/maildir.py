"""The transport `maildir:PATH`: every message becomes a new one in a Maildir, for a mail reader.

Knows the names and the way from `tmp` to `new` (https://cr.yp.to/proto/maildir.html). As final
deliveries do, it puts the envelope on top (RFC 5321, 4.4) and ends lines in LF alone.
"""

import asyncio
import itertools
import os
import socket
from pathlib import Path

from newsletter.clock import Clock
from newsletter.transports.admission import admit
from newsletter.transports.base import BeforeContent, Envelope, Reply, Stage, Surroundings
from newsletter.transports.durable_file import make_folders, write_durably
from newsletter.transports.named import NamedByURL
from newsletter.transports.url import TransportURL

_count = itertools.count(1)
"""One for the process: with its number and the time, no name comes twice."""


class MaildirTransport(NamedByURL):
    """The Maildir is made on `open` where there is none."""

    def __init__(self, url: TransportURL, surroundings: Surroundings) -> None:
        super().__init__(url)
        self._clock = surroundings.clock

    async def open(self) -> "MaildirSession":
        folder = Path(self._url.path)
        await asyncio.to_thread(make_folders, folder / "tmp", folder / "new", folder / "cur")
        return MaildirSession(folder, self._clock)


class MaildirSession:
    def __init__(self, folder: Path, clock: Clock) -> None:
        self._folder = folder
        self._clock = clock

    async def deliver(
        self,
        envelope: Envelope,
        content: bytes,
        *,
        before_content: BeforeContent,
        following: Envelope | None = None,
    ) -> Reply:
        del following
        admit(envelope, content)
        await before_content()
        name = self._unique_name()
        await asyncio.to_thread(
            write_durably,
            self._folder / "tmp" / name,
            self._folder / "new" / name,
            _final_delivery(envelope, content),
        )
        return Reply(
            code=250, enhanced_code="2.0.0", text=f"kept as new/{name}", stage=Stage.FINAL_DOT
        )

    async def close(self) -> None:
        return None

    def _unique_name(self) -> str:
        moment = self._clock()
        host = socket.gethostname().replace("/", r"\057").replace(":", r"\072")
        stamp = f"{moment.timestamp():.0f}.M{moment.microsecond:06d}"
        return f"{stamp}P{os.getpid()}Q{next(_count)}.{host}"


def _final_delivery(envelope: Envelope, content: bytes) -> bytes:
    trace = f"Return-Path: <{envelope.reverse_path}>\nDelivered-To: {envelope.recipient}\n"
    return trace.encode() + content.replace(b"\r\n", b"\n")
