"""Private keys for DKIM: made, read from where nobody else may read, and put to a digest.

The one module that knows the cryptography package, which lets other threads run while it signs.
What is signed is `dkim`'s affair. RFC 6376 (3.3, 3.6.1), 8301 (key sizes), 8463 (Ed25519).
"""

import base64
import os
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
_BEYOND_A_GROUP = stat.S_IWGRP | stat.S_IXGRP | stat.S_IRWXO
_ROOT = 0


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


def read_key(
    path: Path, *, selector: str, algorithm: Algorithm, is_credential: bool = False
) -> DkimKey:
    """The key in a file. Raises SettingsError, which says what is wrong with it.

    Its mode is 0600, or 0640 and 0440 where the group is one of ours, as secrets are mounted by
    Kubernetes. A credential's mode is systemd's affair (systemd.exec(5), CREDENTIALS).
    """
    _needs_cryptography()
    return parse_key(
        _private_file(path, is_credential=is_credential),
        where=str(path),
        selector=selector,
        algorithm=algorithm,
    )


def parse_key(pem: bytes, *, where: str, selector: str, algorithm: Algorithm) -> DkimKey:
    """The key in PEM; raises what `read_key` does. `where` is the file or variable it is from."""
    _needs_cryptography()
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        private = load_pem_private_key(pem, password=None)
    except TypeError as error:
        _refuse(where, "is encrypted", error, step="keep it unencrypted, mode 600")
    except (ValueError, UnsupportedAlgorithm) as error:
        _refuse(where, "is not a private key in PEM", error)
    key = _key(private, selector)
    if key is None or key.algorithm is not algorithm:
        _refuse(where, f"is not a key for {algorithm}")
    if algorithm is Algorithm.RSA and not LEAST_BITS <= key.bits <= MOST_BITS:
        sizes = f"{LEAST_BITS} to {MOST_BITS}, better {GOOD_BITS}"
        _refuse(where, f"has {key.bits} bits: receivers take {sizes} (RFC 8301)")
    return key


def _private_file(path: Path, *, is_credential: bool) -> bytes:
    where = str(path)
    try:
        with path.open("rb") as file:
            status = os.fstat(file.fileno())
            content = file.read(_MAX_FILE)
    except FileNotFoundError as error:
        step = "give it to the unit: LoadCredential=NAME:FILE" if is_credential else ""
        _refuse(where, "is not there", error, step=step)
    except OSError as error:
        what = f"cannot be read: {error.strerror or error}"
        _refuse(where, what, error, step="check its permissions")
    if not is_credential and _is_seen_by_others(status):
        what = f"may be read by others (mode {status.st_mode & 0o777:o})"
        _refuse(where, what, step=f"`chmod 600 {path}`")
    return content


def _is_seen_by_others(status: os.stat_result) -> bool:
    """Whether anybody can read or change it who is neither its owner nor in a group of ours."""
    if not status.st_mode & _OTHERS:
        return False
    groups = {os.getegid(), *os.getgroups()}
    is_ours = status.st_gid in groups or os.geteuid() == _ROOT  # who reads everything anyhow
    return bool(status.st_mode & _BEYOND_A_GROUP) or not is_ours


def _refuse(where: str, what: str, error: Exception | None = None, *, step: str = "") -> NoReturn:
    """Where there is no step to mend this key, another one is to be made."""
    fault = f"the DKIM key {what}"
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
