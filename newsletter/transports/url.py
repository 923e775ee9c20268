"""Transport URLs: how a transport is named, for us and, with its secrets masked, for people.

How one is read is left to `url_syntax`, what it opens to `schemes`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from ipaddress import ip_address
from urllib.parse import quote

from newsletter.transports.options import INSECURE, Options

_CLEAR = re.compile(
    r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*:(?://)?)(?P<login>[^/?#@]*@)?"
    r"(?P<place>[A-Za-z0-9_.\[\]/ -]*(?::[0-9]{1,5})?/?)(?=[?#]|$)"
)


class Tls(StrEnum):
    """How the connection to a relay is encrypted; `implicit` is what `smtps://` means.

    Whether its certificate is verified is another matter, see `TransportURL.is_insecure`.
    """

    REQUIRED = "required"
    OPPORTUNISTIC = "opportunistic"
    NONE = "none"
    IMPLICIT = "implicit"


@dataclass(frozen=True, kw_only=True, slots=True, repr=False)
class TransportURL:
    """A parsed transport URL. Its text, in `str`, `repr` and `masked`, never holds the password.

    `path` is that of a folder or file, for the schemes that write to one, or of a socket, where
    `host` is empty. `port` is None where none is spoken of. `extra` holds options that are not
    ours, for the transport of another package to check.
    """

    scheme: str
    user: str = ""
    password: str | None = field(default=None, repr=False)
    host: str = ""
    port: int | None = None
    path: str = ""
    is_socket: bool = False
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
    def is_loopback(self) -> bool:
        """True where nothing on the way could listen: the relay is on this machine."""
        if self.is_socket:
            return True
        try:
            return ip_address(self.host).is_loopback
        except ValueError:
            return self.host.lower() == "localhost"

    @property
    def logs_in(self) -> bool:
        """Whether anybody does: by a password, or by a token."""
        return self.password is not None or self.options.wants_token

    @property
    def is_insecure(self) -> bool:
        """True where the relay's certificate is not verified, so that anybody may be the relay."""
        return self.options.tls == INSECURE

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
