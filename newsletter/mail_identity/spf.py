"""Whether an address may send for a domain, as receivers work it out (RFC 7208, 4 and 5).

A record is a stranger's: what it refers to is followed only so far. Beyond what receivers allow,
the walk goes on a little, to say by how much there are too many.
"""

import ipaddress
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from enum import StrEnum

from newsletter.lookup import Answer, RecordType, Resolver, reverse_name
from newsletter.mail_identity.spf_macros import Address, expand, macro_values, needs_name
from newsletter.mail_identity.spf_record import (
    Mechanism,
    SpfRecord,
    Term,
    is_spf,
    parse_spf,
)

MAX_LOOKUPS, MAX_VOID, MAX_NAMES = 10, 2, 10
"""RFC 7208, 4.6.4: terms that ask the DNS, answers without a record, names of one MX or PTR."""

WALKED = 30
"""Lookups of a record that asks too much that are still counted."""

_MAX_LABEL = 63


class SpfResult(StrEnum):
    """What a receiver makes of it (RFC 7208, 2.6)."""

    NONE = "none"
    NEUTRAL = "neutral"
    PASS = "pass"  # noqa: S105 - a word of the standard
    FAIL = "fail"
    SOFTFAIL = "softfail"
    TEMPERROR = "temperror"
    PERMERROR = "permerror"


