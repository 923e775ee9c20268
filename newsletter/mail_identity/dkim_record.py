"""A DKIM key record, and whether it is the one that our signatures need (RFC 6376, 3.6.1; 8463, 4).

Values in, faults out; what is asked of the DNS, and our own keys, are others' affair.
"""

import base64
import binascii
import re
from dataclasses import dataclass
from enum import StrEnum

from newsletter.mail_identity.tags import Tags, parse_tags

_VERSION = "DKIM1"
_RSA, _ED25519 = "rsa", "ed25519"
_BLANK = re.compile(r"\s+")
_LEAST_KEY = 100
"""Octets: an RSA key is longer, in whichever form it stands."""


class KeyFault(StrEnum):
    """What is wrong with a record, the worst first."""

    REVOKED = "revoked"
    INVALID = "invalid"
    OTHER_KEY = "other key"
    NARROW = "narrow"
    """It is not for SHA-256, or not for mail."""
    TESTING = "testing"


@dataclass(frozen=True, slots=True)
class KeyRecord:
    """`kind` is rsa or ed25519; `public` is the key, empty where it was revoked."""

    tags: Tags
    kind: str
    public: bytes | None

    @property
    def is_testing(self) -> bool:
        """RFC 6376, 3.6.1: receivers treat such a message as if it were not signed."""
        return "y" in self.tags.get("t").replace(" ", "").split(":")


def parse_key_record(text: str) -> KeyRecord:
    """`public` is None for what is no base64."""
    tags = parse_tags(text)
    try:
        public = base64.b64decode(_BLANK.sub("", tags.get("p")), validate=True)
    except (binascii.Error, ValueError):
        public = None
    return KeyRecord(tags, tags.get("k", _RSA) or _RSA, public)


def looks_like_key(text: str) -> bool:
    """Whether a TXT record under a selector is meant to be a key: it need not have a version."""
    tags = parse_tags(text)
    return "p" in tags.values or tags.get("v") == _VERSION


def key_faults(found: str, wanted: str) -> tuple[tuple[KeyFault, str], ...]:
    """What keeps the record `found` from proving what the key of `wanted` has signed."""
    if '"' in found or "\\" in found:
        words = "there are quotation marks or backslashes in it, which only a zone file wants"
        return ((KeyFault.INVALID, words),)
    there, ours = parse_key_record(found), parse_key_record(wanted)
    if (broken := _broken(there)) is not None:
        return (broken,)
    faults: list[tuple[KeyFault, str]] = []
    if there.kind != ours.kind:
        faults.append(
            (KeyFault.OTHER_KEY, f"it is a key for {there.kind[:20]}, ours for {ours.kind}")
        )
    elif not _is_same(there.public or b"", ours.public or b""):
        faults.append((KeyFault.OTHER_KEY, "it is another key than the one that signs here"))
    faults += _narrow(there.tags)
    if there.is_testing:
        words = "it says t=y: receivers may treat messages as if they were not signed"
        faults.append((KeyFault.TESTING, words))
    return tuple(faults)


def _broken(record: KeyRecord) -> tuple[KeyFault, str] | None:
    tags = record.tags
    if "v" in tags.values and (tags.first != "v" or tags.get("v") != _VERSION):
        return KeyFault.INVALID, f"v= must stand first, and be {_VERSION}"
    if tags.faults:
        return KeyFault.INVALID, tags.faults[0]
    if "p" not in tags.values:
        return KeyFault.INVALID, "there is no p= in it"
    if record.public is None:
        return KeyFault.INVALID, "what stands in p= is no base64"
    if not record.public:
        return KeyFault.REVOKED, "p= is empty: the key is revoked"
    return None


def _is_same(there: bytes, ours: bytes) -> bool:
    """An RSA key may stand bare, without the frame that says it is one (RFC 8017, A.1.1)."""
    return there == ours or (len(there) > _LEAST_KEY and ours.endswith(there))


def _narrow(tags: Tags) -> list[tuple[KeyFault, str]]:
    faults = []
    hashes = tags.get("h").replace(" ", "").split(":")
    if "h" in tags.values and "sha256" not in hashes:
        faults.append((KeyFault.NARROW, "h= leaves out sha256, by which we sign"))
    services = tags.get("s", "*").replace(" ", "").split(":")
    if not {"*", "email"} & set(services):
        faults.append((KeyFault.NARROW, "s= leaves out mail"))
    return faults
