"""An SPF record read into its terms, or the reasons why nobody can read it (RFC 7208, 4.6 and 12).

What its terms come to for an address is left to `spf`.
"""

import ipaddress
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import Any


class Mechanism(StrEnum):
    """What a term looks at (RFC 7208, 5)."""

    ALL = "all"
    INCLUDE = "include"
    A = "a"
    MX = "mx"
    PTR = "ptr"
    IP4 = "ip4"
    IP6 = "ip6"
    EXISTS = "exists"


Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@dataclass(frozen=True, kw_only=True, slots=True)
class Term:
    """`qualifier` is one of + - ~ ?; a `domain` may hold macros, "" is the record's own.

    `ip4_bits` and `ip6_bits` say how much of an address counts, `network` is that of ip4 and ip6.
    """

    text: str
    qualifier: str
    mechanism: Mechanism
    domain: str = ""
    ip4_bits: int = 32
    ip6_bits: int = 128
    network: Network | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class SpfRecord:
    """`redirect` is where the rest stands, "" where there is none."""

    terms: tuple[Term, ...]
    redirect: str = ""
    faults: tuple[str, ...] = ()

    @property
    def all_qualifier(self) -> str:
        """The qualifier of `all`, "" where the record has none."""
        return next((each.qualifier for each in self.terms if each.mechanism is Mechanism.ALL), "")


_ip4_network = partial(ipaddress.IPv4Network, strict=False)
_ip6_network = partial(ipaddress.IPv6Network, strict=False)

_MECHANISM = re.compile(r"([-+~?]?)([A-Za-z][A-Za-z0-9_.-]*)(?:([:/])(.*))?", re.DOTALL)
_MODIFIER = re.compile(r"([A-Za-z][A-Za-z0-9_.-]*)=(.*)", re.DOTALL)
_CIDR = re.compile(r"(.*?)(?:/(0|[1-9][0-9]?))?(?://(0|[1-9][0-9]{0,2}))?", re.DOTALL)
_EXPAND = r"(?:%\{[SLODIPHCRTV](?:0*[1-9][0-9]*)?r?[-.+,/_=]*\}|%%|%_|%-)"
_MACROS = re.compile(rf"(?:{_EXPAND}|[!-$&-~])*", re.IGNORECASE)
_ENDS_IN_MACRO = re.compile(rf"{_EXPAND}\Z", re.IGNORECASE)
_TOP_LABEL = re.compile(r"(?![0-9]+\Z)[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?")
_MEANT = re.compile(r"[\W_]*v[\W_]*spf", re.IGNORECASE)
_ONLY_IN_EXP = re.compile(r"%\{[crt]", re.IGNORECASE)


def is_spf(text: str) -> bool:
    """Whether a TXT record is one (RFC 7208, 4.5)."""
    return text.lower() == "v=spf1" or text.lower().startswith("v=spf1 ")


def meant_as_spf(text: str) -> bool:
    """Whether somebody meant it as one, although it `is_spf` not: a slip in its beginning.

    >>> meant_as_spf("v=spf1; ip4:192.0.2.7 -all"), meant_as_spf("v=spf1 -all")
    (True, False)
    """
    return not is_spf(text) and _MEANT.match(text) is not None


def parse_spf(text: str) -> SpfRecord:
    """Every fault is told, each by its term; `text` is one that `is_spf`."""
    terms: list[Term] = []
    modifiers: dict[str, str] = {}
    faults: list[str] = []
    for word in filter(None, text[len("v=spf1") :].split(" ")):
        found = _MODIFIER.fullmatch(word)
        try:
            if found:
                _take_modifier(found[1].lower(), found[2], modifiers)
            else:
                terms.append(_term(word))
        except ValueError as error:
            faults.append(f"“{word[:60]}” {error}")
    redirect = modifiers.get("redirect", "")
    return SpfRecord(terms=tuple(terms), redirect=redirect, faults=tuple(faults))


