"""Themes of other packages: a folder with templates, and defaults for [theme], by entry point.

A package names it under `newsletter.themes`; `[theme] package` chooses one by its name. The
publication's own templates and colours still go before it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from newsletter.errors import SettingsError
from newsletter.settings.file import FILE_NAME, read_toml

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

GROUP = "newsletter.themes"
VALUES = "theme.toml"


@dataclass(frozen=True, kw_only=True, slots=True)
class ThemePackage:
    """`package` and `version` are those of who brings it; `folder` has `templates/`."""

    name: str
    package: str
    version: str
    folder: Path

    @property
    def templates(self) -> Path:
        return self.folder / "templates"


def theme_package_in(folder: Path) -> ThemePackage | None:
    """The one that a publication has chosen, if any. Raises SettingsError as `find_theme` does."""
    if not (folder / FILE_NAME).is_file():
        return None
    chosen = table_in(read_toml(folder / FILE_NAME), "theme").get("package")
    return find_theme(chosen) if isinstance(chosen, str) and chosen else None


def table_in(data: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """An empty one for what is no table: that is told by whoever reads it."""
    found = data.get(name, {})
    return found if isinstance(found, dict) else {}


def find_theme(name: str) -> ThemePackage:
    """Raises SettingsError for a theme that no package brings, or that has no folder."""
    from importlib.metadata import entry_points  # 30 ms, for those who have chosen one

    points = {point.name: point for point in entry_points(group=GROUP)}
    if name not in points:
        near = get_close_matches(name, points, 1)
        known = f"did you mean {near[0]}?" if near else f"there are: {', '.join(points) or 'none'}"
        fault = f"no package that is installed has a theme “{name}”; {known}"
        raise SettingsError([fault], where=FILE_NAME, next_step="install its package")
    point = points[name]
    package = point.dist.name if point.dist else point.module.partition(".")[0]
    folder = _folder_of(point)
    if folder is None or not (folder / "templates").is_dir():
        fault = f"the theme “{name}” of the package {package} has no folder with templates"
        raise SettingsError([fault], where=FILE_NAME, next_step="tell its author, or leave it out")
    version = point.dist.version if point.dist else "0"
    return ThemePackage(name=name, package=package, version=version, folder=folder)


def _folder_of(point: "EntryPoint") -> Path | None:
    """Of the module that the entry point names; it is looked for, and what it does is not run."""
    try:
        spec = find_spec(point.module)
    except (ImportError, ValueError):
        return None
    places = list(spec.submodule_search_locations or ()) if spec else []
    return Path(places[0]) if places else None
