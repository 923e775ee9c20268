"""The door of the lookup room: what is asked of the DNS, and how an answer is told from silence.

dnspython is loaded with the resolver, when somebody opens it.
"""

from typing import TYPE_CHECKING

from newsletter.doors import later
from newsletter.lookup.answers import (
    Answer,
    NameServer,
    Outcome,
    RecordType,
    Resolver,
    parse_name_server,
)

if TYPE_CHECKING:
    from newsletter.lookup.resolver import Bounds, DnsResolver, open_resolver, reverse_name

__all__ = [
    "Answer",
    "Bounds",
    "DnsResolver",
    "NameServer",
    "Outcome",
    "RecordType",
    "Resolver",
    "open_resolver",
    "parse_name_server",
    "reverse_name",
]

__getattr__ = later(
    __name__,
    {
        "Bounds": "resolver",
        "DnsResolver": "resolver",
        "open_resolver": "resolver",
        "reverse_name": "resolver",
    },
)
