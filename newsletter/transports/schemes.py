"""The schemes of a transport URL, one row each: its form, its options, what opens it.

A row is all that the other modules know of a scheme. How a URL is read by its row is left to
`url_syntax`; which schemes there are besides ours, to `registry`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pkgutil import resolve_name

from newsletter.transports.base import Surroundings, Transport
from newsletter.transports.options import ALLOTMENT, STAGES
from newsletter.transports.url import Tls, TransportURL

SUBMISSION_PORT = 587
SUBMISSIONS_PORT = 465
"""RFC 8314, 3.3 and 7.3: STARTTLS on the one, TLS from the first byte on the other."""

TransportFactory = Callable[[TransportURL, Surroundings], Transport]
"""A class or a function that makes a transport, and touches nothing yet.

May raise TransportURLError for what the URL says.
"""


class Form(StrEnum):
    """What follows a scheme's colon; whatever else stands there is refused."""

    RELAY = "relay"
    """`//user:password@host:port`, or `///path/of/a/socket`."""

    FOLDER = "folder"
    FILE = "file"
    """A path, which has to be there: `outbox/`."""

    NOTHING = "nothing"

    FREE = "free"
    """`//user:password@host:port/path` or `path`, any part of it; the factory checks them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Scheme:
    """One row of the table.

    `factory` may be written `module:name`, and is loaded when its scheme is opened. `options` are
    those a URL may have, None for any; one that `options` does not know is left to the factory,
    in `TransportURL.extra`. `port` and `tls` are a relay's unless its URL says others; a port of
    None has to be written. `local_tls` is for a relay on this machine, None for no difference.
    """

    form: Form
    factory: str | TransportFactory
    options: tuple[str, ...] | None = ("connections", "rate", *ALLOTMENT)
    port: int | None = None
    tls: Tls = Tls.REQUIRED
    local_tls: Tls | None = None

    def load(self) -> TransportFactory:
        """Raises ImportError or AttributeError where there is no such factory."""
        return resolve_name(self.factory) if isinstance(self.factory, str) else self.factory


_RELAY = (
    "tls",
    "auth",
    "ca",
    "cert",
    "key",
    "connections",
    "rate",
    *ALLOTMENT,
    "timeout",
    *STAGES,
    "messages",
    "helo",
)

SCHEMES: Mapping[str, Scheme] = {
    "console": Scheme(
        form=Form.NOTHING,
        factory="newsletter.transports.console:ConsoleTransport",
        options=("rate", *ALLOTMENT),
    ),
    "directory": Scheme(
        form=Form.FOLDER, factory="newsletter.transports.directory:DirectoryTransport"
    ),
    "lmtp": Scheme(
        form=Form.RELAY,
        factory="newsletter.transports.smtp:LmtpTransport",
        options=_RELAY,
        local_tls=Tls.NONE,
    ),
    "maildir": Scheme(form=Form.FOLDER, factory="newsletter.transports.maildir:MaildirTransport"),
    "recording": Scheme(
        form=Form.NOTHING,
        factory="newsletter.transports.recording:RecordingTransport",
        options=("connections", "rate", *ALLOTMENT, "idempotency"),
    ),
    "smtp": Scheme(
        form=Form.RELAY,
        factory="newsletter.transports.smtp:SmtpTransport",
        options=(*_RELAY, "idempotency"),
        port=SUBMISSION_PORT,
    ),
    "smtps": Scheme(
        form=Form.RELAY,
        factory="newsletter.transports.smtp:SmtpTransport",
        options=(*_RELAY, "idempotency"),
        port=SUBMISSIONS_PORT,
        tls=Tls.IMPLICIT,
    ),
}
"""Ours. They, and presets, go before an entry point of the same name."""

OTHERS = Scheme(form=Form.FREE, factory="", options=None)
"""The row of another package's scheme that brings a factory and no row."""
