"""The section [dkim] of newsletter.toml: who signs, under which selector, with which key file.

Files are named here and read only by who signs; what a key must be is left to `message`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from newsletter.settings.table import Table

if TYPE_CHECKING:
    from newsletter.message import Algorithm, Sender

DEFAULT_KEY = "dkim/rsa.pem"
_SELECTOR = 'a name for the key, letters, digits, "-" and ".", such as "n202111"'


@dataclass(frozen=True, kw_only=True, slots=True)
class DkimKeyFile:
    """Which key: its selector, its kind, and the file it is in."""

    selector: str
    algorithm: "Algorithm"
    path: Path


@dataclass(frozen=True, kw_only=True, slots=True)
class DkimSettings:
    """Signatures of one domain: RSA first, then Ed25519 where there is one.

    `expires_days` is how long a signature holds; None is for ever.
    """

    domain: str
    keys: Sequence[DkimKeyFile]
    expires_days: int | None


def dkim(table: Table, folder: Path, sender: "Sender | None") -> DkimSettings | None:
    """None where the section has nothing in it: then no message is signed."""
    if table.is_empty:
        return None
    from newsletter.message import Algorithm, check_alignment  # only for who signs

    own_domain = sender.mailbox.addr_spec.domain if sender else ""
    domain = table.text("domain", own_domain).lower()
    rsa = _key_file(table, folder, Algorithm.RSA, "selector", "key", DEFAULT_KEY)
    keys = [rsa]
    if table.has("ed25519_selector") or table.has("ed25519_key"):
        names = "ed25519_selector", "ed25519_key"
        keys.append(_key_file(table, folder, Algorithm.ED25519, *names, "dkim/ed25519.pem"))
    days = table.number("expires_days", 0, least=1, most=365)
    table.no_other()
    if sender and domain:
        table.made(lambda: check_alignment(domain, own_domain))
    if len({key.selector for key in keys if key}) < sum(map(bool, keys)):
        table.fault("ed25519_selector", "another selector than the RSA key has")
    found = [key for key in keys if key]
    return DkimSettings(domain=domain, keys=found, expires_days=days or None)


def _key_file(
    table: Table, folder: Path, algorithm: "Algorithm", selector: str, path: str, default: str
) -> DkimKeyFile | None:
    named = table.required(selector, _selector, _SELECTOR)
    file = folder / table.text(path, default)
    return DkimKeyFile(selector=named, algorithm=algorithm, path=file) if named else None


def _selector(value: object) -> str:
    from newsletter.message import is_selector

    if not isinstance(value, str) or not is_selector(value):
        raise ValueError
    return value.lower()
