"""Reading a transport URL by its scheme's row: every value checked, the password kept apart.

`smtp://user@relay:587?tls=required`, a socket's `smtp:///path`, a preset's `sendgrid:`,
`maildir:path`, `console:`. Which form a scheme has is said in `schemes`, what a preset stands for
in `presets`. RFC 3986 gives the shape, RFC 8314 the defaults.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
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
from newsletter.transports.options import INSECURE, Options, read_options
from newsletter.transports.presets import Preset, find_preset
from newsletter.transports.schemes import OTHERS, SCHEMES, Form, Scheme
from newsletter.transports.url import Tls, TransportURL, mask

_SHAPE = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*):(?P<rest>.*)", re.DOTALL)
_LOGIN = re.compile(r"(?://)?[^/@:]*:[^@]*@")
_DEFAULTS: Mapping[Form, Mapping[str, str]] = {Form.RELAY: {"connections": "4"}}
"""As a query has them."""


def parse_transport_url(
    text: str, *, password: str | None = None, scheme: Scheme = OTHERS
) -> TransportURL:
    """Parse a transport URL; `password` is the one that was given apart from it, if any.

    `scheme` is the row to read it by where the scheme is none of ours, and no preset.
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
    name = shape["scheme"].lower()
    before, _, query = shape["rest"].partition("?")
    if "@" in query and "@" not in before:
        raise TransportURLError(ASTRAY, where=mask(text.strip()))
    preset = None if name in SCHEMES else find_preset(name)
    if preset is not None:
        url = _of_preset(preset, before, query, password, faults)
    else:
        row = SCHEMES.get(name, scheme)
        options, extra = read_options(
            query, faults, scheme=name, allowed=row.options, defaults=_DEFAULTS.get(row.form, {})
        )
        url = TransportURL(scheme=name, options=options, extra=extra)
        url = _placed(url, row, before, password, faults)
    if faults:
        # What follows such a colon may be a key that was put in the wrong place.
        takes_nothing = name in SCHEMES and SCHEMES[name].form is Form.NOTHING
        where = f"{name}:…" if preset is not None or takes_nothing else mask(text.strip())
        raise TransportURLError("; ".join(faults), where=where)
    return url


def _placed(
    url: TransportURL, row: Scheme, before: str, password: str | None, faults: list[str]
) -> TransportURL:
    """The URL with what stands before its question mark."""
    match row.form:
        case Form.RELAY:
            return _at_relay(url, row, before, password, faults)
        case Form.FOLDER | Form.FILE:
            return replace(url, path=_path(url.scheme, row.form, before, faults))
        case Form.FREE:
            return _free(url, before, password, faults)
        case Form.NOTHING:
            if before:  # not repeated: there may be a password in it
                faults.append(f"nothing may follow “{url.scheme}:” but options, after a ?")
            return url


def _at_relay(
    url: TransportURL, row: Scheme, before: str, password: str | None, faults: list[str]
) -> TransportURL:
    authority = read_authority(before, faults)
    token = url.options.wants_token
    user, own_password = read_login(authority.userinfo, password, faults, by_token=token)
    url = replace(
        url,
        user=user,
        password=own_password,
        host=authority.host,
        port=_port(url.scheme, row, authority, faults),
        path=authority.socket,
        is_socket=bool(authority.socket),
    )
    tls = _tls(url, row, faults)
    if tls is Tls.NONE and url.logs_in and not url.is_loopback:
        faults.append(
            "tls=none would send the password in the clear: that is allowed only to localhost; "
            "take it out, or write smtps://"
        )
    faults += _certificate_faults(url.options, tls)
    return replace(url, tls=tls)


def _certificate_faults(options: Options, tls: Tls) -> list[str]:
    if options.key and not options.cert:
        return ["key= is the key of a certificate: name that with cert="]
    if options.cert and tls is Tls.NONE:
        return ["a certificate is shown in TLS alone, and there is none here: take out cert="]
    return []


