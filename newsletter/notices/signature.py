"""The signature of a webhook, as https://www.standardwebhooks.com has it (version 1.0.0).

Knows the secret's two forms and what is signed; how it is posted is `webhook`'s business.
"""

import base64
import binascii
import hashlib
import hmac

from newsletter.errors import SettingsError

PREFIX = "whsec_"
MIN_OCTETS = 24
"""192 bits: the least that the specification allows."""


def read_secret(text: str) -> bytes:
    """The key: `whsec_` and base64, or any text of 24 octets or more, which is the key as it is.

    Raises SettingsError, which does not show it.
    """
    key = _decoded(text) if text.startswith(PREFIX) else text.encode()
    if key is None:
        raise _no_secret(f"what follows its {PREFIX} is not base64")
    if len(key) < MIN_OCTETS:
        raise _no_secret(f"it has {len(key)} octets, and needs at least {MIN_OCTETS}")
    return key


def _decoded(text: str) -> bytes | None:
    """Padding may be missing; many programs leave it out."""
    data = text.removeprefix(PREFIX).rstrip("=")
    try:
        return base64.b64decode(data + "=" * (-len(data) % 4), validate=True)
    except (binascii.Error, ValueError):
        return None


def _no_secret(why: str) -> SettingsError:
    return SettingsError(
        [f"the webhook's secret is not usable: {why}"],
        next_step='make one with `python3 -c "import secrets; print(secrets.token_hex(32))"`',
    )


def sign(key: bytes, message_id: str, timestamp: int, body: bytes) -> str:
    """The value of `webhook-signature`; `timestamp` is in seconds since 1970."""
    signed = f"{message_id}.{timestamp}.".encode() + body
    digest = hmac.new(key, signed, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(digest).decode('ascii')}"
