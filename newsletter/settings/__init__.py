"""The door of the settings: newsletter.toml and the environment, read and checked.

Cheap to open: the whole of the settings is made of records from rooms that send and render, which
are loaded when somebody asks for it; the house format alone is not.
"""

from typing import TYPE_CHECKING

from newsletter.doors import later
from newsletter.settings.file import FILE_NAME, find_folder
from newsletter.settings.house import load_house
from newsletter.settings.limits import load_html_budget

if TYPE_CHECKING:
    from newsletter.settings.dkim import DkimKeyFile, DkimSettings
    from newsletter.settings.environment import DKIM_KEYS, Environment, Secret, TokenSettings
    from newsletter.settings.limits import Limits
    from newsletter.settings.load import load_settings
    from newsletter.settings.model import Settings
    from newsletter.settings.notifications import Notifications

__all__ = [
    "DKIM_KEYS",
    "FILE_NAME",
    "DkimKeyFile",
    "DkimSettings",
    "Environment",
    "Limits",
    "Notifications",
    "Secret",
    "Settings",
    "TokenSettings",
    "find_folder",
    "load_house",
    "load_html_budget",
    "load_settings",
]

__getattr__ = later(
    __name__,
    {
        "DKIM_KEYS": "environment",
        "DkimKeyFile": "dkim",
        "DkimSettings": "dkim",
        "Environment": "environment",
        "Limits": "limits",
        "Notifications": "notifications",
        "Secret": "environment",
        "Settings": "model",
        "TokenSettings": "environment",
        "load_settings": "load",
    },
)