def _port(scheme: str, row: Scheme, authority: Authority, faults: list[str]) -> int | None:
    if authority.socket or authority.port is not None:
        return authority.port
    if row.port is None and authority.host:
        faults.append(
            f"the port is missing: {scheme.upper()} has none of its own, write {scheme}://host:port"
        )
    return row.port


def _tls(url: TransportURL, row: Scheme, faults: list[str]) -> Tls:
    """What is asked for, else what is safe: no TLS only where nobody on the way can listen.

    An SMTP relay on a port of this machine may be a tunnel's near end, so there it has to be said.
    """
    said = url.options.tls
    if url.is_socket:
        if row.tls is Tls.IMPLICIT or said not in ("", "none"):
            faults.append("a socket has no TLS: write smtp:///path, without tls=")
        return Tls.NONE
    if row.tls is Tls.IMPLICIT and said not in ("", INSECURE):
        faults.append(f"{url.scheme}:// has TLS from the first byte: take out tls={said}")
    if said == INSECURE or row.tls is Tls.IMPLICIT:
        return Tls.IMPLICIT if row.tls is Tls.IMPLICIT else Tls.REQUIRED
    return Tls(said or (url.is_loopback and row.local_tls) or row.tls)


def _path(scheme: str, form: Form, before: str, faults: list[str]) -> str:
    """Of a folder or a file, as it has to stand."""
    if _LOGIN.match(before):
        faults.append(f"a {form} has no user name and no password: write {scheme}:outbox")
        return ""
    if before.startswith("//") and not before.startswith("///"):
        shown = "outbox" if "@" in before else before[2:]
        faults.append(f"a {form} follows “{scheme}:” without slashes: {scheme}:{shown}")
    path = decode(before.removeprefix("//"), f"the {form}", faults)
    if not path:
        example = "outbox/" if form is Form.FOLDER else "outbox"
        faults.append(f"the {form} is missing: write it like {scheme}:{example}")
    return path


def _free(url: TransportURL, before: str, password: str | None, faults: list[str]) -> TransportURL:
    """As it is for others: `scheme://user:password@host:port/path` or `scheme:path`."""
    if not before.startswith("//"):
        return replace(url, path=decode(before, "the path", faults))
    authority, slash, path = before[2:].partition("/")
    userinfo, _, host_and_port = authority.rpartition("@")
    host, port = read_host_and_port(host_and_port, faults)
    raw_user, colon, raw_password = userinfo.partition(":")
    return replace(
        url,
        user=decode(raw_user, "the user name", faults),
        password=decode(raw_password, "the password", faults) if colon else password,
        host=host,
        port=port,
        path=slash + decode(path, "the path", faults),
    )


def _of_preset(
    preset: Preset, before: str, query: str, password: str | None, faults: list[str]
) -> TransportURL:
    """`preset:user@region`, each of them only where the provider has it; `//` may come first."""
    options, _ = read_options(
        query,
        faults,
        scheme="smtps",  # a provider's TLS is not to be chosen
        allowed=tuple(each for each in SCHEMES["smtps"].options or () if each != "tls"),
        defaults={**_DEFAULTS[Form.RELAY], **preset.options},
    )
    userinfo, region = _user_and_region(preset, before.removeprefix("//").removesuffix("/"))
    if preset.needs_region and not region:
        faults.append(f"the region is missing: write {preset.name}://user@eu-west-1")
    if preset.user and userinfo.partition(":")[0] not in ("", preset.user):
        faults.append(
            f"the user name is always “{preset.user}”: "
            "leave it out; a key belongs in NEWSLETTER_TRANSPORT_PASSWORD"
        )
    elif preset.needs_login and not (userinfo or preset.user):
        faults.append(f"the user name is missing: write {preset.login}")
    if preset.user and not userinfo:
        userinfo = quote(preset.user)
    token = options.wants_token
    login, own_password = read_login(userinfo, password, faults, by_token=token)
    return TransportURL(
        scheme=preset.scheme,
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
