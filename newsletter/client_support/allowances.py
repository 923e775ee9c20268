"""What may lack in a mail program, each with the reason why that does no harm.

Ours are data, `allowed.toml`, and speak for our templates; a publication adds its own, in the same
form, under [clients] in newsletter.toml.
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from newsletter.client_support.support import Client, SupportData


@dataclass(frozen=True, kw_only=True, slots=True)
class Allowance:
    """`clients` are keys and families; where there is none, the allowance is for all."""

    slug: str
    reason: str
    clients: tuple[str, ...] = ()
    is_ours: bool = False

    def covers(self, slug: str, client: Client) -> bool:
        family = client.key.split(".")[0]
        return slug == self.slug and (
            not self.clients or client.key in self.clients or family in self.clients
        )


@cache
def our_allowances() -> tuple[Allowance, ...]:
    table = Path(__file__).parent / "allowed.toml"
    values = tomllib.loads(table.read_text(encoding="utf-8"))
    return tuple(
        Allowance(
            slug=slug,
            reason=value["reason"],
            clients=tuple(value.get("clients", ())),
            is_ours=True,
        )
        for slug, value in values.items()
    )


def read_allowances(values: object) -> tuple[Allowance, ...]:
    """A publication's: `slug = "reason"`, or `slug = { reason = "…", clients = ["outlook"] }`.

    Raises ValueError for anything else.
    """
    if not isinstance(values, Mapping):
        raise ValueError  # noqa: TRY004 - all that is not in the form is one fault
    return tuple(_read(slug, value) for slug, value in values.items())


def _read(slug: str, value: object) -> Allowance:
    table = {"reason": value} if isinstance(value, str) else value
    if not isinstance(table, Mapping) or not table.keys() <= {"reason", "clients"}:
        raise ValueError
    reason, clients = table.get("reason"), table.get("clients", [])
    if not isinstance(reason, str) or not reason.strip():
        raise ValueError
    if not isinstance(clients, list) or not all(isinstance(one, str) for one in clients):
        raise ValueError
    return Allowance(slug=slug, reason=reason, clients=tuple(clients))


def unknown_names(allowances: Iterable[Allowance], data: SupportData) -> tuple[str, ...]:
    """The features and clients that they name and nobody knows."""
    names: list[str] = []
    for allowance in allowances:
        names += () if allowance.slug in data.features else (allowance.slug,)
        names += data.unknown(allowance.clients)
    return tuple(names)
