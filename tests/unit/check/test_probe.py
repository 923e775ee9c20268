"""The prober against servers that answer, refuse, redirect, stall and lie, on this machine."""

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import trustme

from newsletter.check.probe import Prober
from tests.pace import passing

SECONDS = passing(0.3)


@dataclass
class Site:
    """A server on this machine: what it was asked, and its address."""

    base: str
    asked: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)

    def __truediv__(self, path: str) -> str:
        return f"{self.base}/{path}"


STATUSES = {"/gone": 410, "/missing": 404, "/broken": 500, "/teapot": 418}
REFUSALS = {"/refused": 403, "/slow-down": 429, "/login": 401, "/challenge": 503, "/in": 999}
GET_ONLY = {"/get-405": 405, "/get-403": 403, "/get-404": 404, "/get-501": 501}


REDIRECTS = {
    "/utf-8": "/crème".encode().decode("latin-1"),
    "/latin-1": "/crème",
    "/escaped": "/cr%C3%A8me",
}
"""Headers are sent as Latin-1, whose octets may be UTF-8."""


def status_of(method: str, path: str) -> int:
    if path in GET_ONLY:
        return GET_ONLY[path] if method == "HEAD" else 200
    return (STATUSES | REFUSALS).get(path, 200)


def location_of(path: str) -> str:
    """`/hops/3` leads to `/hops/2`, and on to the page; `/to/ADDRESS` leads there."""
    if path.startswith("/hops/"):
        left = int(path.removeprefix("/hops/"))
        return f"/hops/{left - 1}" if left > 1 else "/page"
    return REDIRECTS.get(path, path.removeprefix("/to/") if path.startswith("/to/") else "")


def handler_for(site: Site) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            site.asked.append(f"{self.command} {self.path}")
            site.headers.append(dict(self.headers.items()))
            location = location_of(self.path)
            self.send_response(302 if location else status_of(self.command, self.path))
            if location:
                self.send_header("Location", location)
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_HEAD = do_GET = answer  # noqa: N815 - the names http.server asks for

        def log_message(self, *_: object) -> None:
            """Tests have no log."""

    return Handler


@contextmanager
def serving(host: str = "127.0.0.1", tls: ssl.SSLContext | None = None) -> Iterator[Site]:
    site = Site("")
    server = ThreadingHTTPServer((host, 0), handler_for(site))
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    site.base = f"{'https' if tls else 'http'}://{host}:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}).start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with serving() as found:
        yield found


@pytest.fixture(autouse=True)
def forgetful(site: Site) -> None:
    site.asked.clear()
    site.headers.clear()


def anything(_address: str) -> bool:
    return True


AMPLE = 60.0
"""Seconds, for what answers at once; on a busy machine a handshake may take more than 5."""

LOCAL = Prober(may_ask=anything, timeout=AMPLE)
HASTY = Prober(may_ask=anything, timeout=SECONDS)


def test_prober_asks_by_head_once_where_that_is_answered(site: Site) -> None:
    assert None is LOCAL(site / "page?id=7&x=a%20b")
    assert ["HEAD /page?id=7&x=a%20b"] == site.asked
    assert site.base.removeprefix("http://") == site.headers[0]["Host"]


@pytest.mark.parametrize("path", GET_ONLY)
def test_prober_asks_by_get_where_head_is_refused(path: str, site: Site) -> None:
    assert None is LOCAL(site.base + path)
    assert [f"HEAD {path}", f"GET {path}"] == site.asked


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("/missing", "the server says 404 Not Found"),
        ("/gone", "the server says 410 Gone"),
        ("/broken", "the server says 500 Internal Server Error"),
    ],
)
def test_prober_says_what_the_server_says(path: str, reason: str, site: Site) -> None:
    assert reason == LOCAL(site.base + path)


@pytest.mark.parametrize("path", REFUSALS)
def test_prober_does_not_hold_a_refusal_of_programs_against_a_page(path: str, site: Site) -> None:
    assert None is LOCAL(site.base + path)


def test_prober_follows_five_redirects_and_no_more(site: Site) -> None:
    assert None is LOCAL(site / "hops/5")
    assert "it redirects more than 5 times" == LOCAL(site / "hops/6")


def test_prober_follows_a_redirect_to_where_it_leads(site: Site) -> None:
    with serving("127.0.0.2") as other:
        assert "the server says 404 Not Found" == LOCAL(site / f"to/{other / 'missing'}")
        assert ["HEAD /missing", "GET /missing"] == other.asked


def test_prober_looks_at_the_address_behind_each_redirect_anew(site: Site) -> None:
    """A public site may redirect to the router in the next room."""
    prober = Prober(may_ask=lambda address: address == "127.0.0.1")
    with serving("127.0.0.2") as inside:
        reason = prober(site / f"to/{inside / 'admin'}")

        assert "it leads to an address that is not public" == reason
        assert [] == inside.asked


def test_prober_does_not_follow_a_redirect_into_an_app(site: Site) -> None:
    assert None is LOCAL(site / "to/market:details?id=7")
    assert 1 == len(site.asked)


