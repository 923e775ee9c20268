"""Where a command finds its publication: the nearest newsletter.toml from here upwards."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

from newsletter.check import HouseFormat
from newsletter.settings import find_folder, load_house

if TYPE_CHECKING:
    from newsletter.settings import Settings


def settings_here(*, with_environment: bool) -> "Settings":
    """The settings of this folder or the nearest above. Raises SettingsError, also for none."""
    from newsletter.settings import load_settings  # with it comes all that sends and renders

    folder = find_folder(Path.cwd()) or Path.cwd()
    return load_settings(folder, os.environ, with_environment=with_environment)


def house_here() -> tuple[Path, HouseFormat]:
    """The publication's folder and house format; without any settings, this folder and ours."""
    folder = find_folder(Path.cwd())
    return (folder, load_house(folder)) if folder else (Path.cwd(), HouseFormat())
