"""DKIM signatures of one compiled message: what is the same for all is hashed once.

Knows which fields are signed and how a signature is written; keys are `dkim_key`'s. Bodies come
as relaxed canonicalisation leaves them, for `encoding` writes no others. One signature for each
key, no `l=`, every field that matters listed once more than it is there, so that none can be
added (RFC 6376: 3.4, 3.5, 3.7, 5.4, 8.15; RFC 8058, 4; RFC 8463, 3).
"""

import base64
import hashlib
import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import chain
from typing import NamedTuple

from newsletter.errors import MessageError
from newsletter.message.dkim_key import Algorithm, DkimKey
from newsletter.message.encoding import CRLF
from newsletter.message.fields import LABEL, field

GUARDED = (
    "from",
    "sender",
    "to",
    "cc",
    "subject",
    "date",
    "message-id",
    "reply-to",
    "in-reply-to",
    "references",
    "mime-version",
    "content-type",
    "content-transfer-encoding",
    "disposition-notification-to",
    "feedback-id",
    "list-id",
    "list-unsubscribe",
    "list-unsubscribe-post",
    "list-subscribe",
    "list-post",
    "list-owner",
    "list-help",
    "list-archive",
)
"""What nobody may add to a message, whether it is there or not. Any other field of ours is signed
as well, and may not be added a second time."""

_NAME = "DKIM-Signature"
_DOMAIN = re.compile(rf"(?=.{{3,253}}\Z){LABEL}(?:\.{LABEL})+")
_SELECTOR = re.compile(rf"(?=.{{1,63}}\Z){LABEL}(?:\.{LABEL})*")
_BODY_HASH = 44
_COLUMNS = 72
_FOLD = b"\r\n "


def is_selector(text: str) -> bool:
    return _SELECTOR.fullmatch(text) is not None


def check_alignment(domain: str, own: str) -> None:
    """Raise MessageError unless d= is the domain of From, `own`, or one is above the other.

    DMARC's relaxed alignment (RFC 7489, 3.1.1), as far as it can be told without a list of
    public suffixes.
    """
    if _DOMAIN.fullmatch(domain) is None:
        raise MessageError(f"{domain!r} is not a domain", where="dkim", next_step="correct it")
    if not f".{own}".endswith(f".{domain.lower()}") and not domain.lower().endswith(f".{own}"):
        raise MessageError(
            f"a signature by {domain} does not cover From, which is at {own} (DMARC)",
            where="dkim",
            next_step=f"sign for {own} or a domain above it",
        )


class Signer:
    """Who signs: a domain and its keys, one of RSA among them, and for how long it holds.

    Raises MessageError for Ed25519 alone, which few receivers can verify (RFC 8463, 3 and 5).
    """

    def __init__(
        self, domain: str, keys: Sequence[DkimKey], *, expires_after: timedelta | None = None
    ) -> None:
        if not any(key.algorithm is Algorithm.RSA for key in keys):
            raise MessageError(
                "there is no RSA key among the DKIM keys",
                where=domain,
                next_step="let Ed25519 be the second signature",
            )
        self.domain = domain
        self.keys = tuple(keys)
        self.expires_after = expires_after


class Seal:
    """The signer over one compiled message. Safe for threads: nothing changes after the start.

    `fixed` are the header fields that are the same for every reader, `merged` the names of the
    others in the order in which they will come, `start` the bytes every body begins with.
    """

    def __init__(
        self, signer: Signer, *, fixed: bytes, merged: Sequence[str], date: datetime, start: bytes
    ) -> None:
        signed = relaxed(fixed)
        names = [*_names(signed), *merged]
        self._headers = hashlib.sha256(signed)
        self._body = hashlib.sha256(start)
        self._start = len(start)
        self._signatures = [_Signature(signer, key, names, date) for key in signer.keys]

    def hashes(self, merged: Sequence[bytes], body: bytes) -> "Hashes":
        """What the signatures of one message will say of its fields and its body."""
        body_digest = self._body.copy()
        body_digest.update(memoryview(body)[self._start :])
        body_hash = base64.b64encode(body_digest.digest())
        headers = self._headers.copy()
        headers.update(relaxed(b"".join(merged)))
        signed = [one.digest(headers, body_hash) for one in self._signatures]
        return Hashes(self._signatures, body_hash, signed)


class _Signature:
    """One key's DKIM-Signature, written but for the two hashes in it."""

    def __init__(self, signer: Signer, key: DkimKey, names: Sequence[str], date: datetime) -> None:
        made = int(date.timestamp())
        ends = (
            [f"x={made + int(signer.expires_after.total_seconds())};"]
            if (signer.expires_after)
            else []
        )
        whole = field(
            _NAME,
            "v=1;",
            f"a={key.algorithm};",
            "c=relaxed/relaxed;",
            f"d={signer.domain};",
            f"s={key.selector};",
            f"t={made};",
            *ends,
            *_listed(names),
            f"bh={'0' * _BODY_HASH};",
        )
        self._start = whole[: -_BODY_HASH - len(b";\r\n")]
        self._relaxed_start = relaxed(self._start).removesuffix(CRLF)
        self._sign = key.sign

    def digest(self, headers: "hashlib._Hash", body_hash: bytes) -> bytes:
        """The field goes into its own hash with an empty b= and no line end (RFC 6376, 3.7)."""
        signed = headers.copy()
        signed.update(b"%b%b; b=" % (self._relaxed_start, body_hash))
        return signed.digest()

    def field(self, digest: bytes, body_hash: bytes) -> bytes:
        signature = base64.b64encode(self._sign(digest))
        lines = [signature[at : at + _COLUMNS] for at in range(0, len(signature), _COLUMNS)]
        return b"%b%b;\r\n b=%b\r\n" % (self._start, body_hash, _FOLD.join(lines))


class Hashes(NamedTuple):
    """Of one message: its body's hash in base64, and the digest that each signature is made of."""

    signatures: Sequence[_Signature]
    body: bytes
    signed: Sequence[bytes]

    def fields(self) -> bytes:
        """The signatures, as header fields that go before all others.

        A millisecond for each key of RSA, in which other threads run.
        """
        signed = zip(self.signatures, self.signed, strict=True)
        return b"".join([one.field(digest, self.body) for one, digest in signed])


def relaxed(fields: bytes) -> bytes:
    r"""Whole header fields, canonicalised (RFC 6376, 3.4.2).

    >>> relaxed(b"Subject:  One\r\n\ttwo \r\nTo: a@b.example\r\n")
    b'subject:One two\r\nto:a@b.example\r\n'
    """
    unfolded = fields.replace(b"\r\n ", b" ").replace(b"\r\n\t", b" ")
    canonical = []
    for line in unfolded.splitlines():
        name, _, value = line.partition(b":")
        canonical.append(b"%b:%b\r\n" % (name.rstrip().lower(), b" ".join(value.split())))
    return b"".join(canonical)


def _names(canonical: bytes) -> list[str]:
    return [line.partition(b":")[0].decode("ascii") for line in canonical.splitlines()]


def _listed(names: Sequence[str]) -> list[str]:
    """The tag h=: what is there, then everything once more; as lines that can be folded."""
    again = dict.fromkeys(chain(names, GUARDED))
    lines = ["h="]
    for name in [f"{name}:" for name in (*names, *again)]:
        if len(lines[-1]) + len(name) > _COLUMNS:
            lines.append("")
        lines[-1] += name
    return [*lines[:-1], f"{lines[-1].removesuffix(':')};"]
