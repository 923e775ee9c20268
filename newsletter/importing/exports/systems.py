"""Which system an export comes from, by what is in it; and reading it by that system's rules."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Protocol

from newsletter.errors import ExportError
from newsletter.importing.exports import buttondown, ghost, listmonk, mailchimp, substack
from newsletter.importing.exports.container import Container
from newsletter.importing.exports.export import Export, Left, System


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
    known = ", ".join(system.called for system in System)
    if not found:
        raise ExportError(
            "this is not an export of a system that can be read",
            where=container.path,
            next_step=f"give one of {known}, as it came",
        )
    raise ExportError(
        f"this could be an export of {' or of '.join(each.called for each in found)}",
        where=container.path,
        next_step="say which it is",
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
