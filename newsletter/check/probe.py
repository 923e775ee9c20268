"""Asks one address of the web whether a reader would get there, by hand and with suspicion.

An issue's links come from strangers' press releases, so nothing is fetched from addresses that
are not public: a name is resolved once, what it resolves to is looked at, and exactly that is
connected to, at each redirect anew. Which addresses are asked is `newsletter.check.online`'s;
`allowed_addresses` and `connected` are for whoever else must reach a stranger's server as warily.
RFC 9110 (HTTP), RFC 6890 and 4291 (addresses for special purposes).
"""

import ipaddress
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, responses
from urllib.parse import SplitResult, quote, urljoin, urlsplit

MAX_REDIRECTS = 5
_MAX_ADDRESSES = 2
_HEADERS = {"User-Agent": "newsletter-as-code (link check)", "Accept": "*/*", "Connection": "close"}
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_REFUSALS = frozenset({401, 402, 403, 405, 406, 407, 429, 451, 503, 999})
"""What servers say to programs they do not like, and to all who have not paid or logged in. A
reader may well get there, so such an answer proves nothing. 999 is LinkedIn's."""
_UNKNOWN_ISSUER = 20
"""OpenSSL's X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY: browsers fetch what is missing."""
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_SAFE = "!#$%&'()*+,/:;=?@[]~"
NOT_PUBLIC = "it leads to an address that is not public"


def is_public(address: str) -> bool:
    """Whether anybody can reach an IP address; one that wraps an older one is as public as that."""
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour or (found.teredo or (None, None))[1]
        if found in _NAT64:
            inner = ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
        found = inner or found
    return found.is_global and not found.is_multicast and not found.is_reserved


@dataclass(frozen=True, kw_only=True, slots=True)
class _Answer:
    """A status and where it sends us; or the reason why there is none, "" where that is none."""

    status: int = 0
    location: str = ""
    reason: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Prober:
    """Asks addresses; `timeout` is seconds for one request, once for connecting, once for the rest.

    `may_ask` is told each IP address before it is connected to; a test, whose server is on its own
    machine, has another opinion than `is_public`.
    """

    timeout: float = 10.0
    may_ask: Callable[[str], bool] = is_public
    tls: ssl.SSLContext = field(default_factory=ssl.create_default_context)

    def __call__(self, address: str) -> str | None:
        """Why a reader cannot get there; None where they can, or where nobody could tell."""
        for _ in range(MAX_REDIRECTS + 1):
            answer = self._ask(address)
            if answer.status not in _REDIRECTS or not answer.location:
                return _reason(answer)
            address = urljoin(address, answer.location)
            if urlsplit(address).scheme not in {"http", "https"}:
                return None  # an app's own address, which a telephone may know
        return f"it redirects more than {MAX_REDIRECTS} times"

    def _ask(self, address: str) -> _Answer:
        """HEAD, and GET where that fails: many servers know only the one that browsers send."""
        answer = self._try("HEAD", address)
        is_final = answer.reason == NOT_PUBLIC or 0 < answer.status < 400
        return answer if is_final else self._try("GET", address)

    def _try(self, method: str, address: str) -> _Answer:
        try:
            return self._request(method, urlsplit(address))
        except (OSError, HTTPException) as error:  # first: a bad certificate is a ValueError too
            return _Answer(reason=self._words(error))
        except ValueError:
            return _Answer(reason="it is not an address")

    def _request(self, method: str, parts: SplitResult) -> _Answer:
        """Raises ValueError, OSError or HTTPException."""
        host = host_of(parts)
        port = parts.port or (443 if parts.scheme == "https" else 80)
        addresses = allowed_addresses(host, port, self.may_ask)
        if not addresses:
            return _Answer(reason=NOT_PUBLIC)
        tls = self.tls if parts.scheme == "https" else None
        with connected(addresses, port, host, tls=tls, timeout=self.timeout) as connection:
            return _exchange(connection, method, parts, host)

    def _words(self, error: Exception) -> str:
        if getattr(error, "verify_code", None) == _UNKNOWN_ISSUER:
            return ""
        return why_not(error, self.timeout)


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
            return f"there is no answer within {timeout:g} seconds"
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


def _reason(answer: _Answer) -> str | None:
    if answer.status < 400 or answer.status in _REFUSALS:
        return answer.reason or None
    return f"the server says {answer.status} {responses.get(answer.status, '')}".rstrip()


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


def _exchange(connected: socket.socket, method: str, parts: SplitResult, host: str) -> _Answer:
    """One request on a connection, and the head of its answer. Raises OSError, HTTPException."""
    name = f"[{host}]" if ":" in host else host
    with_port = name if parts.port is None else f"{name}:{parts.port}"
    query = f"?{parts.query}" if parts.query else ""
    connection = HTTPConnection(host)
    connection.sock = connected
    target = quote(f"{parts.path or '/'}{query}", safe=_SAFE)
    connection.request(method, target, headers={"Host": with_port, **_HEADERS})
    with closing(connection), connection.getresponse() as answer:
        location = _as_written(answer.getheader("Location") or "")
        return _Answer(status=answer.status, location=location)


def _as_written(header: str) -> str:
    """The header's octets as UTF-8, which many send, though HTTP's libraries read Latin-1."""
    try:
        return header.encode("latin-1").decode()
    except UnicodeError:
        return header
