"""The door of the transports room: what carries messages, found by transport URL.

A transport's own module is loaded when its scheme is opened, so that aiosmtplib is only where
there is a relay.
"""

from newsletter.transports.admission import admit
from newsletter.transports.allotted import Allotment, allotment_of
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
from newsletter.transports.carriers import Carrier, carriers, relay_for, routes
from newsletter.transports.failover import FailoverTransport
from newsletter.transports.named import NamedByURL
from newsletter.transports.pace import cautions, members, paced, relays_left
from newsletter.transports.place import Encrypted, Encryption, Place, Placed
from newsletter.transports.presets import Preset, presets
from newsletter.transports.recording import Recorded, RecordingTransport
from newsletter.transports.registry import (
    ENTRY_POINT_GROUP,
    folders_of,
    known_schemes,
    open_transport,
)
from newsletter.transports.roundrobin import RoundRobinTransport
from newsletter.transports.routed import RoutedTransport, routed
from newsletter.transports.schemes import SCHEMES, Form, Scheme, TransportFactory
from newsletter.transports.tokens import TokenSource
from newsletter.transports.url import Tls, TransportURL
from newsletter.transports.url_syntax import parse_transport_url
from newsletter.transports.watched import Watcher, watched
from newsletter.transports.wrapped import WrappedTransport

__all__ = [
    "ENTRY_POINT_GROUP",
    "SCHEMES",
    "Allotment",
    "BeforeContent",
    "Carrier",
    "Encrypted",
    "Encryption",
    "Envelope",
    "FailoverTransport",
    "Form",
    "NamedByURL",
    "Place",
    "Placed",
    "Preset",
    "Recorded",
    "RecordingTransport",
    "Reply",
    "RoundRobinTransport",
    "RoutedTransport",
    "Scheme",
    "Session",
    "Stage",
    "Surroundings",
    "Tls",
    "TokenSource",
    "Transport",
    "TransportFactory",
    "TransportURL",
    "Verdict",
    "Watcher",
    "WrappedTransport",
    "admit",
    "allotment_of",
    "carriers",
    "cautions",
    "folders_of",
    "known_schemes",
    "members",
    "open_transport",
    "paced",
    "parse_transport_url",
    "presets",
    "relay_for",
    "relays_left",
    "routed",
    "routes",
    "watched",
]
