"""A receiver of webhooks on this machine, with TLS of a throwaway authority."""

import ssl
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
import trustme

from newsletter.notices import Webhook

SECRET = b"twenty-four octets or more"


@dataclass
class Receiver:
    """What was posted, and what is answered: `statuses` in turn, the last one ever after."""

    port: int
    statuses: Sequence[int] = (204,)
    location: str = ""
    trickle: bytes = b""
    asked: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    def url(self, path: str = "/hook") -> str:
        return f"https://localhost:{self.port}{path}"

    def status(self) -> int:
        return self.statuses[min(len(self.asked), len(self.statuses)) - 1]


def handler_for(receiver: Receiver) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            receiver.asked.append((self.path, headers, body))
            status = receiver.status()
            if status == 0:  # never answers
                receiver.over.wait(60)
                return
            self.send_response(status)
            if receiver.location:
                self.send_header("Location", receiver.location)
            if receiver.trickle:
                self.send_header("Content-Length", str(10**9))
                self.end_headers()
                while not receiver.over.wait(0.02):
                    self.wfile.write(receiver.trickle)
                return
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Tests have no log."""

    return Handler


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """A client that breaks off is what some of the tests are about."""


@pytest.fixture(scope="session")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def receiver(authority: trustme.CA) -> Iterator[Receiver]:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(tls)
    found = Receiver(0)
    server = Server(("127.0.0.1", 0), handler_for(found))
    server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    found.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield found
    finally:
        found.over.set()
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def webhook_to(authority: trustme.CA) -> Callable[..., Webhook]:
    """A webhook that trusts the throwaway authority and may ask this machine."""

    def make(url: str, **changes: Any) -> Webhook:
        tls = ssl.create_default_context()
        authority.configure_trust(tls)
        values: dict[str, Any] = {
            "secret": SECRET,
            "timeout": 30.0,
            "may_ask": lambda _address: True,
            "tls": tls,
        }
        return Webhook(url=url, **(values | changes))

    return make
