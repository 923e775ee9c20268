"""The door of the transports room: what carries messages, found by transport URL.

Cheap to enter: a transport's own module is loaded when its scheme is opened, so neither
aiosmtplib nor the email package is.
"""

from typing import TYPE_CHECKING

from newsletter.doors import later
from newsletter.transports.base import (
    BeforeContent,
    Envelope,
    Reply,
    Session,
    Stage,
    Surroundings,
    Transport,
    Verdict,
)
from newsletter.transports.presets import Preset, presets
from newsletter.transports.recording import Recorded, RecordingTransport
from newsletter.transports.registry import (
    BUILT_IN,
    ENTRY_POINT_GROUP,
    TransportFactory,
    known_schemes,
    open_transport,
)
from newsletter.transports.url import Tls, TransportURL, parse_transport_url

if TYPE_CHECKING:
    from newsletter.transports.failover import FailoverTransport
    from newsletter.transports.wrapped import WrappedTransport

__all__ = [
    "BUILT_IN",
    "ENTRY_POINT_GROUP",
    "BeforeContent",
    "Envelope",
    "FailoverTransport",
    "Preset",
    "Recorded",
    "RecordingTransport",
    "Reply",
    "Session",
    "Stage",
    "Surroundings",
    "Tls",
    "Transport",
    "TransportFactory",
    "TransportURL",
    "Verdict",
    "WrappedTransport",
    "known_schemes",
    "open_transport",
    "parse_transport_url",
    "presets",
]

__getattr__ = later(__name__, {"FailoverTransport": "failover", "WrappedTransport": "wrapped"})
