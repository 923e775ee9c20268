"""What lies on this machine: settings, files and their modes, templates, keys."""

import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

from newsletter.errors import Act
from newsletter.publishing.doctoring.finding import Finding, bad, ok, warn
from newsletter.publishing.keys import configured_records
from newsletter.publishing.publication import Publication
from newsletter.publishing.templates import TemplateState, find_templates
from newsletter.publishing.witness import WITNESS_NAME
from newsletter.settings import FILE_NAME

_OTHERS = stat.S_IRWXO
_OTHERS_WRITE = stat.S_IWOTH
_LITTLE_ROOM = 200 * 1024 * 1024
"""Octets: less than that, and a large send may fill the disk."""


def settings(publication: Publication) -> Iterator[Finding]:
    publication.secret_key()
    yield ok("settings", f"{FILE_NAME} and the environment have no fault")
    for caution in publication.settings.cautions:
        yield warn("settings", caution, "")
    if not publication.settings.notifications.alert:
        what = "nobody is told when something needs a person"
        yield warn("settings", what, "name somebody under [notifications] alert")


def files(publication: Publication) -> Iterator[Finding]:
    folder = publication.settings.folder
    for name in (FILE_NAME, ".env", "templates"):
        path = folder / name
        if path.exists() and path.stat().st_mode & _OTHERS_WRITE:
            yield bad("files", f"{name} may be changed by others", f"`chmod o-w {path}`")
    env = folder / ".env"
    if env.exists() and env.stat().st_mode & _OTHERS:
        yield warn("files", ".env may be read by others", f"`chmod 600 {env}`")
    yield from _witness_file(publication.settings.witness_folder)
    free = shutil.disk_usage(folder).free
    room = f"{free // 1024**2:,} MB free"
    if free < _LITTLE_ROOM:
        yield warn("files", f"only {room} on the disk", "make room before you send")
    else:
        yield ok("files", f"{folder}: {room}")


def _witness_file(folder: Path) -> Iterator[Finding]:
    """One that another user made, root as a rule, cannot be kept by who owns the publication."""
    witness = folder / WITNESS_NAME
    if witness.exists() and witness.stat().st_uid != folder.stat().st_uid:
        what = f"{WITNESS_NAME} belongs to another user than the folder"
        yield bad("files", what, f"give {witness} to the owner of {folder}")


def templates(publication: Publication) -> Iterator[Finding]:
    chosen = publication.settings
    found = find_templates(chosen.folder, chosen.theme_package)
    for one in found:
        if one.state is TemplateState.OLDER:
            what = f"{one.name} is yours, made from ours of {one.made_from}, and ours has changed"
            yield warn("templates", what, "see what is new in ours", Act.COMPARE_TEMPLATES)
    unmarked = [one.name for one in found if one.state is TemplateState.UNMARKED]
    if unmarked:
        what = f"yours do not say of which of ours they were made: {', '.join(unmarked)}"
        step = "remove those that you never changed, and compare the others"
        yield warn("templates", what, step, Act.COMPARE_TEMPLATES)
    own = [one.name for one in found if one.state in (TemplateState.OWN, TemplateState.ADDED)]
    yield ok("templates", f"yours are up to date: {', '.join(own)}" if own else "all are ours")


def dkim(publication: Publication) -> Iterator[Finding]:
    if publication.settings.dkim is None:
        what = "messages are not signed here"
        yield warn("dkim", what, "make a key, unless the relay signs", Act.MAKE_DKIM_KEY)
        return
    for record in configured_records(publication):
        shown = f"{record.name} ({record.algorithm}, {record.bits} bits)"
        if record.is_weak:
            step = "make a new one of 2048 bits"
            yield warn("dkim", f"{shown} is weak (RFC 8301)", step, Act.MAKE_DKIM_KEY)
        else:
            yield ok("dkim", shown)
