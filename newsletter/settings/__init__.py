"""The door of the settings: newsletter.toml and the environment, read once and checked whole."""

from newsletter.settings.environment import Environment, Secret
from newsletter.settings.load import FILE_NAME, find_folder, load_settings
from newsletter.settings.model import Limits, Settings

__all__ = [
    "FILE_NAME",
    "Environment",
    "Limits",
    "Secret",
    "Settings",
    "find_folder",
    "load_settings",
]
