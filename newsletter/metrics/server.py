"""The server of `/metrics` and `/healthz`: a thread of its own, for a scraper and no stranger.

`/metrics` is Prometheus' text. `/healthz` says 200 where the process answers and the database did,
and 503 where it did not; what is wrong is told by `newsletter health`.
"""

import threading
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socket import AF_INET, AF_INET6
from types import TracebackType
from typing import Any, Self

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest

from newsletter.books import FleetFigures
from newsletter.errors import OutputError
from newsletter.metrics.books import BooksCollector
from newsletter.metrics.counting import Counting
from newsletter.metrics.place import Place

_SECONDS = 10.0
"""For a request's headers, and for its answer to be read."""

_TEXT = "text/plain; charset=utf-8"


class MetricsServer:
    """A context manager that serves while it is entered; `counting` is what the process adds to.

    Raises OutputError where it cannot listen.
    """

    def __init__(self, place: Place, read: Callable[[], FleetFigures]) -> None:
        registry = CollectorRegistry(auto_describe=False)
        self._books = BooksCollector(read)
        registry.register(self._books)
        self.counting = Counting(registry)
        self._registry = registry
        self._server = _listening(place, self._answer)
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.2}, name="metrics"
        )
        self._thread.daemon = True

    @property
    def url(self) -> str:
        host, port = self._server.server_address[:2]
        shown = str(host)
        return f"http://{f'[{shown}]' if ':' in shown else shown}:{port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _answer(self, path: str) -> tuple[HTTPStatus, str, bytes]:
        match path.partition("?")[0]:
            case "/metrics":
                return HTTPStatus.OK, CONTENT_TYPE_LATEST, generate_latest(self._registry)
            case "/healthz" if self._books.figures() is not None:
                return HTTPStatus.OK, _TEXT, b"ok\n"
            case "/healthz":
                return HTTPStatus.SERVICE_UNAVAILABLE, _TEXT, b"the database does not answer\n"
            case _:
                return HTTPStatus.NOT_FOUND, _TEXT, b"/metrics and /healthz are here\n"


_Answer = Callable[[str], tuple[HTTPStatus, str, bytes]]


def _listening(place: Place, answer: _Answer) -> ThreadingHTTPServer:
    class Handler(BaseHTTPRequestHandler):
        timeout = _SECONDS
        server_version = "newsletter"
        sys_version = ""

        def do_GET(self) -> None:
            status, content_type, body = answer(self.path)
            self.send_response(status)
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """A scraper comes every few seconds, and is no news."""

    class Server(ThreadingHTTPServer):
        address_family = AF_INET6 if ":" in place.host else AF_INET
        daemon_threads = True

        def handle_error(self, *_: Any) -> None:
            """Whoever hangs up in the middle is no fault of ours."""

    try:
        return Server((place.host, place.port), Handler)
    except OSError as error:
        raise OutputError(
            f"the metrics cannot be served: {error.strerror}",
            where=f"{place.host}:{place.port}",
            next_step="choose another port, or stop what listens there",
        ) from error
