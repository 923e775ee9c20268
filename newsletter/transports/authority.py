"""The authority of a transport URL: `user:password@host:port`, or none before a socket's path.

Every value is checked, and no fault ever shows one that could be a password. What a scheme makes
of it is left to `url`. RFC 3986, 3.2 (its parts) and 2.1 (percent-encoding).
"""

import re
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import unquote_to_bytes

ASTRAY = (
    "there is an @ where none may be: if the user name or password has one of / ? # @ %, "
    "write %2F %3F %23 %40 %25, or set NEWSLETTER_TRANSPORT_PASSWORD"
)
MAX_SOCKET_PATH = 107
"""Octets; sun_path of unix(7) without its NUL."""

CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_HOST_AND_PORT = re.compile(r"(?P<host>\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(?::(?P<port>[^:]*))?")
_BROKEN_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_ALLOWED_HOST = "must be a name in ASCII or an IP address ([::1] for IPv6), then a port"


@dataclass(frozen=True, kw_only=True, slots=True)
class Authority:
    """`userinfo` is not decoded yet. A `socket` is an absolute path, and then there is no host."""

    userinfo: str = ""
    host: str = ""
    port: int | None = None
    socket: str = ""


def read_authority(before: str, faults: list[str]) -> Authority:
    """Of a relay: what stands between the scheme and the question mark."""
    authority, slash, rest = before.removeprefix("//").partition("/")
    userinfo, _, host_and_port = authority.rpartition("@")
    is_socket = bool(slash and rest and not host_and_port)
    if not before.startswith("//") or "#" in before or (rest and not is_socket) or "@" in rest:
        faults.append(
            ASTRAY
            if "@" in before
            else "a relay is written //host:port and nothing after it, or ///path/of/a/socket"
        )
        return Authority()
    if is_socket:
        return Authority(userinfo=userinfo, socket=_socket(f"/{rest}", faults))
    host, port = read_host_and_port(host_and_port, faults)
    return Authority(userinfo=userinfo, host=host, port=port)


def read_host_and_port(text: str, faults: list[str]) -> tuple[str, int | None]:
    """Host without brackets, and port; "" and None where they are at fault."""
    found = _HOST_AND_PORT.fullmatch(text)
    if found is None:
        host, colon, _ = text.partition(":")  # behind it there may be a password gone astray
        shown = f"{host}:…" if colon and not host.startswith("[") else text
        faults.append(f"host {shown!a}: {_ALLOWED_HOST}")
        return "", None
    return _host(found["host"], faults), _port(found["port"], faults)


def _socket(raw: str, faults: list[str]) -> str:
    path = decode(raw, "the socket's path", faults)
    if len(path.encode()) > MAX_SOCKET_PATH:
        faults.append(f"the socket's path is longer than {MAX_SOCKET_PATH} octets")
    return path


def _host(text: str, faults: list[str]) -> str:
    host = text.strip("[]")
    if text.startswith("["):
        try:
            ip_address(host)
        except ValueError:
            faults.append(f"host {text!r}: not an IPv6 address")
    return host


def _port(text: str | None, faults: list[str]) -> int | None:
    if text is None:
        return None
    if re.fullmatch(r"[0-9]{1,5}", text) and 0 < int(text) < 65536:
        return int(text)
    is_number = re.fullmatch(r"[0-9]{1,5}", text)
    shown = text if is_number else "…"  # what stands there may be a password gone astray
    faults.append(f"port {shown}: must be 1 to 65535")
    return None


def read_login(
    userinfo: str, apart: str | None, faults: list[str], *, by_token: bool = False
) -> tuple[str, str | None]:
    """User and password; `apart` is the password that was given outside of the URL, if any.

    Whoever logs in `by_token` has no password.
    """
    raw_user, colon, raw_password = userinfo.partition(":")
    user = decode(raw_user, "the user name", faults)
    inside = decode(raw_password, "the password", faults) if colon else None
    if apart is not None and CONTROL.search(apart):
        faults.append("the password holds a control character")
    if inside is not None and apart is not None and inside != apart:
        faults.append(
            "the password is given twice, in the URL and outside it: take it out of the URL"
        )
    if by_token:
        faults += _token_faults(user, inside, apart)
        return user, None
    if not user:
        if inside is not None:
            faults.append("there is a password but no user name")
        return "", None
    login = apart if inside is None else inside
    if not login:
        faults.append("there is a user name but no password: set NEWSLETTER_TRANSPORT_PASSWORD")
    return user, login


def _token_faults(user: str, inside: str | None, apart: str | None) -> list[str]:
    if not user:
        return ["whoever logs in by a token has a user name too: write it before the @"]
    if inside is not None or apart is not None:
        given = "the URL" if inside is not None else "NEWSLETTER_TRANSPORT_PASSWORD"
        return [f"auth= wants a token and no password: take the password out of {given}"]
    return []


def decode(raw: str, what: str, faults: list[str]) -> str:
    """Percent-decoded; a fault never shows the value, it may be the password."""
    if _BROKEN_PERCENT.search(raw):
        faults.append(f"{what} holds a bare % sign: write %25")
        return ""
    try:
        text = unquote_to_bytes(raw).decode()
    except UnicodeDecodeError:
        faults.append(f"{what} is not UTF-8 once percent-decoded")
        return ""
    if CONTROL.search(text):
        faults.append(f"{what} holds a control character")
        return ""
    return text
