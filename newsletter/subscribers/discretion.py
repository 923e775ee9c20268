"""What may be said of a person where nothing can be erased: a reason without their address.

The audit log is sealed entry by entry, and a suppressed hash stays for ever. Who wrote the reason
may have put the address into it, whole or in parts.
"""

import re
from unicodedata import normalize

SOMEBODY = "(an address)"
"""What stands in an address's place."""

MAX_REASON = 500
"""Characters of a reason that are kept: it is a sentence, and is looked through."""

_ADDRESS = r"(?:\"[^\"]*\"|[^\s<>()\[\],;:\"“”]*)(?:@|%40)[^\s<>()\[\],;:\"“”]*"
_HASH = r"(?:sha256:)?\b[0-9a-f]{64}\b"


def without_addresses(text: str, address_key: str = "") -> str:
    """The text on one line, without any address, hash of one, or part of this one.

    >>> without_addresses("Ada (ada@example.com) rang from Leeds", "ada@example.com")
    '(an address) ((an address)) rang from Leeds'
    """
    plain = " ".join(normalize("NFKC", text[:MAX_REASON]).split())
    parts = [rf"(?<!\w){re.escape(part)}(?!\w)" for part in _parts(address_key)]
    return re.sub("|".join([_ADDRESS, _HASH, *parts]), SOMEBODY, plain, flags=re.IGNORECASE)


def _parts(address_key: str) -> list[str]:
    """The local-part, and the domain as it is written and as it is read."""
    local_part, _, domain = address_key.rpartition("@")
    if not local_part:
        return []
    return [part for part in (local_part.strip('"'), domain, _read(domain)) if len(part) > 1]


def _read(domain: str) -> str:
    """The U-label form of a domain (RFC 5890); "" for what is no international one."""
    try:
        return domain.encode("ascii").decode("idna")
    except UnicodeError:
        return ""
