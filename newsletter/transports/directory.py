"""The transport `directory:PATH`: every message becomes an `.eml` file, octet for octet.

A name is made from the recipient and a digest of the message, in characters that mean nothing to
a file system. How a file is written so that it stays is left to `durable_file`.
"""

import asyncio
import hashlib
import re
import secrets
from pathlib import Path

from newsletter.transports.admission import admit
from newsletter.transports.base import BeforeContent, Envelope, Reply, Stage
from newsletter.transports.durable_file import make_folders, write_durably
from newsletter.transports.named import NamedByURL

_UNSAFE = re.compile(r"[^A-Za-z0-9@._+-]")
_MAX_NAME = 100


class DirectoryTransport(NamedByURL):
    """The folder is made on `open`."""

    async def open(self) -> "DirectorySession":
        folder = Path(self._url.path)
        await asyncio.to_thread(make_folders, folder)
        return DirectorySession(folder)


class DirectorySession:
    def __init__(self, folder: Path) -> None:
        self._folder = folder

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
        path = await asyncio.to_thread(self._write, envelope, content)
        return Reply(
            code=250, enhanced_code="2.0.0", text=f"written to {path}", stage=Stage.FINAL_DOT
        )

    async def close(self) -> None:
        return None

    def _write(self, envelope: Envelope, content: bytes) -> Path:
        name = eml_name(envelope.recipient, content)
        final = self._folder / f"{name}.eml"
        number = 1
        while final.exists():  # the same message again is a second file: nothing is hidden
            number += 1
            final = self._folder / f"{name}-{number}.eml"
        write_durably(self._folder / f".{secrets.token_hex(8)}.tmp", final, content)
        return final


def eml_name(recipient: str, content: bytes) -> str:
    """A file name without its suffix that no recipient can turn into a path or an option.

    >>> eml_name("ada/../x@example.com", b"")
    'ada_.._x@example.com-e517f522b8'
    """
    digest = hashlib.sha256(recipient.encode() + b"\0" + content).hexdigest()
    safe = _UNSAFE.sub("_", recipient)[:_MAX_NAME].lstrip(".-")
    return f"{safe}-{digest[:10]}"