def _take_modifier(name: str, value: str, modifiers: dict[str, str]) -> None:
    """Those that are not known are passed over, where their syntax is right (RFC 7208, 6)."""
    if name in ("redirect", "exp"):
        if name in modifiers:
            raise ValueError("stands twice")
        modifiers[name] = _domain_spec(value)
    elif _MACROS.fullmatch(value) is None:
        raise ValueError("has a value that cannot stand there")


def _term(word: str) -> Term:
    found = _MECHANISM.fullmatch(word)
    name = found[2].lower() if found else ""
    if found is None or name not in set(Mechanism):
        raise ValueError("is no mechanism of SPF")
    mechanism = Mechanism(name)
    values = _READERS[mechanism](found[3] or "", found[4] or "")
    return Term(text=word, qualifier=found[1] or "+", mechanism=mechanism, **values)


def _nothing(mark: str, value: str) -> dict[str, str]:
    if mark or value:
        raise ValueError("takes no value")
    return {}


def _domain(mark: str, value: str) -> dict[str, str]:
    if mark != ":":
        raise ValueError("needs a domain")
    return {"domain": _domain_spec(value)}


def _maybe_domain(mark: str, value: str) -> dict[str, str]:
    return _domain(mark, value) if mark else {}


def _domain_and_bits(mark: str, value: str) -> dict[str, str | int]:
    found = _CIDR.fullmatch(f"/{value}" if mark == "/" else value)
    if found is None or (mark == ":" and not found[1]) or (mark == "/" and found[1]):
        raise ValueError("has a domain or a prefix that cannot be read")
    read: dict[str, str | int] = {}
    if found[1]:
        read["domain"] = _domain_spec(found[1])
    if found[2]:
        read["ip4_bits"] = _bits(found[2], 32)
    if found[3]:
        read["ip6_bits"] = _bits(found[3], 128)
    return read


def _bits(text: str, most: int) -> int:
    if int(text) > most:
        raise ValueError(f"has a prefix over {most}")
    return int(text)


def _ip4(mark: str, value: str) -> dict[str, Network]:
    return _network(mark, value, _ip4_network, r"[0-9.]+(/(0|[1-9][0-9]?))?", "IPv4")


def _ip6(mark: str, value: str) -> dict[str, Network]:
    pattern = r"[0-9A-Fa-f:.]+(/(0|[1-9][0-9]{0,2}))?"
    return _network(mark, value, _ip6_network, pattern, "IPv6")


def _network(
    mark: str, value: str, made: Callable[[str], Network], pattern: str, name: str
) -> dict[str, Network]:
    if mark != ":" or re.fullmatch(pattern, value) is None:
        raise ValueError(f"needs an {name} address")
    try:
        return {"network": made(value)}
    except ValueError as error:
        raise ValueError(f"needs an {name} address") from error


_READERS: Mapping[Mechanism, Callable[[str, str], Mapping[str, Any]]] = {
    Mechanism.ALL: _nothing,
    Mechanism.INCLUDE: _domain,
    Mechanism.A: _domain_and_bits,
    Mechanism.MX: _domain_and_bits,
    Mechanism.PTR: _maybe_domain,
    Mechanism.IP4: _ip4,
    Mechanism.IP6: _ip6,
    Mechanism.EXISTS: _domain,
}


def _domain_spec(text: str) -> str:
    """A domain as SPF has it, macros and all (RFC 7208, 7.1)."""
    if _MACROS.fullmatch(text) is None or _ONLY_IN_EXP.search(text):
        raise ValueError("has a character or a macro that cannot stand there")
    above, dot, label = text.removesuffix(".").rpartition(".")
    is_name = above and dot and _TOP_LABEL.fullmatch(label)
    if not is_name and _ENDS_IN_MACRO.search(text) is None:
        raise ValueError("has a domain that cannot be one")
    return text
