"""Whose each template is: ours, or the publication's own, and whether ours has changed since.

A template of one's own begins with a comment that says of which of ours it was made; nothing of it
is in what is rendered. What a template means is left to `render`.
"""

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from pathlib import Path

from newsletter import __version__
from newsletter.errors import Act, OutputError, Remedy
from newsletter.files import write_new
from newsletter.starter import default_templates

_NOTE = re.compile(r"\A\ufeff?\{# Made from newsletter (\S+), ([0-9a-f]{16})\.[^#]*#\}\n?")


class TemplateState(StrEnum):
    """Whose a template is. `older` and `unmarked` ones may lack what we have mended since."""

    OURS = "ours"
    OWN = "yours"
    OLDER = "yours, from an older one of ours"
    UNMARKED = "yours, from nobody knows which of ours"
    ADDED = "yours alone"


@dataclass(frozen=True, kw_only=True, slots=True)
class Template:
    """`name` is its path below `templates/`; `made_from` is of which version an older one is."""

    name: str
    state: TemplateState
    made_from: str = ""


def find_templates(folder: Path) -> tuple[Template, ...]:
    """Every template of ours and of the publication in this folder, by name."""
    ours, own = default_templates(), folder / "templates"
    names = {*_names(ours), *(_names(own) if _is_apart(own, ours) else ())}
    return tuple(_template(name, ours, own) for name in sorted(names))


def eject(name: str, folder: Path) -> Path:
    """Copy one of ours into the publication, to be changed. Raises OutputError.

    `name` may go without its suffixes: `partials/story`.
    """
    own = folder / "templates"
    known = _known_name(name)
    text = _read(default_templates() / known)
    write_new(own / known, f"{note_for(known)}\n{text}".encode(), mode=0o644, kind="template")
    return own / known


def note_for(name: str) -> str:
    """The comment with which a copy of this one of ours begins."""
    digest = _digest(_read(default_templates() / name))
    return f"{{# Made from newsletter {__version__}, {digest}. What ours has since is not here. #}}"


def difference(name: str, folder: Path) -> str:
    """A unified diff from ours to the publication's own, "" where they say the same."""
    ours, own = default_templates() / name, folder / "templates" / name
    before, after = (_without_note(_read(path)).splitlines() for path in (ours, own))
    found = difflib.unified_diff(before, after, f"ours/{name}", f"templates/{name}", lineterm="")
    return "\n".join(found)


def _template(name: str, ours: Path, own: Path) -> Template:
    if not (own / name).is_file() or not _is_apart(own, ours):
        return Template(name=name, state=TemplateState.OURS)
    if not (ours / name).is_file():
        return Template(name=name, state=TemplateState.ADDED)
    text, packaged = _read(own / name), _read(ours / name)
    note = _NOTE.match(text)
    if note and note[2] != _digest(packaged):
        return Template(name=name, state=TemplateState.OLDER, made_from=note[1])
    if note or _without_note(text) == packaged:
        return Template(name=name, state=TemplateState.OWN)
    return Template(name=name, state=TemplateState.UNMARKED)


def _known_name(name: str) -> str:
    names = [*_names(default_templates())]
    asked = name.removeprefix("templates/")
    found = [one for one in names if one == asked] or [
        one for one in names if one.startswith(f"{asked}.")
    ]
    if len(found) == 1:
        return found[0]
    if found:
        step = f"name one of {', '.join(found)}"
        raise OutputError(f"{name} is the beginning of several templates", next_step=step)
    bare = [one.partition(".")[0] for one in names]
    near = difflib.get_close_matches(asked, [*names, *bare], 1)
    raise OutputError(
        f"there is no template {name}",
        next_step=f"did you mean {near[0]}?" if near else "see which there are",
        remedy=None if near else Remedy(Act.LIST_TEMPLATES),
    )


def _is_apart(own: Path, ours: Path) -> bool:
    """In a checkout of this program the publication's templates are ours."""
    return own.is_dir() and not own.samefile(ours)


def _names(folder: Path) -> Iterator[str]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.name.endswith((".j2", ".css")):
            yield path.relative_to(folder).as_posix()


def _without_note(text: str) -> str:
    return _NOTE.sub("", text)


def _read(path: Path) -> str:
    return path.read_text("utf-8-sig", "replace")


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:16]
