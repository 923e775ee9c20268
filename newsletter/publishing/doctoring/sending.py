"""From which addresses mail leaves, as far as it can be known from here."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import ip_address

from newsletter.lookup import Answer, RecordType, Resolver
from newsletter.net import is_public
from newsletter.transports import Place

_MOST = 8
"""Addresses that are looked at; a relay with more of them is a provider's."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Sending:
    """`addresses` are those that receivers may see; `is_told` says that the settings name them.

    Else they are those of the relays' names, which may send from others. `hosts` are the relays by
    their names, `unknown` is an answer that never came.
    """

    addresses: tuple[str, ...]
    is_told: bool
    hosts: tuple[str, ...]
    unknown: Answer | None = None

    def whose(self, address: str) -> str:
        return address if self.is_told else f"{address} ({' and '.join(self.hosts)})"


async def sending_addresses(
    resolver: Resolver, places: Sequence[Place], told: Sequence[str]
) -> Sending:
    """Relays on this very machine, and those that no one can reach, tell nothing."""
    hosts = tuple(dict.fromkeys(each.host for each in places if not each.is_here))
    if told:
        return Sending(addresses=tuple(told), is_told=True, hosts=hosts)
    answers = await asyncio.gather(*(_addresses(resolver, host) for host in hosts))
    found = [value for each in answers for answer in each for value in answer.values]
    silent = [answer for each in answers for answer in each if answer.is_unknown]
    return Sending(
        addresses=tuple(filter(is_public, dict.fromkeys(found)))[:_MOST],
        is_told=False,
        hosts=hosts,
        unknown=next(iter(silent), None),
    )


async def _addresses(resolver: Resolver, host: str) -> Sequence[Answer]:
    try:
        known = str(ip_address(host))
    except ValueError:
        kinds = (RecordType.A, RecordType.AAAA)
        return await asyncio.gather(*(resolver.ask(host, kind) for kind in kinds))
    return (Answer.of_address(known),)
