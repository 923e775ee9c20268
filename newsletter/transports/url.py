"""Transport URLs: how a transport is named, with every value checked and the password kept apart.

Knows the forms `smtp://user@relay:587?tls=required`, `smtps://`, `maildir:path`, `directory:path`,
`console:` and what another package's scheme looks like. What a scheme opens is the registry's
affair. RFC 3986 gives the shape (3.2 authority, 2.1 percent-encoding), RFC 8314 the defaults.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from ipaddress import ip_address
from urllib.parse import quote, unquote_to_bytes

from newsletter.errors import TransportURLError
from newsletter.transports.options import Options, read_options

SUBMISSION_PORT = 587
SUBMISSIONS_PORT = 465
"""RFC 8314, 3.3 and 7.3: STARTTLS on the one, TLS from the first byte on the other."""

_SHAPE = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*):(?P<rest>.*)", re.DOTALL)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_HOST_AND_PORT = re.compile(r"(?P<host>\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(?::(?P<port>[^:]*))?")
_BROKEN_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_CLEAR = re.compile(
    r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*:(?://)?)(?P<login>[^/?#@]*@)?"
    r"(?P<place>[A-Za-z0-9_.\[\]/ -]*(?::[0-9]{1,5})?/?)(?=[?#]|$)"
)

_ALLOWED_HOST = "allowed is a name in ASCII or an IP address ([::1] for IPv6), then a port"
_ASTRAY = (
    "an @ stands where none may: where user name or password holds one of / ? # @ %, "
    "write %2F %3F %23 %40 %25, or set NEWSLETTER_TRANSPORT_PASSWORD"
)


class Tls(StrEnum):
    """How the connection to a relay is encrypted; `implicit` is what `smtps://` means."""

    REQUIRED = "required"
    OPPORTUNISTIC = "opportunistic"
    NONE = "none"
    IMPLICIT = "implicit"


@dataclass(frozen=True, kw_only=True, slots=True, repr=False)
class TransportURL:
    """A parsed transport URL. Its text, in `str`, `repr` and `masked`, never holds the password.

    `path` is that of a folder, for the schemes that write to one. `port` is None where none is
    spoken of. `extra` holds the options of a scheme that is another package's, for it to check.
    """

    scheme: str
    user: str = ""
    password: str | None = field(default=None, repr=False)
    host: str = ""
    port: int | None = None
    path: str = ""
    tls: Tls = Tls.NONE
    options: Options = field(default_factory=Options)
    extra: Mapping[str, str] = field(default_factory=dict)

    @property
    def address(self) -> str:
        """`host:port` as a person reads it; an IPv6 address stands in brackets."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}" if self.port is not None else host

    @property
    def is_loopback(self) -> bool:
        """True where nothing on the way could listen: the relay is on this machine."""
        try:
            return ip_address(self.host).is_loopback
        except ValueError:
            return self.host.lower() == "localhost"

    @property
    def masked(self) -> str:
        """The URL for people and the journal; what might be secret reads `***`."""
        user = quote(self.user, safe="") + (":***" if self.password is not None else "")
        authority = f"//{user}{'@' if user else ''}{self.address}" if self.host else ""
        foreign = tuple(f"{key}=***" for key in self.extra)
        query = "&".join(self.options.as_typed + foreign)
        path = self.path.replace("%", "%25").replace("?", "%3F")
        return f"{self.scheme}:{authority}{path}{'?' if query else ''}{query}"

    def __str__(self) -> str:
        return self.masked

    def __repr__(self) -> str:
        return f"TransportURL({self.masked!r})"


def mask(text: str) -> str:
    """A transport URL that may be none, with everything gone that could be a password.

    >>> mask("smtp://ada:s3cret@relay.example:587?rate=5")
    'smtp://***@relay.example:587?…'
    """
    clear = _CLEAR.match(text)
    if clear is None or "@" in text[clear.end() :]:
        return f"{text.partition(':')[0]}:…" if ":" in text else "…"
    login = "***@" if clear["login"] else ""
    more = "?…" if clear.end() < len(text) else ""
    return f"{clear['scheme']}{login}{clear['place']}{more}"


def parse_transport_url(text: str, *, password: str | None = None) -> TransportURL:
    """Parse a transport URL; `password` is the one that was given apart from it, if any.

    Raises TransportURLError, which names the key, the bad value and what is allowed.
    """
    shape = _SHAPE.fullmatch(text.strip())
    if shape is None or _CONTROL.search(text):
        raise TransportURLError(
            "not a transport URL: it has no scheme, or holds a control character",
            where=mask(text.strip()),
            next_step="write it like smtp://user@relay.example:587 or directory:outbox/",
        )
    faults: list[str] = []
    scheme = shape["scheme"].lower()
    before, _, query = shape["rest"].partition("?")
    if "@" in query and "@" not in before:
        raise TransportURLError(_ASTRAY, where=mask(text.strip()))
    options, extra = read_options(scheme, query, faults)
    if scheme in ("smtp", "smtps"):
        url = _relay(scheme, before, options, password, faults)
    else:
        url = _place(scheme, before, options, extra, password, faults)
    if faults:
        raise TransportURLError("; ".join(faults), where=mask(text.strip()))
    return url


