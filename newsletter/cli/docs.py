"""`newsletter docs`: the documentation in a browser, from this machine's own disk.

It is served rather than opened as files, for browsers let no file search another. What is served is
public and the same for everyone; a browser is told to fetch nothing from anywhere else.
"""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from difflib import get_close_matches
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread
from typing import Annotated, Any

import typer

from newsletter.cli.console import faint, say, strong
from newsletter.errors import NewsletterError
from newsletter.installation import page_names, pages_folder

_HOST = "127.0.0.1"
_POLICY = "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'"
_IMAGES = "img-src 'self' data:"
"""What the site's style sheets draw their icons with."""


def docs(
    page: Annotated[
        str, typer.Argument(help="A page, such as “tutorial”.", show_default=False)
    ] = "index",
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="The port on 127.0.0.1; 0 for any free one.")
    ] = 0,
    browser: Annotated[
        bool | None,
        typer.Option(
            "--browser/--no-browser",
            help="Open a browser. Without either, from a terminal alone.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Open the documentation in your browser, without a network. Ctrl-C ends it."""
    folder = _folder()
    name = _page(page, folder)
    stop = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    with _served(folder, port) as address:
        url = f"{address}/" if name == "index" else f"{address}/{name}.html"
        say(f"{strong(url)} {faint('Ctrl-C ends it.')}")
        if sys.stdout.isatty() if browser is None else browser:
            _open(url)
        stop.wait()


def _folder() -> Path:
    folder = pages_folder()
    if folder is None:
        raise NewsletterError(
            "the pages are not built here", next_step="run `make docs` in the checkout"
        )
    return folder


def _page(name: str, folder: Path) -> str:
    """The page of a name, which may be that of its file in docs/."""
    wanted = name.removeprefix("docs/").removesuffix(".md").removesuffix(".html").strip("/")
    names = page_names(folder)
    for known in (wanted, f"{wanted}/index"):
        if known in names:
            return known
    near = get_close_matches(wanted, names, n=1)
    step = f"did you mean “{near[0]}”?" if near else "leave it out to begin at the first page"
    raise NewsletterError(f"there is no page “{name}”", next_step=step)


class _Pages(SimpleHTTPRequestHandler):
    """Files of the site. Whoever asks by another host's name is a page that wants to look in."""

    def send_head(self) -> Any:
        host = self.headers.get("Host", "").rpartition(":")[0]
        if host not in (_HOST, "localhost"):
            self.send_error(421)
            return None
        return super().send_head()

    def list_directory(self, path: Any) -> None:
        del path
        self.send_error(404)

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", f"{_POLICY}; {_IMAGES}")
        self.send_header("X-Content-Type-Options", "nosniff")
        super().end_headers()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the signature is http.server's
        """Nobody reads it."""


@contextmanager
def _served(folder: Path, port: int) -> Iterator[str]:
    """The address while it is served."""
    try:
        server = ThreadingHTTPServer((_HOST, port), partial(_Pages, directory=str(folder)))
    except (OSError, OverflowError) as error:
        raise NewsletterError(
            f"port {port} cannot be used: {getattr(error, 'strerror', None) or error}",
            next_step="give another --port, or none",
        ) from error
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://{_HOST}:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def _open(url: str) -> None:
    import webbrowser

    if not webbrowser.open(url):
        say("There is no browser here; open that address in one.")
