"""The section [notifications] of newsletter.toml: who is told when a send went well, or did not."""

from collections.abc import Sequence
from dataclasses import dataclass

from newsletter.addresses import AddrSpec
from newsletter.errors import SettingsError
from newsletter.settings.environment import WEBHOOK_SECRET, Environment
from newsletter.settings.faults import Fault, Origin
from newsletter.settings.file import FILE_NAME
from newsletter.settings.table import Table, https_address

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
        alert=table.addresses("alert"),
        report=table.addresses("report"),
        webhook=table.parsed("webhook", https_address, _URL),
    )
    table.no_other()
    return found


def secret_faults(found: Notifications, environment: Environment, origin: Origin) -> list[Fault]:
    """The fault of a webhook that nobody can sign for."""
    if found.webhook is None:
        return []
    from newsletter.notices import read_secret

    if environment.webhook_secret is not None:
        try:
            read_secret(environment.webhook_secret.reveal())
        except SettingsError as error:
            return [origin.fault(WEBHOOK_SECRET, fault) for fault in error.faults]
        return []
    step = '`python3 -c "import secrets; print(secrets.token_hex(32))"` makes one'
    unsigned = f"webhook is set, but {WEBHOOK_SECRET}, which signs what it is told, is not"
    return [Fault(str(origin.folder / FILE_NAME), f"[notifications] {unsigned}: {step}")]
