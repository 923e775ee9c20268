"""A reverse-path for each delivery (VERP): how a token is put into it, and found in it again.

`bounces@news.example.com` becomes `bounces+TOKEN@news.example.com`, of which a mail server that
knows subaddresses (RFC 5233) delivers everything to the mailbox of `bounces`. What is found is a
claim: who proves it has the keys.
"""

import re

from newsletter.addresses import MAX_LOCAL_PART, AddrSpec
from newsletter.subscribers import RETURN_TOKEN

MAX_BASE = MAX_LOCAL_PART - 1 - RETURN_TOKEN
"""Octets of a local-part that a token can be put behind."""

_SEPARATOR = "+"
_QUOTE = '"'
_OWN = re.compile(rf"\+[a-z2-7]{{{RETURN_TOKEN}}}@", re.IGNORECASE)


def has_room(reverse_path: AddrSpec) -> bool:
    """Whether a token can stand in it: its local-part is short enough, and no quoted-string."""
    local_part = reverse_path.local_part
    return len(local_part.encode()) <= MAX_BASE and not local_part.startswith(_QUOTE)


def with_token(reverse_path: AddrSpec, token: str) -> str:
    return f"{reverse_path.local_part}{_SEPARATOR}{token}@{reverse_path.domain}"


def names_own_path(words: str) -> bool:
    """Whether a refusal names a reverse-path that only one delivery has."""
    return _OWN.search(words) is not None


def token_in(address: str, reverse_path: AddrSpec) -> str | None:
    """What stands where the token does in an address made of this reverse-path, else None.

    Any server on the way may have changed the case of all of it.
    """
    if len(address) != len(str(reverse_path)) + len(_SEPARATOR) + RETURN_TOKEN:
        return None
    start = len(reverse_path.local_part) + len(_SEPARATOR)
    token = address[start : start + RETURN_TOKEN]
    is_ours = address.lower() == with_token(reverse_path, token).lower()
    return token if is_ours and address.isascii() else None
