"""The transport `logbook:PATH`: sends nothing, and writes a line of JSON for each message.

For rehearsals on a machine where the messages themselves must not lie about: a line has the
recipient, the octets and their SHA-256.
"""

import asyncio
import hashlib
import json
import os
from pathlib import Path

from newsletter.errors import RelayFault
from newsletter.transports import (
    BeforeContent,
    Envelope,
    Form,
    NamedByURL,
    Reply,
    Scheme,
    Stage,
    admit,
)


class LogbookTransport(NamedByURL):
    """One file, for as many sessions as are asked for: lines are appended whole."""

    async def open(self) -> "LogbookSession":
        path = Path(self._url.path)
        if not path.parent.is_dir():
            raise RelayFault("its folder is not there", where=str(path), next_step="make it")
        return LogbookSession(path)


class LogbookSession:
    def __init__(self, path: Path) -> None:
        self._path = path

    async def deliver(
        self,
        envelope: Envelope,
        content: bytes,
        *,
        before_content: BeforeContent,
        following: Envelope | None = None,
    ) -> Reply:
        """Nothing may be kept before `before_content` has returned: it writes the journal."""
        del following
        admit(envelope, content)
        await before_content()
        await asyncio.to_thread(self._append, envelope, content)
        return Reply(code=250, enhanced_code="2.0.0", text="logged", stage=Stage.FINAL_DOT)

    async def close(self) -> None:
        return None

    def _append(self, envelope: Envelope, content: bytes) -> None:
        line = json.dumps(
            {
                "to": envelope.recipient,
                "octets": len(content),
                "sha256": hashlib.sha256(content).hexdigest(),
            }
        )
        try:
            book = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            try:
                os.write(book, f"{line}\n".encode())
                os.fsync(book)
            finally:
                os.close(book)
        except OSError as error:
            raise RelayFault(
                f"cannot be written to: {error.strerror or error}",
                where=str(self._path),
                next_step="make room there, or name another file",
            ) from error


LOGBOOK = Scheme(
    form=Form.FILE, options=("rate",), factory="harbour_newsletter.logbook:LogbookTransport"
)
