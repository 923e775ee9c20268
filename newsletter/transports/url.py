"""Transport URLs: how a transport is named, with every value checked and the password kept apart.

Knows the forms `smtp://user@relay:587?tls=required`, `smtps://`, `lmtp://host:port`, a socket's
`smtp:///path` and `lmtp:///path`, a preset's `sendgrid:`, `maildir:path`, `directory:path`,
`console:` and what another package's scheme looks like. What a scheme opens is the registry's
affair. RFC 3986 gives the shape, RFC 8314 the defaults.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from ipaddress import ip_address
from urllib.parse import quote

from newsletter.errors import TransportURLError
from newsletter.transports.authority import (
    ASTRAY,
    CONTROL,
    Authority,
    decode,
    read_authority,
    read_host_and_port,
    read_login,
)
from newsletter.transports.options import ALLOWED, Options, read_options
from newsletter.transports.presets import Preset, find_preset

SUBMISSION_PORT = 587
SUBMISSIONS_PORT = 465
"""RFC 8314, 3.3 and 7.3: STARTTLS on the one, TLS from the first byte on the other."""

RELAYS = ("smtp", "smtps", "lmtp")
_SHAPE = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*):(?P<rest>.*)", re.DOTALL)
_CLEAR = re.compile(
    r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*:(?://)?)(?P<login>[^/?#@]*@)?"
    r"(?P<place>[A-Za-z0-9_.\[\]/ -]*(?::[0-9]{1,5})?/?)(?=[?#]|$)"
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

    `path` is that of a folder, for the schemes that write to one, or of a socket, where `host` is
    empty. `port` is None where none is spoken of. `extra` holds the options of a scheme that is
    another package's, for it to check.
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
        """`host:port` as a person reads it, an IPv6 address in brackets; or a socket's path."""
        if self.is_socket:
            return self.path
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}" if self.port is not None else host

    @property
    def is_socket(self) -> bool:
        return self.scheme in RELAYS and not self.host and bool(self.path)

    @property
    def is_loopback(self) -> bool:
        """True where nothing on the way could listen: the relay is on this machine."""
        if self.is_socket:
            return True
        try:
            return ip_address(self.host).is_loopback
        except ValueError:
            return self.host.lower() == "localhost"

    @property
    def masked(self) -> str:
        """The URL for people and the journal; what might be secret reads `***`."""
        user = quote(self.user, safe="") + (":***" if self.password is not None else "")
        place = "" if self.is_socket else self.address
        has_authority = bool(self.host or self.is_socket)
        authority = f"//{user}{'@' if user else ''}{place}" if has_authority else ""
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
    if shape is None or CONTROL.search(text):
        raise TransportURLError(
            "not a transport URL: it has no scheme, or holds a control character",
            where=mask(text.strip()),
            next_step="write it like smtp://user@relay.example:587 or directory:outbox/",
        )
    faults: list[str] = []
    scheme = shape["scheme"].lower()
    before, _, query = shape["rest"].partition("?")
    if "@" in query and "@" not in before:
        raise TransportURLError(ASTRAY, where=mask(text.strip()))
    preset = None if scheme in ALLOWED else find_preset(scheme)
    if preset is not None:
        url = _of_preset(preset, before, query, password, faults)
    else:
        options, extra = read_options(scheme, query, faults)
        if scheme in RELAYS:
            url = _relay(scheme, before, options, password, faults)
        else:
            url = _place(scheme, before, options, extra, password, faults)
    if faults:
        # What follows a preset's colon may be a key that was put in the wrong place.
        where = f"{scheme}:…" if preset is not None else mask(text.strip())
        raise TransportURLError("; ".join(faults), where=where)
    return url


def _relay(
    scheme: str, before: str, options: Options, password: str | None, faults: list[str]
) -> TransportURL:
    authority = read_authority(before, faults)
    user, own_password = read_login(authority.userinfo, password, faults)
    url = TransportURL(
        scheme=scheme,
        user=user,
        password=own_password,
        host=authority.host,
        port=_port(scheme, authority, faults),
        path=authority.socket,
        options=options,
    )
    tls = _tls(url, faults)
    if tls is Tls.NONE and url.password is not None and not url.is_loopback:
        faults.append(
            "tls=none would send the password in the clear: allowed only to this machine itself; "
            "take it out, or write smtps://"
        )
    return replace(url, tls=tls)


def _port(scheme: str, authority: Authority, faults: list[str]) -> int | None:
    if authority.socket or authority.port is not None:
        return authority.port
    if scheme == "lmtp":
        if authority.host:
            faults.append("the port is missing: LMTP has none of its own, write lmtp://host:port")
        return None
    return SUBMISSIONS_PORT if scheme == "smtps" else SUBMISSION_PORT


def _tls(url: TransportURL, faults: list[str]) -> Tls:
    """What is asked for, else what is safe: no TLS only where nobody on the way can listen.

    An SMTP relay on a port of this machine may be a tunnel's near end, so there it has to be said.
    """
    said = url.options.tls
    if url.is_socket:
        if url.scheme == "smtps" or said not in ("", "none"):
            faults.append("a socket has no TLS: write smtp:///path, without tls=")
        return Tls.NONE
    if url.scheme == "smtps":
        return Tls.IMPLICIT
    is_local = url.scheme == "lmtp" and url.is_loopback
    return Tls(said or ("none" if is_local else "required"))


def _of_preset(
    preset: Preset, before: str, query: str, password: str | None, faults: list[str]
) -> TransportURL:
    """`preset:user@region`, each of them only where the provider has it; `//` may come first."""
    scheme = "smtps" if preset.tls == "implicit" else "smtp"
    options, _ = read_options("smtps", query, faults, defaults=preset.options)
    userinfo, region = _user_and_region(preset, before.removeprefix("//").removesuffix("/"))
    if preset.needs_region and not region:
        faults.append(f"the region is missing: write {preset.name}://user@eu-west-1")
    if preset.user and userinfo.partition(":")[0] not in ("", preset.user):
        faults.append(
            f"the user name is always “{preset.user}”: "
            "take out what stands there; a key belongs in NEWSLETTER_TRANSPORT_PASSWORD"
        )
    elif preset.needs_login and not (userinfo or preset.user):
        faults.append(f"the user name is missing: write {preset.login}")
    if preset.user and not userinfo:
        userinfo = quote(preset.user)
    login, own_password = read_login(userinfo, password, faults)
    return TransportURL(
        scheme=scheme,
        user=login,
        password=own_password,
        host=preset.host_of(region),
        port=preset.port,
        tls=Tls(preset.tls),
        options=options,
    )


def _user_and_region(preset: Preset, text: str) -> tuple[str, str]:
    """The user may hold an @ itself; a region is what is last and has a region's name."""
    userinfo, _, last = text.rpartition("@")
    if not last or preset.has_region(last):
        return userinfo, last
    return text, ""


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
    path = decode(before.removeprefix("//"), "the folder", faults)
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
            scheme=scheme, path=decode(before, "the path", faults), options=options, extra=extra
        )
    authority, slash, path = before[2:].partition("/")
    userinfo, _, host_and_port = authority.rpartition("@")
    host, port = read_host_and_port(host_and_port, faults)
    raw_user, colon, raw_password = userinfo.partition(":")
    return TransportURL(
        scheme=scheme,
        user=decode(raw_user, "the user name", faults),
        password=decode(raw_password, "the password", faults) if colon else password,
        host=host,
        port=port,
        path=slash + decode(path, "the path", faults),
        options=options,
        extra=extra,
    )
