"""The name of each address that mail leaves from, and whether it leads back (RFC 1912, 2.1)."""

import asyncio

from newsletter.lookup import RecordType, Resolver, reverse_name
from newsletter.mail_identity import Wanted
from newsletter.publishing.doctoring.finding import (
    Finding,
    Found,
    Level,
    SenderRule,
    shown,
    sound,
    unknown,
)
from newsletter.publishing.doctoring.sending import Sending

_RULE = SenderRule.REVERSE_DNS
_NAMES = 10
"""PTR records of one address that are followed."""


async def look_back(resolver: Resolver, sending: Sending, from_domain: str) -> list[Finding]:
    """One finding for each address; none is known, and there is one that says so."""
    if sending.addresses:
        return await asyncio.gather(
            *(_look(resolver, each, sending, from_domain) for each in sending.addresses)
        )
    if sending.unknown is not None:
        return [unknown("ptr", sending.unknown, rule=_RULE)]
    return [
        Finding(
            name="ptr",
            level=Level.INFO,
            what="the address that receivers see is not known here, so its name was not looked at",
            step="name the addresses under [relay] sends_from",
            found=Found.UNTRIED,
            rule=_RULE,
        )
    ]


async def _look(resolver: Resolver, address: str, sending: Sending, from_domain: str) -> Finding:
    answer = await resolver.ask(reverse_name(address), RecordType.PTR)
    if answer.is_unknown:
        return unknown("ptr", answer, rule=_RULE)
    names = answer.values[:_NAMES]
    host = next(iter(sending.hosts), f"mail.{from_domain}")
    if not names:
        what = f"{sending.whose(address)} has no name"
        return _fault(Found.MISSING, what, answer.name, host, sending)
    kind = RecordType.AAAA if ":" in address else RecordType.A
    back = await asyncio.gather(*(resolver.ask(each, kind) for each in names))
    for name, each in zip(names, back, strict=True):
        if address in each.values:
            return sound("ptr", f"{address} is {shown(name)}, and that is {address}", rule=_RULE)
    if silent := [each for each in back if each.is_unknown]:
        return unknown("ptr", silent[0], rule=_RULE)
    what = f"{address} is {shown(names[0])}, which is not {address}"
    record = Wanted(name=names[0], kind=kind, value=address)
    return Finding(
        name="ptr",
        level=_level(sending),
        what=what,
        step="" if sending.is_told else "if mail leaves from this address",
        found=Found.NOT_CONFIRMED,
        record=record,
        rule=_RULE,
    )


def _fault(found: Found, what: str, name: str, host: str, sending: Sending) -> Finding:
    step = "whoever owns the address, a hosting provider as a rule, writes"
    if not sending.is_told:
        step = "if mail leaves from this address, whoever owns it writes"
    record = Wanted(name=name, kind="PTR", value=host, is_example=True)
    return Finding(
        name="ptr",
        level=_level(sending),
        what=what,
        step=step,
        found=found,
        record=record,
        rule=_RULE,
    )


def _level(sending: Sending) -> Level:
    """A relay's own name may have other addresses than those it sends from."""
    return Level.BAD if sending.is_told else Level.WARN