_RESULTS = {
    "+": SpfResult.PASS,
    "-": SpfResult.FAIL,
    "~": SpfResult.SOFTFAIL,
    "?": SpfResult.NEUTRAL,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class SpfVerdict:
    """`lookups` and `voids` are what it took; `why` is what is wrong, or which term matched."""

    result: SpfResult
    lookups: int
    voids: int
    why: str = ""


async def check_host(
    resolver: Resolver, address: str, domain: str, *, local_part: str = "postmaster"
) -> SpfVerdict:
    """What a receiver says to mail of `local_part@domain` that comes from an IP address."""
    walk = _Walk(resolver, local_part, domain, address=ipaddress.ip_address(address))
    return await walk.verdict(MAX_LOOKUPS)


async def walk_whole(resolver: Resolver, domain: str) -> SpfVerdict:
    """What becomes of an address that no term but `all` knows: the most that a record can ask.

    Everybody's address is such a one, so `pass` here says that anybody may send for the domain.
    """
    walk = _Walk(resolver, "postmaster", domain, address=None)
    return await walk.verdict(WALKED)


@dataclass(frozen=True, slots=True)
class _End:
    """A result, and where it was come to; one that is an error ends every walk round it, too."""

    result: SpfResult
    why: str

    @property
    def is_error(self) -> bool:
        return self.result in (SpfResult.TEMPERROR, SpfResult.PERMERROR)


@dataclass(kw_only=True)
class _Count:
    lookups: int = 0
    voids: int = 0
    most: int = MAX_LOOKUPS
    most_voids: int = MAX_VOID


@dataclass
class _Walk:
    """One question about one address; None stands for one that no term knows."""

    resolver: Resolver
    local_part: str
    sender_domain: str
    address: Address | None = field(kw_only=True)
    count: _Count = field(default_factory=_Count)

    async def verdict(self, most: int) -> SpfVerdict:
        self.count.most = most
        self.count.most_voids = MAX_VOID if most == MAX_LOOKUPS else WALKED
        if isinstance(self.address, ipaddress.IPv6Address) and self.address.ipv4_mapped:
            self.address = self.address.ipv4_mapped
        end = await self.of(self.sender_domain)
        return SpfVerdict(
            result=end.result, lookups=self.count.lookups, voids=self.count.voids, why=end.why
        )

    async def of(self, domain: str) -> _End:
        """The result of one domain's record, and the term that made it."""
        if not _is_domain(domain):
            return _End(SpfResult.NONE, f"{domain} is no domain")
        record = await self._record(domain)
        if isinstance(record, _End):
            return record
        for term in record.terms:
            matches = await self._matches(term, domain)
            if isinstance(matches, _End):
                return matches
            if matches:
                return _End(_RESULTS[term.qualifier], f"“{term.text}” of {domain}")
        if record.redirect:
            return await self._redirected(record.redirect, domain)
        return _End(SpfResult.NEUTRAL, f"{domain} has no “all”")

    async def _redirected(self, target: str, domain: str) -> _End:
        if one_too_many := self._look_up(f"redirect={target}"):
            return one_too_many
        found = await self.of(await self._expanded(target, domain))
        if found.result is SpfResult.NONE:
            return _End(SpfResult.PERMERROR, f"redirect={target}: {found.why}")
        return found

    async def _record(self, domain: str) -> SpfRecord | _End:
        answer = await self.resolver.ask(domain, RecordType.TXT)
        if answer.is_unknown:
            return _End(SpfResult.TEMPERROR, f"{domain} TXT: {answer.why}")
        found = [each for each in answer.values if is_spf(each)]
        if not found:
            return _End(SpfResult.NONE, f"{domain} has no SPF record")
        if len(found) > 1:
            return _End(SpfResult.PERMERROR, f"{domain} has {len(found)} SPF records")
        record = parse_spf(found[0])
        if record.faults:
            return _End(SpfResult.PERMERROR, f"{domain}: {record.faults[0]}")
        return record

    async def _matches(self, term: Term, domain: str) -> bool | _End:
        match term.mechanism:
            case Mechanism.ALL:
                return True
            case Mechanism.IP4 | Mechanism.IP6:
                return self.address is not None and self.address in (term.network or ())
        if one_too_many := self._look_up(term.text):
            return one_too_many
        target = await self._expanded(term.domain, domain) if term.domain else domain
        match term.mechanism:
            case Mechanism.INCLUDE:
                return await self._includes(term, target)
            case Mechanism.A:
                return await self._is_at(target, term, is_void_counted=self._is_meant(term))
            case Mechanism.MX:
                return await self._is_mx(target, term)
            case Mechanism.EXISTS:
                return await self._exists(target, is_void_counted=self._is_meant(term))
            case _:
                return await self._has_name_in(target)

    def _is_meant(self, term: Term) -> bool:
        """A name that is made of an address: where that is none, nothing is there by rights."""
        return self.address is not None or "%{" not in term.domain

    async def _exists(self, target: str, *, is_void_counted: bool) -> bool | _End:
        found = await self._asked(target, RecordType.A, is_void_counted=is_void_counted)
        return found if isinstance(found, _End) else bool(found.values and self.address)

    async def _includes(self, term: Term, target: str) -> bool | _End:
        """RFC 7208, 5.2: only a pass counts, and a domain without a record is a fault."""
        found = await self.of(target)
        if found.result is SpfResult.NONE:
            return _End(SpfResult.PERMERROR, f"“{term.text}”: {found.why}")
        return found if found.is_error else found.result is SpfResult.PASS

    async def _is_mx(self, target: str, term: Term) -> bool | _End:
        answer = await self._asked(target, RecordType.MX)
        if isinstance(answer, _End):
            return answer
        if len(answer.values) > MAX_NAMES:
            return _End(SpfResult.PERMERROR, f"“{term.text}” has over {MAX_NAMES} MX names")
        for value in sorted(answer.values, key=lambda value: int(value.split()[0])):
            matches = await self._is_at(value.split()[1], term, is_void_counted=False)
            if matches:
                return matches
        return False

    async def _is_at(self, name: str, term: Term, *, is_void_counted: bool = True) -> bool | _End:
        answer = await self._asked(name, self._kind, is_void_counted=is_void_counted)
        if isinstance(answer, _End):
            return answer
        bits = term.ip6_bits if self._kind is RecordType.AAAA else term.ip4_bits
        networks = (
            ipaddress.ip_network(f"{value}/{bits}", strict=False) for value in answer.values
        )
        return self.address is not None and any(self.address in each for each in networks)

    async def _has_name_in(self, target: str) -> bool:
        ending = f".{target.lower().rstrip('.')}"
        return any([f".{name}".endswith(ending) async for name in self._proven_names()])

    async def _proven_names(self) -> AsyncIterator[str]:
        """The names of the address that lead back to it (RFC 7208, 5.5); silence is none."""
        if self.address is None:
            return
        answer = await self.resolver.ask(reverse_name(str(self.address)), RecordType.PTR)
        for name in answer.values[:MAX_NAMES]:
            back = await self.resolver.ask(name, self._kind)
            if any(ipaddress.ip_address(each) == self.address for each in back.values):
                yield name

    @property
    def _kind(self) -> RecordType:
        return RecordType.AAAA if isinstance(self.address, ipaddress.IPv6Address) else RecordType.A

    async def _asked(
        self, name: str, kind: RecordType, *, is_void_counted: bool = True
    ) -> Answer | _End:
        answer = await self.resolver.ask(name, kind)
        if answer.is_unknown:
            return _End(SpfResult.TEMPERROR, f"{name} {kind}: {answer.why}")
        if answer.is_missing and is_void_counted:
            self.count.voids += 1
            if self.count.voids > self.count.most_voids:
                why = f"over {MAX_VOID} lookups find nothing, the last of them {name}"
                return _End(SpfResult.PERMERROR, why)
        return answer

    def _look_up(self, text: str) -> _End | None:
        """Every term but `all` and addresses is counted, and so is a redirect (4.6.4)."""
        self.count.lookups += 1
        if self.count.lookups <= self.count.most:
            return None
        why = f"it takes over {self.count.most} lookups: “{text}” is one too many"
        return _End(SpfResult.PERMERROR, why)

    async def _expanded(self, text: str, domain: str) -> str:
        address = self.address or ipaddress.IPv4Address(0)
        values = macro_values(address, self.local_part, self.sender_domain, domain)
        if needs_name(text):
            names = [name async for name in self._proven_names()]
            below = [each for each in names if f".{each}".endswith(f".{domain}")]
            values["p"] = next(iter([*below, *names]), "unknown")
        return expand(text, values)


def _is_domain(name: str) -> bool:
    """Whether it can be asked at all: more than one label, none empty or too long (4.3)."""
    labels = name.removesuffix(".").split(".")
    return len(labels) > 1 and all(0 < len(each) <= _MAX_LABEL for each in labels)
