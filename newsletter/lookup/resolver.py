"""The DNS asked by dnspython: by UDP, by TCP where an answer was cut, at bounded cost.

The one module that knows dnspython. Each question is asked once; how many there may be, and how
long all of them may take, is bounded, for what a stranger's record refers to decides what is asked
next. RFC 1035, 7766 (TCP), 6891 (EDNS).
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

import dns.asyncresolver
import dns.exception
import dns.flags
import dns.name
import dns.nameserver
import dns.rcode
import dns.rdata
import dns.resolver
import dns.reversename
from dns.rdtypes.ANY.MX import MX
from dns.rdtypes.ANY.PTR import PTR
from dns.rdtypes.ANY.TXT import TXT

from newsletter.errors import NewsletterError
from newsletter.lookup.answers import Answer, NameServer, Outcome, RecordType

_SYSTEM_FILE = "/etc/resolv.conf"
_UDP_OCTETS = 1232
"""What passes every way unbroken; a longer answer comes by TCP."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Bounds:
    """What one look at the DNS may cost: `questions` in all and `at_once`, seconds each and all."""

    questions: int = 250
    at_once: int = 12
    seconds_each: float = 6.0
    seconds: float = 25.0


def open_resolver(
    servers: Sequence[NameServer] = (), bounds: Bounds | None = None
) -> "DnsResolver":
    """A resolver that asks these servers, or else those of the system.

    Raises NewsletterError where the system names none.
    """
    try:
        resolver = dns.asyncresolver.Resolver(configure=not servers)
    except dns.resolver.NoResolverConfiguration as error:
        raise NewsletterError(
            "the system names no server to ask", where=_SYSTEM_FILE, next_step="name one there"
        ) from error
    if servers:
        resolver.nameservers = [
            dns.nameserver.Do53Nameserver(each.address, each.port) for each in servers
        ]
    return DnsResolver(resolver, bounds or Bounds())


def reverse_name(address: str) -> str:
    """The name under which an IP address has its PTR record (RFC 1035, 3.5; RFC 3596, 2.5).

    >>> reverse_name("192.0.2.7")
    '7.2.0.192.in-addr.arpa'
    """
    return _shown(dns.reversename.from_address(address))


class DnsResolver:
    """Asks each question once, however many want to know; times run from the first question."""

    def __init__(self, resolver: dns.asyncresolver.Resolver, bounds: Bounds) -> None:
        resolver.use_edns(0, 0, _UDP_OCTETS)
        resolver.flags = dns.flags.RD | dns.flags.AD  # AD asks whether DNSSEC proves the answer
        self._resolver = resolver
        self._bounds = bounds
        self._asked: dict[tuple[str, RecordType], asyncio.Task[Answer]] = {}
        self._turns = asyncio.Semaphore(bounds.at_once)
        self._end: float | None = None

    async def ask(self, name: str, kind: RecordType) -> Answer:
        key = (name.rstrip(".").lower(), kind)
        if key not in self._asked:
            if len(self._asked) >= self._bounds.questions:
                why = f"{self._bounds.questions} questions to the DNS are enough"
                return Answer(name=key[0], kind=kind, outcome=Outcome.SPENT, why=why)
            self._asked[key] = asyncio.create_task(self._answer(*key))
        return await asyncio.shield(self._asked[key])

    async def _answer(self, name: str, kind: RecordType) -> Answer:
        async with self._turns:
            loop = asyncio.get_running_loop()
            if self._end is None:
                self._end = loop.time() + self._bounds.seconds
            left = min(self._bounds.seconds_each, self._end - loop.time())
            if left <= 0:
                why = f"{self._bounds.seconds:g} seconds of the DNS are enough"
                return Answer(name=name, kind=kind, outcome=Outcome.SPENT, why=why)
            outcome, values, why, is_authentic = await self._resolved(name, kind, left)
        return Answer(
            name=name,
            kind=kind,
            outcome=outcome,
            values=values,
            why=why,
            is_authentic=is_authentic,
        )

    async def _resolved(
        self, name: str, kind: RecordType, seconds: float
    ) -> tuple[Outcome, tuple[str, ...], str, bool]:
        try:
            asked = dns.name.from_text(name.replace("\\", "\\\\"))
        except (dns.exception.DNSException, UnicodeError):
            return Outcome.NO_NAME, (), "it is not a name that the DNS can have", False
        try:
            found = await self._resolver.resolve(
                asked, kind.value, search=False, lifetime=seconds, raise_on_no_answer=False
            )
        except (dns.exception.DNSException, OSError, EOFError) as error:
            return *_trouble(error, seconds), False
        if found.rrset is None:
            return Outcome.NO_RECORD, (), "", False
        is_authentic = bool(found.response.flags & dns.flags.AD)
        values = tuple(sorted(map(_value, found.rrset)))  # the DNS has no order
        return Outcome.FOUND, values, "", is_authentic


def _trouble(error: Exception, seconds: float) -> tuple[Outcome, tuple[str, ...], str]:
    match error:
        case dns.resolver.NXDOMAIN():
            return Outcome.NO_NAME, (), ""
        case dns.resolver.LifetimeTimeout():
            return Outcome.NO_TIME, (), f"no answer within {seconds:.2g} seconds"
        case dns.resolver.NoNameservers():
            return Outcome.FAILED, (), _refusal(error)
        case OSError():
            return Outcome.FAILED, (), f"no way to the server: {error.strerror or error}"
        case _:
            return Outcome.UNREADABLE, (), "the answer makes no sense"


def _refusal(error: dns.resolver.NoNameservers) -> str:
    """The code of a server that had none of it: SERVFAIL, REFUSED."""
    for *_, response in error.kwargs.get("errors", ()):
        if response is not None and response.rcode() is not dns.rcode.NOERROR:
            return f"the server could not find out ({dns.rcode.to_text(response.rcode())})"
    return "no server gave an answer that makes sense"


def _value(record: dns.rdata.Rdata) -> str:
    match record:
        case TXT():
            return b"".join(record.strings).decode("latin-1")
        case PTR():
            return _shown(record.target)
        case MX():
            return f"{record.preference} {_shown(record.exchange) or '.'}"
        case _:
            return str(record.to_text())


def _shown(name: dns.name.Name) -> str:
    """Without the dot of the root: "" is the root itself."""
    return str(name.to_text(omit_final_dot=True)).rstrip(".").lower()
