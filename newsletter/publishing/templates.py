"""Whose each template is: ours, a theme's, or the publication's own, and what has changed since.

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
from newsletter.settings import ThemePackage
from newsletter.starter import default_templates

_NOTE = re.compile(
    r"\A\ufeff?\{# Made from (?:newsletter )?(\S+(?: \S+)?), ([0-9a-f]{16})\.[^#]*#\}\n?"
)


class TemplateState(StrEnum):
    """Whose a template is. `older` and `unmarked` ones may lack what we have mended since."""

    OURS = "ours"
    THEMES = "the theme’s"
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


def find_templates(folder: Path, theme: ThemePackage | None = None) -> tuple[Template, ...]:
    """Every template of ours, of the theme and of the publication in this folder, by name."""
    bases, own = _bases(theme), folder / "templates"
    is_apart = _is_apart(own, default_templates())
    folders = [*bases, *([own] if is_apart else [])]
    names = {name for each in folders if each.is_dir() for name in _names(each)}
    return tuple(_template(name, bases, own if is_apart else None) for name in sorted(names))


def eject(name: str, folder: Path, theme: ThemePackage | None = None) -> Path:
    """Copy the theme's or ours into the publication, to be changed. Raises OutputError.

    `name` may go without its suffixes: `partials/story`.
    """
    own, bases = folder / "templates", _bases(theme)
    known = _known_name(name, bases)
    text = _read(_base_of(known, bases))
    note = note_for(known, theme)
    write_new(own / known, f"{note}\n{text}".encode(), mode=0o644, kind="template")
    return own / known


def note_for(name: str, theme: ThemePackage | None = None) -> str:
    """The comment with which a copy of this one, of the theme's or of ours, begins."""
    base = _base_of(name, _bases(theme))
    is_themes = theme is not None and base.is_relative_to(theme.templates)
    maker = (
        f"{theme.package} {theme.version}" if theme and is_themes else f"newsletter {__version__}"
    )
    since = "the theme" if is_themes else "ours"
    return f"{{# Made from {maker}, {_digest(_read(base))}. What {since} has since is not here. #}}"


def difference(name: str, folder: Path, theme: ThemePackage | None = None) -> str:
    """A unified diff from the theme's or ours to the publication's own, "" for no difference."""
    base, own = _base_of(name, _bases(theme)), folder / "templates" / name
    before, after = (_without_note(_read(path)).splitlines() for path in (base, own))
    whose = "theme" if theme and base.is_relative_to(theme.templates) else "ours"
    found = difflib.unified_diff(before, after, f"{whose}/{name}", f"templates/{name}", lineterm="")
    return "\n".join(found)


def _bases(theme: ThemePackage | None) -> tuple[Path, ...]:
    """Where templates are that are not the publication's own; the first that has one counts."""
    return (*((theme.templates,) if theme else ()), default_templates())


def _base_of(name: str, bases: tuple[Path, ...]) -> Path:
    return next((each / name for each in bases if (each / name).is_file()), bases[-1] / name)


def _template(name: str, bases: tuple[Path, ...], own: Path | None) -> Template:
    base = _base_of(name, bases)
    if own is None or not (own / name).is_file():
        is_ours = base.is_relative_to(bases[-1])
        return Template(name=name, state=TemplateState.OURS if is_ours else TemplateState.THEMES)
    if not base.is_file():
        return Template(name=name, state=TemplateState.ADDED)
    text, packaged = _read(own / name), _read(base)
    note = _NOTE.match(text)
    if note and note[2] != _digest(packaged):
        return Template(name=name, state=TemplateState.OLDER, made_from=note[1])
    if note or _without_note(text) == packaged:
        return Template(name=name, state=TemplateState.OWN)
    return Template(name=name, state=TemplateState.UNMARKED)


def _known_name(name: str, bases: tuple[Path, ...]) -> str:
    names = sorted({known for each in bases for known in _names(each)})
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
