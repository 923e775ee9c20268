"""The suppression list: addresses never to be mailed again, each by itself or by its hash alone.

Of who was erased nothing stays but a hash, which says of an address at hand whether it is theirs
and gives none away. It is the plain SHA-256 that other systems exchange, so that a suppression
travels. Who may lift which kind is decided here; keeping them is the store's.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256

_HASH = "sha256:"
_HASHED = re.compile(r"(?:sha256:)?([0-9a-fA-F]{64})")


class SuppressionKind(StrEnum):
    """Why nothing is sent to an address."""

    UNSUBSCRIBED = "unsubscribed"
    COMPLAINT = "complaint"
    BOUNCE = "bounce"
    BY_HAND = "by hand"
    ERASED = "erased"

    @property
    def yields_to_consent(self) -> bool:
        """Whether the person's own fresh confirmation lifts it.

        What a list keeper has decided, a form on the web does not undo.
        """
        return self is not SuppressionKind.BY_HAND

    def gives_way_to(self, other: "SuppressionKind") -> bool:
        """Whether a list keeper's word takes the place of one that the person could take back."""
        return self.yields_to_consent and not other.yields_to_consent


@dataclass(frozen=True, kw_only=True, slots=True)
class Suppression:
    """One row of the list. `address_key` is an address in its normal form, or `hashed` of one."""

    address_key: str
    kind: SuppressionKind
    reason: str
    created_at: datetime

    @property
    def is_hash(self) -> bool:
        return is_hash(self.address_key)

    @property
    def words(self) -> str:
        """`complaint: pressed spam`; the kind alone where the reason says no more."""
        reason = " ".join(self.reason.split())
        return self.kind if reason == self.kind else f"{self.kind}: {reason}"


def hashed(address_key: str) -> str:
    """What stays of an address that is forgotten.

    >>> hashed("ada@example.com")[:20]
    'sha256:b5fc85e55755f'
    """
    return _HASH + sha256(address_key.encode()).hexdigest()


def is_hash(address_key: str) -> bool:
    return address_key.startswith(_HASH)


def parse_hash(text: str) -> str | None:
    """A SHA-256 of an address as others write it, in our form; None for what is none."""
    found = _HASHED.fullmatch(text.strip())
    return _HASH + found[1].lower() if found else None
