"""Tokens for relays that want one in place of a password: asked of a command, or read from a file.

A token is kept until it is nearly too old, and asked for anew when the relay refuses it. It is
shown nowhere, and neither are the command or its output, which may hold secrets. What a token is
shown to is left to `smtp_login`. RFC 6749, 5.1 (the form that token endpoints answer in).
"""

import asyncio
import json
import shlex
import stat
import subprocess
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from newsletter.clock import Clock
from newsletter.errors import RelayFault, TransportURLError

LIFE = timedelta(minutes=5)
"""How long a command's token is kept that does not say how long it lives."""

MARGIN = timedelta(minutes=1)
"""A token that ends sooner than this is not begun with."""

MAX_TOKEN = 16 * 1024
"""Characters; more is no token."""

_OTHERS = stat.S_IRWXO


@dataclass(frozen=True, kw_only=True, slots=True)
class TokenSource:
    """Where tokens come from: a command line, or a file; `folder` is where both are looked for.

    `name` is the variable that says so, for people.
    """

    name: str
    folder: Path = Path()
    command: str = field(default="", repr=False)
    file: str = ""

    def __post_init__(self) -> None:
        """Raises TransportURLError for a command line that cannot be read."""
        with suppress(ValueError):
            if self.file or shlex.split(self.command):
                return
        raise TransportURLError(
            "the command for tokens is none: a quote is left open, or it is empty",
            where=self.name,
            next_step="write it as for a shell, such as: oauth2-token 'news letter'",
        )


class Tokens:
    """The token of one transport, for all its sessions; a command runs once for all who wait.

    `seconds` is how long the command may take.
    """

    def __init__(self, source: TokenSource, clock: Clock, seconds: float) -> None:
        self._source = source
        self._clock = clock
        self._seconds = seconds
        self._token = ""
        self._good_until: datetime | None = None
        self._asking = asyncio.Lock()

    async def get(self, *, refused: str = "") -> str:
        """A token; a fresh one where `refused` is the one that is kept.

        Raises RelayFault where none can be had. What is given for a refused one may be the same
        again: then there is no other.
        """
        async with self._asking:
            is_old = self._good_until is None or self._clock() >= self._good_until
            if is_old or self._token == refused:
                look = self._read if self._source.file else self._ask
                text = await asyncio.to_thread(look)
                self._token, life = _parsed(text, self._source)
                # A file is cheap to read again, and whoever writes it knows when.
                kept = timedelta() if self._source.file else life - MARGIN
                self._good_until = self._clock() + kept
            return self._token

    def _read(self) -> str:
        path = self._source.folder / self._source.file
        try:
            mode = path.stat().st_mode
            text = path.read_text("utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            words = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
            raise _fault(self._source, f"the token's file cannot be read: {words}") from error
        if mode & _OTHERS:
            what = f"others may read the token's file (mode {mode & 0o777:o})"
            raise _fault(self._source, what, step=f"`chmod 600 {path}`")
        return text

    def _ask(self) -> str:
        try:
            done = subprocess.run(  # noqa: S603 - the publication's own settings name it
                shlex.split(self._source.command),
                cwd=self._source.folder,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                timeout=self._seconds,
                check=False,
            )
        except OSError as error:
            what = f"the command for tokens cannot be run: {error.strerror}"
            raise _fault(self._source, what) from None
        except subprocess.TimeoutExpired:  # which has the command in it, and its output
            what = f"the command for tokens took more than {self._seconds:g} seconds"
            raise _fault(self._source, what) from None
        if done.returncode:
            what = f"the command for tokens ended with exit status {done.returncode}"
            raise _fault(self._source, what)
        return done.stdout.decode("utf-8", "replace")


def _parsed(text: str, source: TokenSource) -> tuple[str, timedelta]:
    """The token and how long it lives: a bare line, or the JSON of a token endpoint."""
    token, life = text.strip(), LIFE
    if token.startswith("{"):
        with suppress(ValueError):
            answer = json.loads(token)
            token = str(answer.get("access_token", ""))
            with suppress(TypeError, ValueError, OverflowError):
                life = timedelta(seconds=float(answer.get("expires_in")))
    is_one = token.isascii() and token.isprintable() and " " not in token
    if not token or not is_one or len(token) > MAX_TOKEN:
        raise _fault(source, "what was given is no token: one word, or JSON with “access_token”")
    return token, life


def _fault(source: TokenSource, what: str, *, step: str = "") -> RelayFault:
    return RelayFault(what, where=source.name, next_step=step or "run it by hand and look")
