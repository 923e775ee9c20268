"""The section [limits.domains]: groups of recipients' domains that have rules of their own.

What a group is named by, and what may be said of it, is read here; which domains are a receiver's
is left to `receivers`, and who keeps to the rules to the sender.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches

from newsletter.addresses import parse_addr_spec
from newsletter.books import WarmUp
from newsletter.errors import AddressError
from newsletter.rates import RATE_FORM, parse_rate
from newsletter.settings.receivers import receiver_domains
from newsletter.settings.table import Table
from newsletter.settings.warm_up import warm_up

_FORM = 'a rate such as "20/s", or a table, { rate = "20/s", pause = true }'
_KEYS = ("rate", "pause", "relay", "warm_up")
_RELAY_FORM = (
    'a name in small letters and figures, such as "b"; '
    "the variable NEWSLETTER_RELAY_B has its transport URL then"
)


@dataclass(frozen=True, kw_only=True, slots=True)
class DomainGroup:
    """Domains that are one receiver's, so that what holds for them holds for them together.

    `name` is the first of them, as it was written. `rate` is in messages per second over all
    machines, None for no ceiling of its own. `is_paused` keeps everything back that goes there.
    `relay` names the one that carries it and nothing else, as the environment has it; "" is the
    transport that carries all others. `warm_up` holds for the group, beside that for all.
    """

    name: str
    domains: Sequence[str]
    rate: float | None = None
    is_paused: bool = False
    relay: str = ""
    warm_up: WarmUp | None = None


def domain_groups(table: Table) -> tuple[DomainGroup, ...]:
    """All groups of [limits.domains]; a key is domains and receivers, with commas between them."""
    found: list[DomainGroup] = []
    owner: dict[str, str] = {}
    for key, value in table.items():
        if (unquoted := _unquoted(key, value)) is not None:
            table.note(f'{unquoted} has to be in quotes: "{unquoted}" = "20/s"')
            continue
        domains = _domains(table, key)
        for domain in domains:
            if owner.setdefault(domain, key) != key:
                table.note(f'{domain} is in two groups, "{owner[domain]}" and "{key}"')
        rules = _rules(table, key)
        if domains:
            name = key.partition(",")[0].strip()
            found.append(replace(rules, name=name, domains=domains))
    return tuple(found)


def _domains(table: Table, key: str) -> tuple[str, ...]:
    """Each once, in A-labels."""
    found: dict[str, None] = {}
    for part in key.split(","):
        found |= dict.fromkeys(_domains_of(table, part.strip()))
    return tuple(found)


def _domains_of(table: Table, part: str) -> Sequence[str]:
    """Those of a receiver, or the one that is written there."""
    known = receiver_domains()
    if "." not in part:
        if part.lower() not in known:
            near = get_close_matches(part.lower(), known, n=1)
            step = f"did you mean {near[0]}?" if near else f"the receivers are {', '.join(known)}"
            table.note(f'"{part}" is neither a domain nor a receiver that we know; {step}')
        return known.get(part.lower(), ())
    try:
        return [parse_addr_spec(f"x@{part}").domain]
    except AddressError:
        table.note(f'"{part}" is not a domain')
        return []


def _rules(table: Table, key: str) -> DomainGroup:
    """What is said of a group, which has neither its name nor its domains yet."""
    group = DomainGroup(name="", domains=())
    if not table.is_table(key):
        return replace(group, rate=table.required(key, _rate, _FORM))
    rules = table.inner(key)
    found = replace(
        group,
        rate=rules.parsed("rate", _rate, RATE_FORM),
        is_paused=rules.flag("pause"),
        relay=rules.parsed("relay", _relay, _RELAY_FORM) or "",
        warm_up=warm_up(rules),
    )
    rules.no_other()
    return found


def _rate(value: str) -> float:
    found = parse_rate(value)
    if found is None:
        raise ValueError
    return found


def _relay(value: str) -> str:
    if not re.fullmatch(r"[a-z][a-z0-9]{0,29}", value):
        raise ValueError
    return value


def _unquoted(key: str, value: object) -> str | None:
    """`gmail.com = "20/s"`, which TOML reads as tables in each other, as it was written."""
    if not isinstance(value, Mapping) or len(value) != 1:
        return None
    [(inner, rest)] = value.items()
    is_rule = inner in _KEYS or get_close_matches(inner, _KEYS, n=1)
    if is_rule or isinstance(rest, bool | int):
        return None
    return _unquoted(f"{key}.{inner}", rest) or f"{key}.{inner}"
