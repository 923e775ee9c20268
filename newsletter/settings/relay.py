"""The `[relay]` section: what is known of the relay besides how it is reached, which is secret."""

import ipaddress
from dataclasses import dataclass

from newsletter.settings.table import Table

_ADDRESS = 'IP addresses, such as ["203.0.113.5"]'


@dataclass(frozen=True, kw_only=True, slots=True)
class RelaySettings:
    """`sends_from` are the IP addresses that receivers see, where the relay's name has others."""

    sends_from: tuple[str, ...] = ()


def relay(table: Table) -> RelaySettings:
    given = table.texts("sends_from") or ()
    table.no_other()
    try:
        addresses = tuple(str(ipaddress.ip_address(each)) for each in given)
    except ValueError:
        table.fault("sends_from", _ADDRESS)
        return RelaySettings()
    return RelaySettings(sends_from=addresses)
