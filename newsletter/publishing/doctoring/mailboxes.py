"""Whether what people and servers answer can arrive: MX of our addresses (RFC 5321, 5.1; 7505)."""

import asyncio
from collections.abc import Mapping, Sequence
from ipaddress import ip_address

from newsletter.lookup import Answer, Outcome, RecordType, Resolver
from newsletter.mail_identity import Wanted
from newsletter.message import Sender
from newsletter.publishing.doctoring.finding import (
    Finding,
    Found,
    Level,
    listed,
    shown,
    sound,
    unknown,
)

_NULL_MX = "."
_LOOKED_AT = 5
"""Hosts of one domain: if the first of them are there, so is somebody who looks after it."""


def mailboxes_of(sender: Sender) -> Mapping[str, tuple[str, ...]]:
    """The domains that must take mail, and the addresses at each."""
    addresses = [sender.mailbox.addr_spec, sender.reverse_path]
    if sender.reply_to:
        addresses.append(sender.reply_to.addr_spec)
    if sender.unsubscribe_mailbox:
        addresses.append(sender.unsubscribe_mailbox)
    found: dict[str, list[str]] = {}
    for each in dict.fromkeys(addresses):
        found.setdefault(each.domain.lower(), []).append(str(each))
    return {domain: tuple(each) for domain, each in found.items()}


async def look_at_mailboxes(
    resolver: Resolver, mailboxes: Mapping[str, tuple[str, ...]]
) -> list[Finding]:
    """One finding for each domain."""
    answers = await asyncio.gather(*(resolver.ask(each, RecordType.MX) for each in mailboxes))
    known = next((sorted_hosts(each) for each in answers if each.values), ())
    return await asyncio.gather(
        *(
            _look(resolver, domain, mailboxes[domain], answer, known)
            for domain, answer in zip(mailboxes, answers, strict=True)
        )
    )


def sorted_hosts(answer: Answer) -> tuple[str, ...]:
    """The hosts of an answer, the most wanted first."""
    pairs = sorted((int(value.split()[0]), value.split()[1]) for value in answer.values)
    return tuple(host for _, host in pairs)


async def _look(
    resolver: Resolver,
    domain: str,
    addresses: Sequence[str],
    answer: Answer,
    known: Sequence[str],
) -> Finding:
    """`known` are the hosts of a neighbour, who may well take this domain's mail too."""
    who = listed(addresses)
    hosts = sorted_hosts(answer)
    if answer.is_unknown:
        return unknown("mx", answer)
    if hosts == (_NULL_MX,):
        what = f"{domain} says that it takes no mail (null MX), so {who} gets none"
        return _bad(Found.TAKES_NO_MAIL, what, domain, known)
    if _NULL_MX in hosts:
        what = (
            f"{domain} says that it takes no mail (null MX), and names {shown(hosts[-1])} as well: "
            f"some servers will not send to {who}"
        )
        step = "take out the record whose host is a dot alone"
        return Finding(name="mx", level=Level.WARN, what=what, step=step, found=Found.INVALID)
    if not hosts:
        return await _without_mx(resolver, domain, who, answer, known)
    return await _with_hosts(resolver, domain, who, hosts, known)


async def _without_mx(
    resolver: Resolver, domain: str, who: str, answer: Answer, known: Sequence[str]
) -> Finding:
    """Servers then try the domain's own address (RFC 5321, 5.1)."""
    addresses = await _addresses(resolver, domain)
    if silent := [each for each in addresses if each.is_unknown]:
        return unknown("mx", silent[0])
    if any(each.values for each in addresses) and answer.outcome is not Outcome.NO_NAME:
        what = f"{domain} has no MX, so mail to {who} goes to its web server’s address"
        return Finding(
            name="mx",
            level=Level.WARN,
            what=what,
            found=Found.MISSING,
            record=_wanted(domain, known),
        )
    what = f"{domain} has neither MX nor address, so {who} gets no mail"
    return _bad(Found.MISSING, what, domain, known)


async def _with_hosts(
    resolver: Resolver, domain: str, who: str, hosts: Sequence[str], known: Sequence[str]
) -> Finding:
    looked = [await _addresses(resolver, host) for host in hosts[:_LOOKED_AT]]
    if any(answer.values for each in looked for answer in each):
        return sound("mx", f"mail to {who} goes to {shown(hosts[0])}")
    if silent := [answer for each in looked for answer in each if answer.is_unknown]:
        return unknown("mx", silent[0])
    why = "is an address, where a name must stand" if _is_ip(hosts[0]) else "has no address"
    what = f"{domain} names {shown(hosts[0])} as its MX, which {why}, so {who} gets no mail"
    others = [each for each in known if each not in hosts]
    return _bad(Found.INVALID, what, domain, others)


def _is_ip(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


async def _addresses(resolver: Resolver, host: str) -> Sequence[Answer]:
    kinds = (RecordType.A, RecordType.AAAA)
    return await asyncio.gather(*(resolver.ask(host, kind) for kind in kinds))


def _wanted(domain: str, known: Sequence[str]) -> Wanted:
    host = next((each for each in known if each != _NULL_MX), "")
    return Wanted(
        name=domain, kind="MX", value=f"10 {host or f'mail.{domain}'}", is_example=not host
    )


def _bad(found: Found, what: str, domain: str, known: Sequence[str]) -> Finding:
    record = _wanted(domain, known)
    return Finding(name="mx", level=Level.BAD, what=what, found=found, record=record)
