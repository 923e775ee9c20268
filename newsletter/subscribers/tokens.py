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
import binascii
import hmac
from collections.abc import Sequence
from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

from newsletter.errors import SettingsError

if TYPE_CHECKING:
    from hashlib import _Hash as HASH

MIN_SECRET = 16
"""Bytes: 128 bits, as many as the MAC has."""

_KEY_ID = 4
_MAC = 16
_BLOCK = sha256().digest_size
_FIRST_BLOCK = bytes(4)
_INNER_PAD = bytes(octet ^ 0x36 for octet in range(256))  # RFC 2104, 2
_OUTER_PAD = bytes(octet ^ 0x5C for octet in range(256))
_URL_SAFE = bytes.maketrans(b"+/", b"-_")
_BASE32 = "abcdefghijklmnopqrstuvwxyz234567"  # RFC 4648, 6, in lower case
_PAIRS = [high + low for high in _BASE32 for low in _BASE32]
_MESSAGE_ID_BITS = 120


class _Begun(NamedTuple):
    """An HMAC (RFC 2104) whose keys, and whatever comes first, are hashed already.

    Both hashes are only ever copied, so that threads may share them; that takes half the time of
    one `hmac.digest`, and three of them are in every message.
    """

    inner: "HASH"
    outer: "HASH"

    def digest(self, rest: bytes) -> bytes:
        inner, outer = self.inner.copy(), self.outer.copy()
        inner.update(rest)
        outer.update(inner.digest())
        return outer.digest()

    def after(self, first: bytes) -> "_Begun":
        inner = self.inner.copy()
        inner.update(first)
        return _Begun(inner, self.outer)


def _begun(key: bytes) -> _Begun:
    """`key` is no longer than a block, 64 bytes, as all digests are."""
    padded = key.ljust(sha256().block_size, b"\0")
    return _Begun(sha256(padded.translate(_INNER_PAD)), sha256(padded.translate(_OUTER_PAD)))


class _Keys(NamedTuple):
    key_id: bytes
    mac: _Begun
    stream: _Begun
    message_id: _Begun


@lru_cache(maxsize=8)
def _keys(secret: bytes) -> _Keys:
    if len(secret) < MIN_SECRET:
        raise SettingsError(
            [f"the secret key has {len(secret)} bytes, at least {MIN_SECRET} are needed"],
            next_step="set NEWSLETTER_SECRET_KEY to a long random text",
        )

    def derived(label: bytes) -> bytes:
        return hmac.digest(secret, b"newsletter 1 " + label, "sha256")

    return _Keys(
        derived(b"key id")[:_KEY_ID],
        _begun(derived(b"mac")),
        _begun(derived(b"stream")),
        _begun(derived(b"id")),
    )


def secret_of(secret: bytes, salt: str) -> bytes:
    """The secret of one publication, where several use a database and perhaps one secret.

    Its tokens and Message-IDs are then no other's. The first of a database has no salt, and the
    secret as it is: its links are from before there were others.
    """
    _keys(secret)  # one too short gets no longer by this
    return (
        hmac.digest(secret, b"newsletter 1 publication " + salt.encode(), "sha256")
        if salt
        else secret
    )


def _with_length(part: str) -> bytes:
    """The part with its length before it, so that no two lists of parts look alike."""
    octets = part.encode()
    return len(octets).to_bytes(4, "big") + octets


@lru_cache(maxsize=64)
def _token_keys(secret: bytes, purpose: str, list_id: str) -> _Keys:
    """The keys, with the MAC as far as it is the same for every subject."""
    keys = _keys(secret)
    return keys._replace(mac=keys.mac.after(_with_length(purpose) + _with_length(list_id)))


@lru_cache(maxsize=64)
def _issue_mac(secret: bytes, issue: str) -> _Begun:
    return _keys(secret).message_id.after(_with_length(issue))


def _xor_stream(keys: _Keys, mac: bytes, data: bytes) -> bytes:
    size = len(data)
    stream = keys.stream.digest(mac + _FIRST_BLOCK)
    if size > _BLOCK:
        for block in range(1, (size + _BLOCK - 1) // _BLOCK):
            stream += keys.stream.digest(mac + block.to_bytes(4, "big"))
    mixed = int.from_bytes(data, "big") ^ int.from_bytes(stream[:size], "big")
    return mixed.to_bytes(size, "big")


def _encode(data: bytes) -> str:
    padded = binascii.b2a_base64(data, newline=False).translate(_URL_SAFE)
    return str(padded.rstrip(b"="), "ascii")


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
    keys = _token_keys(secret, purpose, list_id)
    octets = subject.encode()
    mac = keys.mac.digest(len(octets).to_bytes(4, "big") + octets)[:_MAC]
    return _encode(keys.key_id + mac + _xor_stream(keys, mac, octets))


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
        keys = _token_keys(secret, purpose, list_id)
        if not hmac.compare_digest(key_id, keys.key_id):
            continue
        subject = _xor_stream(keys, mac, ciphertext).decode("utf-8", "replace")
        # Bytes on both sides: compare_digest raises TypeError on text beyond ASCII.
        if hmac.compare_digest(mac, keys.mac.digest(_with_length(subject))[:_MAC]):
            return subject
    return None


def message_id_mac(secret: bytes, issue: str, recipient_key: str) -> str:
    """What stands left of the @ in a Message-ID: 24 characters a-z2-7, 120 bits, no address.

    Equal for the same issue and recipient, so that a re-send carries the same Message-ID.
    """
    digest = _issue_mac(secret, issue).digest(_with_length(recipient_key))
    number = int.from_bytes(digest[: _MESSAGE_ID_BITS // 8], "big")
    tens = range(_MESSAGE_ID_BITS - 10, -1, -10)
    return "".join([_PAIRS[number >> shift & 1023] for shift in tens])
