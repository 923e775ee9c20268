"""Where a command finds its publication: the nearest newsletter.toml from here upwards."""

import os
from pathlib import Path

from newsletter.settings import Settings, find_folder, load_settings


def settings_here(*, with_environment: bool) -> Settings:
    """The settings of this folder or the nearest above. Raises SettingsError, also for none."""
    folder = find_folder(Path.cwd()) or Path.cwd()
    return load_settings(folder, os.environ, with_environment=with_environment)


def settings_if_any() -> Settings | None:
    """The settings without the environment, or None where there is no newsletter.toml."""
    folder = find_folder(Path.cwd())
    return load_settings(folder, os.environ, with_environment=False) if folder else None
