"""The transport `lmtp://host:port` and `lmtp:///path/of/a/socket`: straight to a mail store.

LMTP is SMTP with LHLO in place of EHLO, and one reply for each recipient after the final dot
(RFC 2033, 4.1 and 4.2). One recipient a message is our way anyhow, so one reply is all there is,
and everything but the greeting is left to `smtp`.
"""

from newsletter.transports.base import Surroundings
from newsletter.transports.smtp import SmtpTransport
from newsletter.transports.url import TransportURL


def open_lmtp(url: TransportURL, surroundings: Surroundings) -> "LmtpTransport":
    """As the registry wants it; LMTP needs nothing of its surroundings."""
    del surroundings
    return LmtpTransport(url)


class LmtpTransport(SmtpTransport):
    greeting = "LHLO"
