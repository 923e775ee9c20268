"""The section [limits] of newsletter.toml: ceilings and waits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from newsletter.books import WarmUp
from newsletter.schedule import Window, parse_window
from newsletter.settings.domains import DomainGroup, domain_groups
from newsletter.settings.html_budget import HTML_BYTES, html_bytes
from newsletter.settings.table import Table
from newsletter.settings.warm_up import warm_up

_WINDOW = 'hours, "08:00-18:00", with or without days before them: "monday-friday 08:00-18:00"'


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """Ceilings and waits. `retry_after` is the pause before the second try, the third, and on.

    `resends_doubts` sends a delivery in doubt again as soon as no living process waits for it.
    `per_day` and `per_hour` are messages over one relay; None is no ceiling. Outside of the
    `window` nothing goes out, and on a day no more than the `warm_up` lets; by the publication's
    clocks.
    `lenient_addresses` takes addresses with dots where RFC 5321 has none unquoted.
    """

    html_bytes: int = HTML_BYTES
    lease: timedelta = timedelta(minutes=10)
    per_day: int | None = None
    per_hour: int | None = None
    warm_up: WarmUp | None = None
    window: Window | None = None
    domains: Sequence[DomainGroup] = ()
    resends_doubts: bool = False
    lenient_addresses: bool = False
    retry_after: Sequence[timedelta] = (
        timedelta(minutes=5),
        timedelta(minutes=15),
        timedelta(hours=1),
        timedelta(hours=4),
    )

    @property
    def groups(self) -> Mapping[str, str]:
        """The name of its group for each domain that has rules of its own."""
        return {domain: group.name for group in self.domains for domain in group.domains}

    def group(self, name: str) -> DomainGroup:
        """The rules of a group; none where newsletter.toml does not know it, as for ""."""
        known = {each.name: each for each in self.domains}
        return known.get(name, DomainGroup(name=name, domains=()))


def limits(table: Table) -> Limits:
    default = Limits()
    pauses = [int(pause.total_seconds()) // 60 for pause in default.retry_after]
    found = Limits(
        html_bytes=html_bytes(table),
        lease=timedelta(minutes=table.number("lease_minutes", 10, least=1, most=24 * 60)),
        per_day=_ceiling(table, "per_day"),
        per_hour=_ceiling(table, "per_hour"),
        domains=domain_groups(table.inner("domains")),
        warm_up=warm_up(table),
        window=table.parsed("window", parse_window, _WINDOW),
        resends_doubts=table.parsed("in_doubt", _resends, '"hold" or "resend"') or False,
        lenient_addresses=table.flag("lenient_addresses"),
        retry_after=tuple(
            timedelta(minutes=minutes)
            for minutes in table.numbers("retry_after_minutes", pauses, least=1, most=7 * 24 * 60)
        ),
    )
    table.no_other()
    return found


def _resends(value: str) -> bool:
    return {"hold": False, "resend": True}[value]


def _ceiling(table: Table, key: str) -> int | None:
    """None where it is not there; 0 would be a run that never ends, and is a fault."""
    return table.number(key, 0, least=1, most=100_000_000) or None
