"""Tokens in links that a reader was sent, and the MAC in a Message-ID. Pure: secret in, text out.

A token must be opaque and unguessable, name the recipient and the list, and work years later
(RFC 8058, 3.1 and 6). So it carries its subject, an address key, encrypted, and needs no database:

    token  = base64url(key id 4 bytes | MAC 16 bytes | ciphertext, as long as the subject)
    MAC    = HMAC-SHA256(mac key, purpose, list, subject), the first 128 bits
    cipher = subject XOR HMAC-SHA256(stream key, MAC | block number)

This is RFC 5297's idea (a synthetic IV) with HMAC in both places: the MAC is the nonce, so equal
inputs give an equal token (a re-send is byte-identical) and different ones never share a stream.
Purpose and list are not carried but enter the MAC: a token for one is no token for another.
The key id says which secret made it, so old links work after a rotation while the old secret is
still listed. What a valid token allows is left to whoever reads it.
"""

import base64
import hashlib
import hmac
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from newsletter.errors import SettingsError

MIN_SECRET = 16
"""Bytes: 128 bits, as many as the MAC has."""

_KEY_ID = 4
_MAC = 16
_BLOCK = hashlib.sha256().digest_size


class _Keys(NamedTuple):
    key_id: bytes
    mac: bytes
    stream: bytes
    message_id: bytes


@lru_cache(maxsize=8)
def _keys(secret: bytes) -> _Keys:
    if len(secret) < MIN_SECRET:
        raise SettingsError(
            [f"the secret key has {len(secret)} bytes, at least {MIN_SECRET} are needed"],
            next_step="set NEWSLETTER_SECRET_KEY to a long random text",
        )

    def derived(label: bytes) -> bytes:
        return hmac.digest(secret, b"newsletter 1 " + label, "sha256")

    return _Keys(derived(b"key id")[:_KEY_ID], derived(b"mac"), derived(b"stream"), derived(b"id"))


def _joined(*parts: str) -> bytes:
    """The parts with their lengths before them, so that no two lists of parts look alike."""
    encoded = [part.encode() for part in parts]
    return b"".join(len(part).to_bytes(4, "big") + part for part in encoded)


def _mac(keys: _Keys, purpose: str, list_id: str, subject: str) -> bytes:
    return hmac.digest(keys.mac, _joined(purpose, list_id, subject), "sha256")[:_MAC]


def _xor_stream(keys: _Keys, mac: bytes, data: bytes) -> bytes:
    blocks = range((len(data) + _BLOCK - 1) // _BLOCK)
    stream = b"".join(
        hmac.digest(keys.stream, mac + block.to_bytes(4, "big"), "sha256") for block in blocks
    )
    mixed = int.from_bytes(data, "big") ^ int.from_bytes(stream[: len(data)], "big")
    return mixed.to_bytes(len(data), "big")


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def _decode(token: str) -> bytes | None:
    """None for what is no base64url, or is not written as `_encode` would write it."""
    try:
        data = base64.urlsafe_b64decode(token.encode("ascii") + b"=" * (-len(token) % 4))
    except ValueError:
        return None
    return data if hmac.compare_digest(_encode(data).encode(), token.encode()) else None


def make_token(secret: bytes, *, purpose: str, list_id: str, subject: str) -> str:
    """The token for one subject, an address key: URL-safe ASCII, 27 characters and 4/3 a byte.

    Raises SettingsError when the secret is too short to protect anything.
    """
    keys = _keys(secret)
    mac = _mac(keys, purpose, list_id, subject)
    return _encode(keys.key_id + mac + _xor_stream(keys, mac, subject.encode()))


def read_token(
    token: str, secrets: bytes | Sequence[bytes], *, purpose: str, list_id: str
) -> str | None:
    """The subject of a token that one of the secrets made for this purpose and list, else None.

    Give the present secret and the former ones, in any order.
    """
    data = _decode(token)
    if data is None or len(data) < _KEY_ID + _MAC:
        return None
    key_id, mac, ciphertext = data[:_KEY_ID], data[_KEY_ID:][:_MAC], data[_KEY_ID + _MAC :]
    for secret in [secrets] if isinstance(secrets, bytes) else secrets:
        keys = _keys(secret)
        if not hmac.compare_digest(key_id, keys.key_id):
            continue
        subject = _xor_stream(keys, mac, ciphertext).decode("utf-8", "replace")
        # Bytes on both sides: compare_digest raises TypeError on text beyond ASCII.
        if hmac.compare_digest(mac, _mac(keys, purpose, list_id, subject)):
            return subject
    return None


def message_id_mac(secret: bytes, issue: str, recipient_key: str) -> str:
    """What stands left of the @ in a Message-ID: 24 characters a-z2-7, 120 bits, no address.

    Equal for the same issue and recipient, so that a re-send carries the same Message-ID.
    """
    digest = hmac.digest(_keys(secret).message_id, _joined(issue, recipient_key), "sha256")
    return base64.b32encode(digest[:15]).decode("ascii").lower()
