"""Joining: a form that answers everybody alike, one letter, and a button behind its link.

Whoever asks learns nothing of whether an address is known. What was asked for is written down
before the answer; the letter goes out after it (`correspondence`).
"""

import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv4Address, IPv6Address, ip_network

from newsletter.addresses import AddrSpec, parse_addr_spec
from newsletter.errors import AddressError
from newsletter.publishing.publication import Books
from newsletter.publishing.readers.links import keys_of
from newsletter.render.site import MOST_OF_NAME, Fault, address_fault
from newsletter.settings import SignUpLimits
from newsletter.store import Confirmed, Wish

_FROM_FORM = "the form at {base_url}"
_PLUS = "+"
_LINK = re.compile(r"://|www\.|=\?", re.IGNORECASE)
"""No name, but what spam is made of; or an encoded-word."""
_ALSO = {"googlemail.com": "gmail.com"}
"""One provider under two names."""
_DOTLESS = frozenset({"gmail.com"})
"""Where a dot in the local-part makes no other mailbox."""


class Asked(StrEnum):
    """What came of a form. Taken says nothing of whether a letter goes out."""

    TAKEN = "taken"
    TOO_MANY = "too many"


@dataclass(frozen=True, kw_only=True, slots=True)
class SignUp:
    """A form as it was filled in; `address` is as the list has it."""

    address: AddrSpec
    first_name: str


def read_sign_up(address: str, first_name: str, *, lenient: bool) -> SignUp | Fault:
    """The form, or what is wrong with it. Nothing of it is ever sent to anybody but back."""
    if not is_first_name(first_name):
        return Fault.NAME
    try:
        spec = parse_addr_spec(address.strip(), lenient=lenient)
    except AddressError:
        return address_fault(address)
    return SignUp(address=spec, first_name=first_name.strip())


def is_first_name(typed: str) -> bool:
    """Whether somebody may want to be called by it; an empty one is none, and allowed."""
    name = typed.strip()
    return len(name) <= MOST_OF_NAME and name.isprintable() and not _LINK.search(name)


def ask_to_join(
    sign_up: SignUp,
    books: Books,
    *,
    client: IPv4Address | IPv6Address | None,
    limits: SignUpLimits,
) -> Asked:
    """Write the wish down, and that a letter is owed; durable when it returns.

    `client` is where the form came from, None where nobody knows. Raises StoreError.
    """
    now = books.now()
    base_url = books.settings.publication.base_url
    wish = Wish(
        address=sign_up.address,
        first_name=sign_up.first_name,
        limit_key=_mailbox_of(sign_up.address),
        source=_FROM_FORM.format(base_url=base_url),
    )
    counted = _counted(client, limits, books)
    is_taken = books.database.membership.ask_within(counted, wish, now)
    return Asked.TAKEN if is_taken else Asked.TOO_MANY


def forget_unconfirmed(books: Books) -> int:
    """Whom nobody waits for any more: their link has expired. To be called now and then."""
    return books.database.membership.drop_unconfirmed(books.now())


def confirm(address_key: str, books: Books, *, has_welcome: bool = False) -> Confirmed:
    """Somebody has pressed the button behind their own link."""
    source = _FROM_FORM.format(base_url=books.settings.publication.base_url)
    return books.database.membership.confirm(
        address_key, f"{source}, confirmed by mail", books.now(), has_welcome=has_welcome
    )


def _counted(
    client: IPv4Address | IPv6Address | None, limits: SignUpLimits, books: Books
) -> Mapping[str, int]:
    """What a form counts for. Addresses of computers are kept as a MAC that nobody can undo."""
    counted = {"all": limits.overall_hour}
    if client is None:
        return counted
    near, far = ("32", "24") if isinstance(client, IPv4Address) else ("64", "48")
    key = keys_of(books)[0]
    for width, limit in ((near, limits.per_network_hour), (far, 3 * limits.per_network_hour)):
        network = ip_network(f"{client}/{width}", strict=False)
        mac = hmac.digest(key, b"newsletter 1 network " + str(network).encode(), "sha256")
        counted[mac.hex()[:32]] = limit
    return counted


def _mailbox_of(address: AddrSpec) -> str:
    """What the spellings that lead to one mailbox have in common, so that it is not written to
    for each of them. Only for counting: the list keeps what was typed.
    """
    local_part, _, domain = address.key.rpartition("@")
    domain = _ALSO.get(domain, domain)
    local_part = local_part.partition(_PLUS)[0] or local_part
    if domain in _DOTLESS:
        local_part = local_part.replace(".", "")
    return f"{local_part}@{domain}"
