"""Which system an export comes from, by what is in it; and reading it by that system's rules."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Protocol

from newsletter.errors import Act, ExportError, Remedy
from newsletter.importing.exports import buttondown, ghost, listmonk, mailchimp, substack
from newsletter.importing.exports.container import Container
from newsletter.importing.exports.export import Export, Left, System
from newsletter.importing.exports.tables import names_of
from newsletter.subscribers import has_address


class _Reader(Protocol):
    """What the module of each system has."""

    def recognises(self, container: Container) -> bool: ...

    def read(self, container: Container) -> Export: ...


_READERS: Mapping[System, _Reader] = {
    System.SUBSTACK: substack,
    System.GHOST: ghost,
    System.MAILCHIMP: mailchimp,
    System.BUTTONDOWN: buttondown,
    System.LISTMONK: listmonk,
}


def system_of(container: Container) -> System:
    """Raises ExportError where it is none that we know, or could be of two of them."""
    found = [system for system, reader in _READERS.items() if reader.recognises(container)]
    if len(found) == 1:
        return found[0]
    if not found:
        raise _unknown(container)
    raise ExportError(
        f"this could be an export of {' or of '.join(each.called for each in found)}",
        where=container.path,
        next_step="say which it is",
    )


def _unknown(container: Container) -> ExportError:
    """What it is instead, as far as that can be seen."""
    if packed := container.packed():
        return ExportError(
            f"“{packed[0].base}” is an archive, and is not looked into",
            where=container.path,
            next_step="unpack it, and give the folder",
        )
    if any(has_address(names_of(container, each)) for each in container.all(".csv")):
        return ExportError(
            "this is a list of people, and not an export of a system that can be read",
            where=container.path,
            next_step="begin without it, and then bring them in",
            remedy=Remedy(Act.IMPORT_SUBSCRIBERS),
        )
    known = ", ".join(system.called for system in System)
    return ExportError(
        "this is not an export of a system that can be read",
        where=container.path,
        next_step=f"give one of {known}, as it came",
    )


def read_export(container: Container, system: System, *, site: str = "") -> Export:
    """All that is in it. `site` is the old site's address, where the export leaves links open.

    Raises ExportError for what is damaged, or of another system.
    """
    if system is System.GHOST:
        export = ghost.read(container, site)
    else:
        export = _READERS[system].read(container)
    if not export.issues and not export.people:
        raise ExportError(
            f"there are no issues and no readers of {system.called} in it",
            where=container.path,
            next_step="give the export as it came",
        )
    if container.skipped:
        left = {**export.left, Left.LINKS: ["…"] * container.skipped}
        return replace(export, left=left)
    return export
