"""Connects to strangers' servers with suspicion, and asks them one thing by HTTP.

Whoever gives an address decides where we knock, so nothing is fetched from addresses that are not
public: a name is resolved once, what it resolves to is looked at, and exactly that is connected
to. What is asked, and what an answer means, is left to whoever asks.
RFC 9110 (HTTP), RFC 6890 and 4291 (addresses for special purposes).
"""

import ipaddress
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from http.client import HTTPConnection, HTTPException, HTTPResponse
from urllib.parse import SplitResult, quote

REDIRECTS = frozenset({301, 302, 303, 307, 308})
"""Statuses that may lead on (RFC 9110, 15.4)."""

NOT_PUBLIC = "it leads to an address that is not public"
_MAX_ADDRESSES = 2
_SPECIAL = tuple(
    map(
        ipaddress.ip_network,
        (
            *("192.0.0.0/24", "192.88.99.0/24", "::ffff:0:0:0/96", "fec0::/10", "3fff::/20"),
            *("5f00::/16", "100:0:0:1::/64"),
        ),
    )
)
"""What some versions of Python take for public and is not (IANA's registries of special purposes,
RFC 3879)."""

_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_SAFE = "!#$%&'()*+,/:;=?@[]~"


def is_public(address: str) -> bool:
    """Whether anybody can reach an IP address; one that wraps an older one is as public as that."""
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour or (found.teredo or (None, None))[1]
        if found in _NAT64:
            inner = ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
        found = inner or found
    if any(found.version == each.version and found in each for each in _SPECIAL):
        return False
    return found.is_global and not found.is_multicast and not found.is_reserved


def allowed_addresses(host: str, port: int, may_ask: Callable[[str], bool]) -> list[str]:
    """The IP addresses of a name that may be connected to. Raises OSError where it has none."""
    return [each for each in _resolve(host, port) if may_ask(each)]


@contextmanager
def connected(
    addresses: Sequence[str], port: int, host: str, *, tls: ssl.SSLContext | None, timeout: float
) -> Iterator[socket.socket]:
    """A connection to one of these very addresses, so that no name is looked up again.

    With `tls` the server proves to be `host`. `timeout` is seconds: for each attempt to connect,
    and for all that comes after it. Raises OSError, and TimeoutError when time is up.
    """
    plain = _first_to_answer(addresses, port, timeout)
    with closing(_wrapped(plain, host, tls)) as connection, _limited(connection, timeout):
        if isinstance(connection, ssl.SSLSocket):
            connection.do_handshake()
        yield connection


def why_not(error: Exception, timeout: float) -> str:
    """What kept us from an answer within `timeout` seconds, in words that name no address."""
    match error:
        case TimeoutError():
            return f"there was no answer within {timeout:g} seconds"
        case socket.gaierror(errno=socket.EAI_AGAIN):
            return "the name server does not answer"
        case socket.gaierror():
            return "there is no site of that name"
        case ssl.SSLCertVerificationError(verify_message=words):
            return f"its certificate is not valid: {words}"
        case ssl.SSLError():
            return "no secure connection can be made"
        case HTTPException():
            return "what answers there does not speak HTTP"
        case _:
            return f"it cannot be reached: {getattr(error, 'strerror', None) or error}"


def host_of(parts: SplitResult) -> str:
    """The host as DNS knows it. Raises ValueError where there is none (UnicodeError is one)."""
    if not parts.hostname:
        raise ValueError
    return parts.hostname.encode("idna").decode()


def _resolve(host: str, port: int) -> list[str]:
    """Its IP addresses, each once. Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(where[0]) for *_, where in found))


def _first_to_answer(addresses: Sequence[str], port: int, timeout: float) -> socket.socket:
    """A connection to one of the first addresses. Raises OSError of the last one tried."""
    *others, last = addresses[:_MAX_ADDRESSES]
    for address in others:
        with suppress(OSError):
            return socket.create_connection((address, port), timeout)
    return socket.create_connection((last, port), timeout)


def _wrapped(plain: socket.socket, host: str, tls: ssl.SSLContext | None) -> socket.socket:
    if tls is None:
        return plain
    return tls.wrap_socket(plain, server_hostname=host, do_handshake_on_connect=False)


@contextmanager
def _limited(connected: socket.socket, seconds: float) -> Iterator[None]:
    """Ends the connection when time is up; raises TimeoutError then.

    A socket's own timeout starts anew with every octet, and a server may send one now and then.
    """
    expired = threading.Event()

    def cut() -> None:
        expired.set()
        with suppress(OSError):
            # Not the TLS socket's own: another thread is reading, and may still hold its state.
            socket.socket.shutdown(connected, socket.SHUT_RDWR)

    timer = threading.Timer(seconds, cut)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        if expired.is_set():
            raise TimeoutError


def asked(
    connected: socket.socket,
    method: str,
    parts: SplitResult,
    headers: Mapping[str, str],
    body: bytes | None = None,
) -> HTTPConnection:
    """A request is written on a connection; the answer is not read yet.

    Raises ValueError where the address has no host, OSError or HTTPException.
    """
    host = host_of(parts)
    name = f"[{host}]" if ":" in host else host
    port = "" if parts.port is None else f":{parts.port}"
    query = f"?{parts.query}" if parts.query else ""
    http = HTTPConnection(host)
    http.sock = connected
    target = quote(f"{parts.path or '/'}{query}", safe=_SAFE)
    http.request(method, target, body=body, headers={"Host": f"{name}{port}", **headers})
    return http


@contextmanager
def answered(
    method: str,
    parts: SplitResult,
    headers: Mapping[str, str],
    *,
    may_ask: Callable[[str], bool],
    tls: ssl.SSLContext,
    timeout: float,
) -> Iterator[HTTPResponse | None]:
    """What an address answers, its body unread; None where it has no IP address that may be asked.

    No redirect is followed. Raises ValueError where it is no address, OSError or HTTPException.
    """
    host = host_of(parts)
    is_safe = parts.scheme == "https"
    port = parts.port or (443 if is_safe else 80)
    addresses = allowed_addresses(host, port, may_ask)
    if not addresses:
        yield None
        return
    context = tls if is_safe else None
    with (
        connected(addresses, port, host, tls=context, timeout=timeout) as connection,
        closing(asked(connection, method, parts, headers)) as http,
        http.getresponse() as answer,
    ):
        yield answer


def location_of(answer: HTTPResponse) -> str:
    """Where an answer leads on, or "": its octets as UTF-8, which many send, though HTTP's
    libraries read Latin-1.
    """
    header = answer.getheader("Location") or ""
    try:
        return header.encode("latin-1").decode()
    except UnicodeError:
        return header
