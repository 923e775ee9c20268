"""The section [test] of newsletter.toml: who looks at an issue before everybody gets it."""

from collections.abc import Sequence
from dataclasses import dataclass

from newsletter.addresses import AddrSpec
from newsletter.settings.table import Table


@dataclass(frozen=True, kw_only=True, slots=True)
class TestSettings:
    """`recipients` are sent the tests that nobody else is named for, whoever is on the list."""

    recipients: Sequence[AddrSpec] = ()


def tests(table: Table) -> TestSettings:
    found = TestSettings(recipients=table.addresses("recipients"))
    table.no_other()
    return found
