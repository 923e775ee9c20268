"""The section [clients] of newsletter.toml: mail programs of note, and what may lack in them."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from newsletter.settings.table import Table

if TYPE_CHECKING:
    from newsletter.client_support import Allowance

_FORM = 'a table of features and reasons, { css-border-radius = "square corners are fine" }'


@dataclass(frozen=True, kw_only=True, slots=True)
class ClientSettings:
    """`only` are keys and families of clients; where there is none, our own list holds."""

    allowed: "tuple[Allowance, ...]" = ()
    only: tuple[str, ...] = ()


def clients(table: Table) -> ClientSettings:
    """What names a feature or a client that nobody knows is a fault."""
    if not (table.has("allowed") or table.has("only")):
        table.parsed("allowed", str, _FORM)  # so that the keys are known to `no_other`
        table.texts("only")
        table.no_other()
        return ClientSettings()
    from newsletter.client_support import load_support, read_allowances, unknown_names

    allowed = table.parsed("allowed", read_allowances, _FORM) or ()
    only = table.texts("only")
    table.no_other()
    data = load_support()
    for name in unknown_names(allowed, data):
        table.fault("allowed", f"made of known features and clients: {name} is not one")
    for name in data.unknown(only):
        table.fault("only", f"a list of known clients and families: {name} is not one")
    return ClientSettings(allowed=allowed, only=only)
