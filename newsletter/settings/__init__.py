"""The door of the settings: newsletter.toml and the environment, read and checked.

Cheap to open: the whole of the settings is made of records from rooms that send and render, which
are loaded when somebody asks for it; the house format alone is not.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from newsletter.settings.file import FILE_NAME, find_folder
from newsletter.settings.house import load_house
from newsletter.settings.limits import load_html_budget

if TYPE_CHECKING:
    from newsletter.settings.dkim import DkimKeyFile, DkimSettings
    from newsletter.settings.environment import Environment, Secret
    from newsletter.settings.limits import Limits
    from newsletter.settings.load import load_settings
    from newsletter.settings.model import Settings
    from newsletter.settings.notifications import Notifications

__all__ = [
    "FILE_NAME",
    "DkimKeyFile",
    "DkimSettings",
    "Environment",
    "Limits",
    "Notifications",
    "Secret",
    "Settings",
    "find_folder",
    "load_house",
    "load_html_budget",
    "load_settings",
]

_LATER = {
    "DkimKeyFile": "dkim",
    "DkimSettings": "dkim",
    "Environment": "environment",
    "Limits": "limits",
    "Notifications": "notifications",
    "Secret": "environment",
    "Settings": "model",
    "load_settings": "load",
}


def __getattr__(name: str) -> Any:
    """What costs more, from its module, at the first asking (PEP 562)."""
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_LATER[name]}"), name)
