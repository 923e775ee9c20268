"""The section [notifications] of newsletter.toml: who is told when a send went well, or did not."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from newsletter.addresses import AddrSpec, parse_addr_spec
from newsletter.errors import SettingsError
from newsletter.settings.environment import WEBHOOK_SECRET, Environment
from newsletter.settings.table import Table

_ADDRESSES = 'a list of addresses, ["desk@example.com"]'
_URL = 'an https address, "https://hooks.example.com/newsletter"'


@dataclass(frozen=True, kw_only=True, slots=True)
class Notifications:
    """`alert` hears of what needs a person, `report` what became of each scheduled run.

    `webhook` is an address that is told both as signed JSON; None for nobody.
    """

    alert: Sequence[AddrSpec] = ()
    report: Sequence[AddrSpec] = ()
    webhook: str | None = None


def notifications(table: Table) -> Notifications:
    found = Notifications(
        alert=table.parsed("alert", _addresses, _ADDRESSES) or (),
        report=table.parsed("report", _addresses, _ADDRESSES) or (),
        webhook=table.parsed("webhook", _https, _URL),
    )
    table.no_other()
    return found


def secret_faults(found: Notifications, environment: Environment) -> list[str]:
    """The fault of a webhook that nobody can sign for."""
    if found.webhook is None:
        return []
    from newsletter.notices import read_secret

    if environment.webhook_secret is not None:
        try:
            read_secret(environment.webhook_secret.reveal())
        except SettingsError as error:
            return list(error.faults)
        return []
    step = '`python3 -c "import secrets; print(secrets.token_hex(32))"` makes one'
    unsigned = f"webhook is set, but {WEBHOOK_SECRET}, which signs what it is told, is not"
    return [f"[notifications] {unsigned}: {step}"]


def _addresses(value: object) -> tuple[AddrSpec, ...]:
    if not isinstance(value, list):
        raise TypeError
    found = {spec.key: spec for spec in map(_address, value)}
    return tuple(found.values())


def _address(item: object) -> AddrSpec:
    if not isinstance(item, str):
        raise TypeError
    return parse_addr_spec(item)


def _https(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme != "https" or not parts.hostname or parts.username or parts.password:
        raise ValueError
    return value
