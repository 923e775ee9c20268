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

from newsletter.subscribers.keyed import (
    KEY_ID,
    MAC,
    Begun,
    Keys,
    base32,
    keys_of,
    with_length,
    xor_stream,
)

_URL_SAFE = bytes.maketrans(b"+/", b"-_")
_MESSAGE_ID_BITS = 120


@lru_cache(maxsize=64)
def _token_keys(secret: bytes, purpose: str, list_id: str) -> Keys:
    """The keys, with the MAC as far as it is the same for every subject."""
    keys = keys_of(secret)
    return keys._replace(mac=keys.mac.after(with_length(purpose) + with_length(list_id)))


@lru_cache(maxsize=64)
def _issue_mac(secret: bytes, list_id: str, issue: str) -> Begun:
    return keys_of(secret).message_id.after(with_length(list_id) + with_length(issue))


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
    mac = keys.mac.digest(len(octets).to_bytes(4, "big") + octets)[:MAC]
    return _encode(keys.key_id + mac + xor_stream(keys, mac, octets))


def read_token(
    token: str, secrets: bytes | Sequence[bytes], *, purpose: str, list_id: str
) -> str | None:
    """The subject of a token that one of the secrets made for this purpose and list, else None.

    Give the present secret and the former ones, in any order.
    """
    data = _decode(token)
    if data is None or len(data) < KEY_ID + MAC:
        return None
    key_id, mac, ciphertext = data[:KEY_ID], data[KEY_ID:][:MAC], data[KEY_ID + MAC :]
    for secret in [secrets] if isinstance(secrets, bytes) else secrets:
        keys = _token_keys(secret, purpose, list_id)
        if not hmac.compare_digest(key_id, keys.key_id):
            continue
        subject = xor_stream(keys, mac, ciphertext).decode("utf-8", "replace")
        # Bytes on both sides: compare_digest raises TypeError on text beyond ASCII.
        if hmac.compare_digest(mac, keys.mac.digest(with_length(subject))[:MAC]):
            return subject
    return None


def message_id_mac(secret: bytes, *, list_id: str, issue: str, recipient_key: str) -> str:
    """What stands left of the @ in a Message-ID: 24 characters a-z2-7, 120 bits, no address.

    Equal for the same list, issue and recipient, so that a re-send carries the same Message-ID; of
    another list with the same secret it proves nothing.
    """
    digest = _issue_mac(secret, list_id, issue).digest(with_length(recipient_key))
    return base32(digest, _MESSAGE_ID_BITS)
