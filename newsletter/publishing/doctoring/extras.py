"""What nobody demands of a newsletter, and is good to have: told, and never a fault.

MTA-STS and TLS-RPT (RFC 8461, 8460) and DANE (RFC 7672) protect mail that comes to our domain,
replies and bounces; BIMI shows a picture beside ours.
"""

import asyncio
from collections.abc import Callable
from dataclasses import replace

from newsletter.lookup import Answer, RecordType, Resolver
from newsletter.mail_identity import (
    Policy,
    Wanted,
    bimi_fault,
    parse_sts_policy,
    sts_fault,
    tls_rpt_fault,
    walk_up,
)
from newsletter.publishing.doctoring.finding import Finding, Found, Level, shown, sound, unknown
from newsletter.publishing.doctoring.mailboxes import sorted_hosts
from newsletter.publishing.outside import Outside

_SMTP_PORT = 25


async def look_at_extras(resolver: Resolver, domain: str, outside: Outside) -> list[Finding]:
    """One finding for each of them; `domain` is that of From."""
    looks = (
        _mta_sts(resolver, domain, outside),
        _tls_rpt(resolver, domain),
        _bimi(resolver, domain),
        _dane(resolver, domain),
    )
    return list(await asyncio.gather(*looks))


async def _mta_sts(resolver: Resolver, domain: str, outside: Outside) -> Finding:
    name = f"_mta-sts.{domain}"
    answer = await resolver.ask(name, RecordType.TXT)
    wanted = Wanted(name=name, kind="TXT", value="v=STSv1; id=1", is_example=True)
    if (told := _by_record("mta-sts", answer, sts_fault, wanted)) is not None:
        return told
    host = f"mta-sts.{domain}"
    kinds = (RecordType.A, RecordType.AAAA)
    answers = await asyncio.gather(*(resolver.ask(host, kind) for kind in kinds))
    addresses = [value for each in answers for value in each.values]
    if not addresses:
        what = f"{name} is there, and {host}, where its policy ought to be, has no address"
        return _info("mta-sts", Found.INVALID, what)
    text, fault = await asyncio.to_thread(outside.policy, host, addresses)
    if fault:
        return _info("mta-sts", Found.UNKNOWN, f"the policy at {host} was not read: {fault}")
    policy = parse_sts_policy(text)
    hosts = sorted_hosts(await resolver.ask(domain, RecordType.MX))
    left_out = [each for each in hosts if not policy.covers(each)]
    if policy.fault or left_out:
        what = policy.fault or f"it leaves out {shown(left_out[0])}, an MX of {domain}"
        return _info("mta-sts", Found.INVALID, f"the policy at {host}: {shown(what)}")
    return sound("mta-sts", f"the policy at {host} fits the MX of {domain} ({policy.mode})")


async def _tls_rpt(resolver: Resolver, domain: str) -> Finding:
    name = f"_smtp._tls.{domain}"
    answer = await resolver.ask(name, RecordType.TXT)
    value = f"v=TLSRPTv1; rua=mailto:postmaster@{domain}"
    wanted = Wanted(name=name, kind="TXT", value=value)
    told = _by_record("tls-rpt", answer, tls_rpt_fault, wanted)
    return told or sound("tls-rpt", f"{name} asks for reports on TLS")


async def _bimi(resolver: Resolver, domain: str) -> Finding:
    """A picture is shown only where DMARC refuses what proves nothing."""
    walk = await walk_up(resolver, domain)
    names = dict.fromkeys((domain, walk.organisation))
    answers = [await resolver.ask(f"default._bimi.{each}", RecordType.TXT) for each in names]
    answer = next((each for each in answers if each.values), answers[0])
    value = f"v=BIMI1; l=https://{domain}/logo.svg"
    wanted = Wanted(name=answers[0].name, kind="TXT", value=value, is_example=True)
    if (told := _by_record("bimi", answer, bimi_fault, wanted)) is not None:
        return told
    record = walk.applied
    if record is None or record.policy_of(domain) is Policy.NONE:
        what = f"{answer.name} names a picture, which is shown only with a DMARC policy over none"
        return _info("bimi", Found.INVALID, what)
    return sound("bimi", f"{answer.name} names a picture")


async def _dane(resolver: Resolver, domain: str) -> Finding:
    """TLSA of the first MX; without DNSSEC it counts for nothing (RFC 7672, 2.2)."""
    mx = await resolver.ask(domain, RecordType.MX)
    hosts = [each for each in sorted_hosts(mx) if each != "."]
    if not hosts:
        return _silent("dane", mx) or _info("dane", Found.UNTRIED, f"{domain} has no MX")
    name = f"_{_SMTP_PORT}._tcp.{hosts[0]}"
    answer = await resolver.ask(name, RecordType.TLSA)
    if answer.is_unknown:
        return replace(unknown("dane", answer), level=Level.INFO)
    if answer.is_missing:
        what = f"{shown(hosts[0])}, an MX of {domain}, has no TLSA record"
        return _info("dane", Found.MISSING, what)
    if not answer.is_authentic:
        what = f"{shown(name)} is there, and DNSSEC does not prove it, as far as can be seen here"
        return _info("dane", Found.NOT_CONFIRMED, what)
    return sound("dane", f"{shown(name)} is there, and DNSSEC proves it")


def _by_record(
    name: str, answer: Answer, fault_of: Callable[[tuple[str, ...]], str], wanted: Wanted
) -> Finding | None:
    """What is to be said of the record alone; None where it is sound."""
    if (silent := _silent(name, answer)) is not None:
        return silent
    if answer.is_missing:
        return _info(name, Found.MISSING, f"{answer.name} has no record", wanted)
    if fault := fault_of(answer.values):
        return _info(name, Found.INVALID, f"{answer.name}: {fault}", wanted)
    return None


def _silent(name: str, answer: Answer) -> Finding | None:
    return replace(unknown(name, answer), level=Level.INFO) if answer.is_unknown else None


def _info(name: str, found: Found, what: str, record: Wanted | None = None) -> Finding:
    return Finding(name=name, level=Level.INFO, what=what, found=found, record=record)
