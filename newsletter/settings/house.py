"""The section [house] of newsletter.toml, which `check` and `show` need and nothing else."""

import re
from collections.abc import Mapping
from pathlib import Path

from newsletter.check import HouseFormat, Severity, all_rules
from newsletter.errors import SettingsError
from newsletter.settings.file import FILE_NAME, read_toml
from newsletter.settings.table import Table

_MAX_STORIES = 30


def load_house(folder: Path) -> HouseFormat:
    """The house format alone. Raises SettingsError with every fault of its section."""
    faults: list[str] = []
    path = folder / FILE_NAME
    found = house(Table("house", read_toml(path).get("house", {}), faults))
    if faults:
        raise SettingsError(faults, where=str(path), next_step="mend them and try again")
    return found


def house(table: Table) -> HouseFormat:
    default = HouseFormat()
    slugs = {rule.slug for rule in all_rules()}
    stories = table.parsed(
        "stories", _range, f"a whole number from 1 to {_MAX_STORIES}, or a pair such as [5, 6]"
    )
    severities = table.parsed(
        "severities",
        lambda value: _severities(value, slugs),
        'a table of rules, { footer-wording = "error" }, each error, warning or info',
    )
    switched_off = table.texts("off")
    if not set(switched_off) <= slugs:
        table.fault("off", f"a list of rules among {', '.join(sorted(slugs))}")
    found = HouseFormat(
        stories=stories or default.stories,
        footer=table.text("footer", default.footer),
        footer_cue=table.parsed("footer_cue", _pattern, "a regular expression"),
        severities=severities or {},
        switched_off=frozenset(switched_off),
    )
    table.no_other()
    return found


def _range(value: object) -> tuple[int, int]:
    least, most = (value, value) if isinstance(value, int) else value  # type: ignore[misc]
    if isinstance(value, bool) or not (1 <= int(least) <= int(most) <= _MAX_STORIES):  # type: ignore[has-type]
        raise ValueError
    return int(least), int(most)  # type: ignore[has-type]


def _severities(value: Mapping[str, str], slugs: set[str]) -> dict[str, Severity]:
    if not value.keys() <= slugs:
        raise ValueError
    return {slug: Severity(word) for slug, word in value.items()}


def _pattern(value: str) -> str:
    try:
        re.compile(value)
    except re.error as error:
        raise ValueError from error
    return value