def _relay(
    scheme: str, before: str, options: Options, password: str | None, faults: list[str]
) -> TransportURL:
    userinfo, host, port = _authority(before, faults)
    user, own_password = _login(userinfo, password, faults)
    tls = Tls.IMPLICIT if scheme == "smtps" else Tls(options.tls)
    default_port = SUBMISSIONS_PORT if tls is Tls.IMPLICIT else SUBMISSION_PORT
    url = TransportURL(
        scheme=scheme,
        user=user,
        password=own_password,
        host=host,
        port=default_port if port is None else port,
        tls=tls,
        options=options,
    )
    if tls is Tls.NONE and url.password is not None and not url.is_loopback:
        faults.append(
            "tls=none would send the password in the clear: allowed only to this machine itself; "
            "take it out, or write smtps://"
        )
    return url


def _authority(before: str, faults: list[str]) -> tuple[str, str, int | None]:
    authority, _, rest = before.removeprefix("//").partition("/")
    if not before.startswith("//") or "#" in before or rest:
        faults.append(
            _ASTRAY if "@" in before else "a relay is written //host:port and nothing after it"
        )
        return "", "", None
    userinfo, _, host_and_port = authority.rpartition("@")
    found = _HOST_AND_PORT.fullmatch(host_and_port)
    if found is None:
        faults.append(f"host {host_and_port!a}: {_ALLOWED_HOST}")
        return userinfo, "", None
    return userinfo, _host(found["host"], faults), _port(found["port"], faults)


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
    shown = text if text.isdecimal() else "…"  # what stands there may be a password gone astray
    faults.append(f"port {shown}: allowed is 1 to 65535")
    return None


def _login(userinfo: str, apart: str | None, faults: list[str]) -> tuple[str, str | None]:
    raw_user, colon, raw_password = userinfo.partition(":")
    user = _decode(raw_user, "the user name", faults)
    inside = _decode(raw_password, "the password", faults) if colon else None
    if apart is not None and _CONTROL.search(apart):
        faults.append("the password holds a control character")
    if inside is not None and apart is not None and inside != apart:
        faults.append(
            "the password is given twice, in the URL and apart from it: take it out of the URL"
        )
    if not user:
        if inside is not None:
            faults.append("there is a password but no user name")
        return "", None
    login = apart if inside is None else inside
    if not login:
        faults.append("there is a user name but no password: set NEWSLETTER_TRANSPORT_PASSWORD")
    return user, login


def _decode(raw: str, what: str, faults: list[str]) -> str:
    """Percent-decoded; a fault never shows the value, it may be the password."""
    if _BROKEN_PERCENT.search(raw):
        faults.append(f"{what} holds a bare % sign: write %25")
        return ""
    try:
        text = unquote_to_bytes(raw).decode()
    except UnicodeDecodeError:
        faults.append(f"{what} is not UTF-8 once percent-decoded")
        return ""
    if _CONTROL.search(text):
        faults.append(f"{what} holds a control character")
        return ""
    return text


def _place(
    scheme: str,
    before: str,
    options: Options,
    extra: Mapping[str, str],
    password: str | None,
    faults: list[str],
) -> TransportURL:
    """A URL without a relay in it, or one of a scheme that another package understands."""
    if scheme in ("directory", "maildir"):
        return TransportURL(scheme=scheme, path=_folder(scheme, before, faults), options=options)
    if scheme in ("console", "recording"):
        if before:
            faults.append(f"nothing may follow “{scheme}:”, not {before!r}")
        return TransportURL(scheme=scheme, options=options)
    return _foreign(scheme, before, options, extra, password, faults)


def _folder(scheme: str, before: str, faults: list[str]) -> str:
    if before.startswith("//") and not before.startswith("///"):
        faults.append(f"a folder follows “{scheme}:” without slashes: {scheme}:{before[2:]}")
    path = _decode(before.removeprefix("//"), "the folder", faults)
    if not path:
        faults.append(f"the folder is missing: write it like {scheme}:outbox/")
    return path


def _foreign(
    scheme: str,
    before: str,
    options: Options,
    extra: Mapping[str, str],
    password: str | None,
    faults: list[str],
) -> TransportURL:
    """As it is for others: `scheme://user:password@host:port/path` or `scheme:path`."""
    if not before.startswith("//"):
        return TransportURL(
            scheme=scheme, path=_decode(before, "the path", faults), options=options, extra=extra
        )
    authority, slash, path = before[2:].partition("/")
    userinfo, _, host_and_port = authority.rpartition("@")
    found = _HOST_AND_PORT.fullmatch(host_and_port)
    if found is None:
        faults.append(f"host {host_and_port!r}: not a host name")
    raw_user, colon, raw_password = userinfo.partition(":")
    return TransportURL(
        scheme=scheme,
        user=_decode(raw_user, "the user name", faults),
        password=_decode(raw_password, "the password", faults) if colon else password,
        host=_host(found["host"], faults) if found else "",
        port=_port(found["port"], faults) if found else None,
        path=slash + _decode(path, "the path", faults),
        options=options,
        extra=extra,
    )
