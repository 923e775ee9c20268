"""The demo's site: the public site of the example publication, on this machine alone.

What it sends has the publication's own address in its links, as everything has that is sent; the
demo reads them in the letters it receives, and says where on this machine they lead.
"""

import asyncio
import re
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from email import message_from_bytes, policy
from pathlib import Path
from urllib.parse import urlsplit

import typer

from newsletter.cli.console import faint, say, strong
from newsletter.cli.publication import from_here
from newsletter.cli.serving import HOST, first_of
from newsletter.daemon import stop_on_signals

_TRY = (
    "Sign up at {url}/subscribe, with any address: nothing leaves this machine.",
    "Its confirmation arrives in outbox/, and is told here with the address that it leads to.",
    "Confirm, and choose your preferences; leave, think again, and erase yourself.",
    "Read the issues at {url}/issues/, with your screen as narrow as you like.",
)


@dataclass
class Letters:
    """Tells of letters with a link for one reader, once it is known where the site answers."""

    base_url: str
    url: str = ""

    def hear(self, path: Path, content: bytes) -> None:
        link = letter_link(content, self.base_url) if self.url else None
        if link is not None:
            say(f"{faint(str(from_here(path)))} leads to {strong(self.url + link)}")


def letter_link(content: bytes, base_url: str) -> str | None:
    """The path of the page that a letter asks its reader to open; None in any other message."""
    message = message_from_bytes(content, policy=policy.default)
    part = message.get_body(("plain",))
    text = part.get_content() if part is not None else ""
    found = re.search(rf"^{re.escape(base_url)}(/confirm/\S+)\s*$", text, re.MULTILINE)
    return found[1] if found else None


def serve_demo(folder: Path, environment: Mapping[str, str], port: int, letters: Letters) -> None:
    """Serve until Ctrl-C. Ends the command with the site's own status where that fails."""
    status = asyncio.run(_serve(folder, environment, port, letters))
    if status:
        raise typer.Exit(status)


async def _serve(folder: Path, environment: Mapping[str, str], port: int, letters: Letters) -> int:
    arguments = ["-m", "newsletter", "serve", "--host", HOST, "--port", str(port)]
    say(f"{faint('$')} {strong(f'newsletter serve --port {port}')}")
    sys.stdout.flush()
    with stop_on_signals() as stop:
        site = await asyncio.create_subprocess_exec(
            sys.executable, *arguments, cwd=folder, env=environment, stdout=PIPE
        )
        ended = asyncio.ensure_future(site.wait())
        if listening := await _listening(site):
            letters.url = listening + urlsplit(letters.base_url).path
            _say_what_to_try(letters.url)
        await first_of(ended, stop)
        with suppress(ProcessLookupError):
            site.terminate()
        return await ended


async def _listening(site: Process) -> str:
    """Where it answers; "" where it has ended before it could."""
    assert site.stdout is not None
    line = (await site.stdout.readline()).decode()
    return line.partition(" ")[0].strip()


def _say_what_to_try(url: str) -> None:
    say(strong(f"The site is at {url}. Open it in a browser; Ctrl-C ends it."))
    for number, step in enumerate(_TRY, 1):
        say(f"  {number}. {step.format(url=url)}")
