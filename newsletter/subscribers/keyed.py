"""What every token and MAC of ours is made with: keys from the secret, and HMAC begun in advance.

Pure: secret in, digests out. What is put together of them, and for whom, is left to `tokens` and
`return_tokens`.
"""

import hmac
from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

from newsletter.errors import SettingsError

if TYPE_CHECKING:
    from hashlib import _Hash as HASH

MIN_SECRET = 16
"""Bytes: 128 bits, as many as a MAC has."""

KEY_ID = 4
MAC = 16
"""Bytes."""

_BLOCK = sha256().digest_size
_FIRST_BLOCK = bytes(4)
_INNER_PAD = bytes(octet ^ 0x36 for octet in range(256))  # RFC 2104, 2
_OUTER_PAD = bytes(octet ^ 0x5C for octet in range(256))
_BASE32 = "abcdefghijklmnopqrstuvwxyz234567"  # RFC 4648, 6, in lower case
_PAIRS = [high + low for high in _BASE32 for low in _BASE32]


class Begun(NamedTuple):
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

    def after(self, first: bytes) -> "Begun":
        inner = self.inner.copy()
        inner.update(first)
        return Begun(inner, self.outer)


def begun(key: bytes) -> Begun:
    """`key` is no longer than a block, 64 bytes, as all digests are."""
    padded = key.ljust(sha256().block_size, b"\0")
    return Begun(sha256(padded.translate(_INNER_PAD)), sha256(padded.translate(_OUTER_PAD)))


class Keys(NamedTuple):
    key_id: bytes
    mac: Begun
    stream: Begun
    message_id: Begun


@lru_cache(maxsize=8)
def keys_of(secret: bytes) -> Keys:
    if len(secret) < MIN_SECRET:
        raise SettingsError(
            [f"the secret key has {len(secret)} bytes, at least {MIN_SECRET} are needed"],
            next_step="set NEWSLETTER_SECRET_KEY to a long random text",
        )

    def derived(label: bytes) -> bytes:
        return hmac.digest(secret, b"newsletter 1 " + label, "sha256")

    return Keys(
        derived(b"key id")[:KEY_ID],
        begun(derived(b"mac")),
        begun(derived(b"stream")),
        begun(derived(b"id")),
    )


def secret_of(secret: bytes, salt: str) -> bytes:
    """The secret of one publication, where several use a database and perhaps one secret.

    Its tokens and Message-IDs are then no other's. The first of a database has no salt, and the
    secret as it is: its links are from before there were others.
    """
    keys_of(secret)  # one too short gets no longer by this
    return (
        hmac.digest(secret, b"newsletter 1 publication " + salt.encode(), "sha256")
        if salt
        else secret
    )


def with_length(part: str) -> bytes:
    """The part with its length before it, so that no two lists of parts look alike."""
    octets = part.encode()
    return len(octets).to_bytes(4, "big") + octets


def xor_stream(keys: Keys, mac: bytes, data: bytes) -> bytes:
    size = len(data)
    stream = keys.stream.digest(mac + _FIRST_BLOCK)
    if size > _BLOCK:
        for block in range(1, (size + _BLOCK - 1) // _BLOCK):
            stream += keys.stream.digest(mac + block.to_bytes(4, "big"))
    mixed = int.from_bytes(data, "big") ^ int.from_bytes(stream[:size], "big")
    return mixed.to_bytes(size, "big")


def base32(data: bytes, bits: int) -> str:
    """The first `bits` of the data in lower case, with no padding; they are a multiple of ten."""
    number = int.from_bytes(data, "big") >> (8 * len(data) - bits)
    return "".join([_PAIRS[number >> shift & 1023] for shift in range(bits - 10, -1, -10)])
