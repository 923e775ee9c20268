"""The section [dkim] of newsletter.toml: who signs, under which selector, with which key file.

Files and credentials are named here and read only by who signs; what a key must be is left to
`message`.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from newsletter.settings.environment import DKIM_KEYS, Environment
from newsletter.settings.faults import Fault, Origin
from newsletter.settings.table import Table

if TYPE_CHECKING:
    from newsletter.message import Algorithm, Sender

DEFAULT_KEY = "dkim/rsa.pem"
CREDENTIAL = "credential:"
"""What the name of a systemd credential stands behind, in place of a path."""

CREDENTIALS_DIRECTORY = "CREDENTIALS_DIRECTORY"
"""The variable in which systemd says where a unit's credentials are (systemd.exec(5))."""

_CREDENTIAL_NAME = re.compile(r"(?!\.{1,2}$)[A-Za-z0-9_.-]{1,255}")
_SELECTOR = 'a name for the key, letters, digits, "-" and ".", such as "n202111"'


@dataclass(frozen=True, kw_only=True, slots=True)
class DkimKeyFile:
    """Which key: its selector, its kind, and the file it is in, which may be a credential."""

    selector: str
    algorithm: "Algorithm"
    path: Path
    is_credential: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class DkimSettings:
    """Signatures of one domain: RSA first, then Ed25519 where there is one.

    `expires_days` is how long a signature holds; None is for ever.
    """

    domain: str
    keys: Sequence[DkimKeyFile]
    expires_days: int | None


def dkim(
    table: Table, folder: Path, sender: "Sender | None", environ: Mapping[str, str]
) -> DkimSettings | None:
    """None where the section has nothing in it: then no message is signed.

    Of `environ` only the place of the credentials is read.
    """
    if table.is_empty:
        return None
    from newsletter.message import Algorithm, check_alignment  # only for who signs

    own_domain = sender.mailbox.addr_spec.domain if sender else ""
    domain = table.text("domain", own_domain).lower()
    place = _Place(folder, Path(environ.get(CREDENTIALS_DIRECTORY) or f"${CREDENTIALS_DIRECTORY}"))
    rsa = _key_file(table, place, Algorithm.RSA, "selector", "key", DEFAULT_KEY)
    keys = [rsa]
    if table.has("ed25519_selector") or table.has("ed25519_key"):
        names = "ed25519_selector", "ed25519_key"
        keys.append(_key_file(table, place, Algorithm.ED25519, *names, "dkim/ed25519.pem"))
    days = table.number("expires_days", 0, least=1, most=365)
    table.no_other()
    if sender and domain:
        table.made(lambda: check_alignment(domain, own_domain))
    if len({key.selector for key in keys if key}) < sum(map(bool, keys)):
        table.fault("ed25519_selector", "another selector than the RSA key has")
    found = [key for key in keys if key]
    return DkimSettings(domain=domain, keys=found, expires_days=days or None)


def unused_key_faults(
    found: DkimSettings | None, environment: Environment, origin: Origin
) -> Iterator[Fault]:
    """A key that is given and signs nothing: somebody thinks that it does."""
    used = {key.algorithm.value for key in found.keys} if found else set()
    for algorithm in environment.dkim_keys.keys() - used:
        names = "selector" if algorithm.startswith("rsa") else "ed25519_selector"
        name = DKIM_KEYS[algorithm]
        yield origin.fault(
            name, f"{name} is set, but [dkim] has no {names} for it: nothing is signed"
        )


class _Place(NamedTuple):
    """Where key files are, and where credentials are."""

    folder: Path
    credentials: Path


def _key_file(
    table: Table, place: _Place, algorithm: "Algorithm", selector: str, path: str, default: str
) -> DkimKeyFile | None:
    named = table.required(selector, _selector, _SELECTOR)
    said = table.text(path, default)
    is_credential = said.startswith(CREDENTIAL)
    name = said.removeprefix(CREDENTIAL)
    if is_credential and _CREDENTIAL_NAME.fullmatch(name) is None:
        table.fault(path, 'the name of a credential, such as "credential:dkim"')
    file = (place.credentials if is_credential else place.folder) / name
    if not named:
        return None
    return DkimKeyFile(selector=named, algorithm=algorithm, path=file, is_credential=is_credential)


def _selector(value: object) -> str:
    from newsletter.message import is_selector

    if not isinstance(value, str) or not is_selector(value):
        raise ValueError
    return value.lower()
