"""How many bytes the HTML of an issue may have: what a check asks of the settings, and no more.

So a check of text reads no other section, and loads nothing that those need.
"""

from pathlib import Path

from newsletter.errors import SettingsError
from newsletter.settings.file import FILE_NAME, read_toml
from newsletter.settings.table import Table

HTML_BYTES = 100_000


def html_bytes(table: Table) -> int:
    return table.number("html_bytes", HTML_BYTES, least=10_000, most=10_000_000)


def load_html_budget(folder: Path) -> int | None:
    """How many bytes the HTML of an issue may have; None where nothing can be rendered.

    That is where newsletter.toml has no [publication], only a house format to check by. Raises
    SettingsError.
    """
    faults: list[str] = []
    path = folder / FILE_NAME
    data = read_toml(path)
    if "publication" not in data:
        return None
    found = html_bytes(Table("limits", data.get("limits", {}), faults))
    if faults:
        raise SettingsError(faults, where=str(path), next_step="mend them and try again")
    return found
