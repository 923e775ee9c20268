"""Private keys for DKIM: made, read from files that nobody else may read, and put to a digest.

The one module that knows the cryptography package, which lets other threads run while it signs.
What is signed is `dkim`'s affair. RFC 6376 (3.3, 3.6.1), 8301 (key sizes), 8463 (Ed25519).
"""

import base64
import stat
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import NoReturn

from newsletter.errors import Act, MissingExtraError, Remedy, SettingsError

LEAST_BITS, GOOD_BITS, MOST_BITS = 1024, 2048, 4096
"""RFC 8301, 3.2: signers must have 1024, should have 2048; verifiers need not take over 4096."""
MAX_STRING = 255
"""Octets of one string in a TXT record (RFC 1035, 3.3)."""

_MAX_FILE = 64 * 1024
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


class Algorithm(StrEnum):
    """How a signature says what it is, in its tag `a=`."""

    RSA = "rsa-sha256"
    ED25519 = "ed25519-sha256"


@dataclass(frozen=True, kw_only=True, slots=True)
class DkimKey:
    """One private key under its selector. `sign` takes a SHA-256 digest; it may run in threads.

    Both kinds sign the same digest the same way every time, so a re-send has the same bytes.
    """

    selector: str
    algorithm: Algorithm
    bits: int
    public: bytes = field(repr=False)
    sign: Callable[[bytes], bytes] = field(repr=False)

    @property
    def record(self) -> str:
        """What stands in the DNS under `<selector>._domainkey.<domain>`, as TXT."""
        kind = self.algorithm.partition("-")[0]
        return f"v=DKIM1; k={kind}; p={base64.b64encode(self.public).decode('ascii')}"

    @property
    def is_weak(self) -> bool:
        return self.algorithm is Algorithm.RSA and self.bits < GOOD_BITS


def record_strings(record: str) -> tuple[str, ...]:
    """A record as the strings a TXT record is made of; a resolver joins them without a space."""
    return tuple(record[at : at + MAX_STRING] for at in range(0, len(record), MAX_STRING))


def new_key(algorithm: Algorithm, *, bits: int = GOOD_BITS) -> bytes:
    """A new private key in PEM (PKCS #8), not encrypted. `bits` is for RSA alone."""
    _needs_cryptography()
    from cryptography.hazmat.primitives import serialization as form
    from cryptography.hazmat.primitives.asymmetric import ed25519, rsa

    key: rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey
    if algorithm is Algorithm.RSA:
        key = rsa.generate_private_key(public_exponent=65537, key_size=bits)
    else:
        key = ed25519.Ed25519PrivateKey.generate()
    return key.private_bytes(form.Encoding.PEM, form.PrivateFormat.PKCS8, form.NoEncryption())


def read_key(path: Path, *, selector: str, algorithm: Algorithm) -> DkimKey:
    """The key in a file of mode 0600. Raises SettingsError, which says what is wrong with it."""
    _needs_cryptography()
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        private = load_pem_private_key(_private_file(path), password=None)
    except TypeError as error:
        _refuse(path, "is encrypted", error, step="keep it unencrypted, mode 600")
    except (ValueError, UnsupportedAlgorithm) as error:
        _refuse(path, "is not a private key in PEM", error)
    key = _key(private, selector)
    if key is None or key.algorithm is not algorithm:
        _refuse(path, f"is not a key for {algorithm}")
    if algorithm is Algorithm.RSA and not LEAST_BITS <= key.bits <= MOST_BITS:
        sizes = f"{LEAST_BITS} to {MOST_BITS}, better {GOOD_BITS}"
        _refuse(path, f"has {key.bits} bits: receivers take {sizes} (RFC 8301)")
    return key


def _private_file(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            mode = path.stat().st_mode
            content = file.read(_MAX_FILE)
    except FileNotFoundError as error:
        _refuse(path, "is not there", error)
    except OSError as error:
        what = f"cannot be read: {error.strerror or error}"
        _refuse(path, what, error, step="check its permissions")
    if mode & _OTHERS:
        what = f"may be read by others (mode {mode & 0o777:o})"
        _refuse(path, what, step=f"`chmod 600 {path}`")
    return content


def _refuse(path: Path, what: str, error: Exception | None = None, *, step: str = "") -> NoReturn:
    """Where there is no step to mend this key, another one is to be made."""
    fault, where = f"the DKIM key {what}", str(path)
    if step:
        raise SettingsError([f"{fault}: {step}"], where=where) from error
    remedy = Remedy(Act.MAKE_DKIM_KEY)
    raise SettingsError([fault], where=where, next_step="make a key", remedy=remedy) from error


def _key(private: object, selector: str) -> DkimKey | None:
    """None for a kind of key that DKIM does not know."""
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives import serialization as form
    from cryptography.hazmat.primitives.asymmetric import ed25519, padding, rsa, utils

    if isinstance(private, ed25519.Ed25519PrivateKey):
        return DkimKey(
            selector=selector,
            algorithm=Algorithm.ED25519,
            bits=256,
            public=private.public_key().public_bytes_raw(),  # RFC 8463, 4
            sign=private.sign,
        )
    if not isinstance(private, rsa.RSAPrivateKey):
        return None
    sign, pad, digest = private.sign, padding.PKCS1v15(), utils.Prehashed(hashes.SHA256())
    public = private.public_key()
    return DkimKey(
        selector=selector,
        algorithm=Algorithm.RSA,
        bits=private.key_size,
        public=public.public_bytes(form.Encoding.DER, form.PublicFormat.SubjectPublicKeyInfo),
        sign=lambda value: sign(value, pad, digest),
    )


def _needs_cryptography() -> None:
    try:
        import cryptography  # noqa: F401 - only whether it is there; it costs, so not above
    except ImportError as error:
        raise MissingExtraError("DKIM", extra="dkim") from error
