"""The macros of SPF put into words: `%{i}._spf.%{d2}` (RFC 7208, 7)."""

import ipaddress
import re
from collections.abc import Mapping
from urllib.parse import quote

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

MAX_NAME = 253
"""Octets of a name; from the left of a longer one labels are taken off (RFC 7208, 7.3)."""

_MACRO = re.compile(r"%\{([A-Za-z])([0-9]*)(r?)([-.+,/_=]*)\}|%([%_-])", re.IGNORECASE)
_PLAIN = {"%": "%", "_": " ", "-": "%20"}


def macro_values(
    address: Address, local_part: str, sender_domain: str, domain: str
) -> dict[str, str]:
    """What each letter stands for, `p` apart: that needs the DNS. HELO's name is the sender's."""
    is_ip6 = isinstance(address, ipaddress.IPv6Address)
    nibbles = ".".join(address.exploded.replace(":", "")) if is_ip6 else str(address)
    return {
        "s": f"{local_part}@{sender_domain}",
        "l": local_part,
        "o": sender_domain,
        "d": domain,
        "i": nibbles,
        "v": "ip6" if is_ip6 else "in-addr",
        "h": sender_domain,
    }


def expand(text: str, values: Mapping[str, str]) -> str:
    """A domain with its macros put in, cut to what the DNS can have.

    >>> expand("%{ir}.%{d2}", {"i": "192.0.2.7", "d": "a.example.com"})
    '7.2.0.192.example.com'
    """
    found = _MACRO.sub(lambda macro: _one(macro, values), text)
    while len(found) > MAX_NAME and "." in found:
        found = found.partition(".")[2]
    return found


def needs_name(text: str) -> bool:
    """Whether a domain asks for the name of the address, `p`."""
    return any((each[1] or "").lower() == "p" for each in _MACRO.finditer(text))


def _one(macro: re.Match[str], values: Mapping[str, str]) -> str:
    if macro[5]:
        return _PLAIN[macro[5]]
    letter = macro[1]
    parts = re.split(f"[{re.escape(macro[4] or '.')}]", values.get(letter.lower(), "unknown"))
    if macro[3]:
        parts.reverse()
    if macro[2] and int(macro[2][-9:]) < len(parts):
        parts = parts[len(parts) - int(macro[2][-9:]) :]
    shown = ".".join(parts)
    return quote(shown, safe="-._~") if letter.isupper() else shown