@pytest.mark.parametrize("path", REDIRECTS)
def test_prober_reads_a_redirect_with_foreign_letters(path: str, site: Site) -> None:
    assert None is LOCAL(site.base + path)
    assert [f"HEAD {path}", "HEAD /cr%C3%A8me"] == site.asked


@pytest.mark.parametrize(
    "host", ["localhost", "127.0.0.1", "[::1]", "2130706433", "0x7f.1", "0", "[::ffff:127.0.0.1]"]
)
def test_prober_asks_nothing_on_this_machine(host: str, site: Site) -> None:
    port = site.base.rpartition(":")[2]

    assert "it leads to an address that is not public" == Prober()(f"http://{host}:{port}/")
    assert [] == site.asked


@pytest.mark.parametrize("address", ["https://", "http://a.example:x/", "http://[/", "http:///x"])
def test_prober_says_what_is_no_address(address: str) -> None:
    assert "it is not an address" == LOCAL(address)


def test_prober_says_where_a_name_is_unknown() -> None:
    """`.invalid` never resolves (RFC 6761); without any network no name server says so."""
    assert LOCAL("https://shop.invalid/") in {
        "there is no site of that name",
        "the name server does not answer",
    }


def test_prober_says_where_nothing_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

    assert "it cannot be reached: Connection refused" == LOCAL(f"http://127.0.0.1:{port}/")


_MOST_OCTETS = 200


@contextmanager
def speaking(first: bytes, then: bytes = b"", pause: float = 0) -> Iterator[str]:
    """A server of a few octets, with more of them every `pause` seconds. Gives its address."""
    done = threading.Event()

    def speak(connection: socket.socket) -> None:
        with connection:
            connection.settimeout(AMPLE)
            try:
                connection.recv(4096)
                connection.sendall(first)
                for _ in range(_MOST_OCTETS if then else 0):
                    if done.wait(pause):
                        break
                    connection.sendall(then)
            except OSError:
                return

    def accept(server: socket.socket) -> None:
        while True:
            try:
                connection, _ = server.accept()
            except OSError:
                return
            threading.Thread(target=speak, args=(connection,)).start()

    server = socket.create_server(("127.0.0.1", 0))
    threading.Thread(target=accept, args=(server,)).start()
    try:
        yield f"http://127.0.0.1:{server.getsockname()[1]}/"
    finally:
        done.set()
        server.shutdown(socket.SHUT_RDWR)
        server.close()


def test_prober_says_where_another_protocol_is_spoken() -> None:
    with speaking(b"220 mail.example ESMTP\r\n") as address:
        assert "what answers there does not speak HTTP" == LOCAL(address)


def test_prober_waits_no_longer_than_its_timeout_for_a_silent_server() -> None:
    with speaking(b"", b" ", pause=60) as address:
        assert f"there was no answer within {SECONDS:g} seconds" == HASTY(address)


def test_prober_waits_no_longer_than_its_timeout_for_a_dripping_server() -> None:
    """Each octet comes in time, and the answer never does.

    Without a limit it would be waited for as long as there are octets, and no reason given.
    """
    with speaking(b"HTTP/1.1 200 OK\r\nX: ", b"x", pause=0.05) as address:
        assert f"there was no answer within {SECONDS:g} seconds" == HASTY(address)


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


def server_tls(authority: trustme.CA, name: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(context)
    return context


def client(authority: trustme.CA, timeout: float = AMPLE) -> Prober:
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return Prober(may_ask=anything, tls=context, timeout=timeout)


def test_prober_asks_by_tls_under_the_name_of_the_site(authority: trustme.CA) -> None:
    with serving(tls=server_tls(authority, "127.0.0.1")) as secure:
        assert None is client(authority)(secure / "page")
        assert ["HEAD /page"] == secure.asked


def test_prober_says_where_a_certificate_is_for_another_name(authority: trustme.CA) -> None:
    with serving(tls=server_tls(authority, "localhost")) as secure:
        reason = client(authority)(secure / "page")

        assert reason is not None
        assert reason.startswith("its certificate is not valid: IP address mismatch")
        assert [] == secure.asked


def test_prober_cannot_tell_where_the_issuer_is_unknown(authority: trustme.CA) -> None:
    """Servers often forget a certificate in between, which browsers fetch."""
    with serving(tls=server_tls(authority, "127.0.0.1")) as secure:
        assert None is LOCAL(secure / "page")


def test_prober_says_where_there_is_no_tls(site: Site, authority: trustme.CA) -> None:
    address = site.base.replace("http://127.0.0.1", "https://localhost")

    assert "no secure connection can be made" == client(authority)(address)


def test_prober_waits_no_longer_than_its_timeout_for_a_handshake(authority: trustme.CA) -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        address = f"https://localhost:{mute.getsockname()[1]}/"

        assert f"there was no answer within {SECONDS:g} seconds" == client(authority, SECONDS)(
            address
        )
