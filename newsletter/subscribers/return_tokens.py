"""The token of one delivery, by which what comes back of it is known. Pure: secret in, text out.

It stands in a reverse-path (VERP), where mail servers may turn it to upper case and 64 octets are
all there is (RFC 5321, 4.5.3.1.1), and in an ENVID (RFC 3461, 4.4). So it is base32, of 40
characters whatever the address, and names a row of the books in place of a person:

    token  = base32(key id 3 bytes | MAC 16 bytes | ciphertext 6 bytes)
    MAC    = HMAC-SHA256(mac key, "bounce", list, issue, recipient key, delivery id), 128 bits
    cipher = delivery id XOR HMAC-SHA256(stream key, MAC)

The id is encrypted because ids count a list's people. It proves nothing by itself: after a restore
a row may be another's, so that the row is looked up and the MAC made again of what it says. A
token that is held against a row of another issue or another person is none of ours.
"""

import base64
import binascii
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from newsletter.subscribers.keyed import MAC, Keys, base32, keys_of, with_length, xor_stream

RETURN_TOKEN = 40
"""Characters of every token: 200 bits."""

_KEY_ID = 3
_ID = 6
"""Bytes: 281 trillion rows, which no database of ours comes to."""
_PURPOSE = "bounce"


@dataclass(frozen=True, slots=True)
class DeliveryClaim:
    """The delivery that a token would be of, if it is one of ours."""

    delivery_id: int
    _mac: bytes
    _secret: bytes
    _list_id: str

    def holds_for(self, issue: str, recipient_key: str) -> bool:
        """Whether the token was made for this very delivery: its row says so, and so does the MAC.

        Compared in constant time.
        """
        keys = _issue_keys(self._secret, self._list_id, issue)
        return hmac.compare_digest(self._mac, _mac(keys, recipient_key, _octets(self.delivery_id)))


def make_return_token(
    secret: bytes, *, list_id: str, issue: str, recipient_key: str, delivery_id: int
) -> str:
    """The same for the same delivery, so that a re-send has the same reverse-path."""
    keys = _issue_keys(secret, list_id, issue)
    octets = _octets(delivery_id)
    mac = _mac(keys, recipient_key, octets)
    return base32(keys.key_id[:_KEY_ID] + mac + xor_stream(keys, mac, octets), 200)


def read_return_token(
    token: str, secrets: Sequence[bytes], *, list_id: str
) -> Sequence[DeliveryClaim]:
    """What a token claims under each of the secrets that may have made it; seldom more than one.

    Upper and lower case are one. Nothing for what is no token.
    """
    if len(token) != RETURN_TOKEN or not token.isascii():
        return ()
    try:
        data = base64.b32decode(token, casefold=True)
    except binascii.Error:
        return ()
    key_id, mac, ciphertext = data[:_KEY_ID], data[_KEY_ID:-_ID], data[-_ID:]
    claims = []
    for secret in secrets:
        keys = keys_of(secret)
        if hmac.compare_digest(key_id, keys.key_id[:_KEY_ID]):
            delivery_id = int.from_bytes(xor_stream(keys, mac, ciphertext), "big")
            claims.append(DeliveryClaim(delivery_id, mac, secret, list_id))
    return claims


def _octets(delivery_id: int) -> bytes:
    return delivery_id.to_bytes(_ID, "big")


@lru_cache(maxsize=64)
def _issue_keys(secret: bytes, list_id: str, issue: str) -> Keys:
    """The keys, with the MAC as far as it is the same for every delivery of an issue."""
    keys = keys_of(secret)
    first = with_length(_PURPOSE) + with_length(list_id) + with_length(issue)
    return keys._replace(mac=keys.mac.after(first))


def _mac(keys: Keys, recipient_key: str, delivery_id: bytes) -> bytes:
    return keys.mac.digest(with_length(recipient_key) + delivery_id)[:MAC]
