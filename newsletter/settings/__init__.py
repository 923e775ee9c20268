"""The door of the settings: newsletter.toml and the environment, read and checked.

Cheap to open: the settings are made of records from rooms that check, send and render, which are
loaded when somebody asks for it; where the settings are is known without them.
"""

from typing import TYPE_CHECKING

from newsletter.doors import later
from newsletter.settings.file import FILE_NAME, find_folder, no_publication

if TYPE_CHECKING:
    from newsletter.settings.bounces import BounceSettings
    from newsletter.settings.dkim import DkimKeyFile, DkimSettings
    from newsletter.settings.environment import (
        DKIM_KEYS,
        SECRET_KEY,
        TO_SEND,
        TRANSPORT,
        Access,
        Environment,
        Secret,
        TokenSettings,
        missing,
        relay_variable,
    )
    from newsletter.settings.house import MAX_STORIES, house_in_text, load_house
    from newsletter.settings.html_budget import load_html_budget
    from newsletter.settings.images import ImageMode, ImageSettings
    from newsletter.settings.limits import Limits
    from newsletter.settings.load import load_settings
    from newsletter.settings.model import Settings
    from newsletter.settings.notifications import Notifications
    from newsletter.settings.receivers import receiver_domains
    from newsletter.settings.site import SignUpLimits, SiteSettings
    from newsletter.settings.theme_package import ThemePackage, theme_package_in
    from newsletter.settings.toml_text import Values, with_values

__all__ = [
    "DKIM_KEYS",
    "FILE_NAME",
    "MAX_STORIES",
    "SECRET_KEY",
    "TO_SEND",
    "TRANSPORT",
    "Access",
    "BounceSettings",
    "DkimKeyFile",
    "DkimSettings",
    "Environment",
    "ImageMode",
    "ImageSettings",
    "Limits",
    "Notifications",
    "Secret",
    "Settings",
    "SignUpLimits",
    "SiteSettings",
    "ThemePackage",
    "TokenSettings",
    "Values",
    "find_folder",
    "house_in_text",
    "load_house",
    "load_html_budget",
    "load_settings",
    "missing",
    "no_publication",
    "receiver_domains",
    "relay_variable",
    "theme_package_in",
    "with_values",
]

__getattr__ = later(
    __name__,
    {
        "BounceSettings": "bounces",
        "DKIM_KEYS": "environment",
        "MAX_STORIES": "house",
        "SECRET_KEY": "environment",
        "TO_SEND": "environment",
        "TRANSPORT": "environment",
        "Access": "environment",
        "DkimKeyFile": "dkim",
        "DkimSettings": "dkim",
        "Environment": "environment",
        "ImageMode": "images",
        "ImageSettings": "images",
        "Limits": "limits",
        "Notifications": "notifications",
        "Secret": "environment",
        "Settings": "model",
        "SignUpLimits": "site",
        "SiteSettings": "site",
        "ThemePackage": "theme_package",
        "TokenSettings": "environment",
        "Values": "toml_text",
        "house_in_text": "house",
        "load_house": "house",
        "load_html_budget": "html_budget",
        "load_settings": "load",
        "missing": "environment",
        "relay_variable": "environment",
        "receiver_domains": "receivers",
        "theme_package_in": "theme_package",
        "with_values": "toml_text",
    },
)
