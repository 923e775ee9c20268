"""The exports in tests/exports, read; and archives of them, as people get them."""

import zipfile
from collections.abc import Mapping
from pathlib import Path

from newsletter.importing.exports import (
    Export,
    PastIssue,
    System,
    Written,
    open_container,
    read_export,
    system_of,
    write_all,
)

SAMPLES = Path(__file__).parent / "exports"


def export_at(path: Path, *, site: str = "") -> Export:
    """An export, by what is in it."""
    with open_container(path) as container:
        return read_export(container, system_of(container), site=site)


def sample(system: System, *, site: str = "") -> Export:
    return export_at(SAMPLES / system, site=site)


def written_of(export: Export) -> dict[str, Written]:
    """Its issues as texts, by shelf and name."""
    found = write_all(export.issues, export.system)
    return {f"{each.shelf}/{each.name}": each for each in found if isinstance(each, Written)}


def empty_of(export: Export) -> list[str]:
    found = write_all(export.issues, export.system)
    return [each.label for each in found if isinstance(each, PastIssue)]


def zipped(system: System, path: Path, *, within: str = "", more: Mapping[str, bytes] = {}) -> Path:
    """A sample as an archive, perhaps in a folder of its own, as a Mac makes it."""
    folder = SAMPLES / system
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        if within:
            archive.writestr(f"{within}/", "")
        for file in sorted(folder.rglob("*")):
            if file.is_file():
                archive.write(file, f"{within}/{file.relative_to(folder)}".lstrip("/"))
        for name, octets in more.items():
            archive.writestr(name, octets)
    return path
