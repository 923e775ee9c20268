"""The door of the starter: what a publication has before anyone has written anything."""

from newsletter.starter.first_files import (
    ENV,
    GITIGNORE,
    SUBSCRIBERS,
    WORKFLOWS,
    first_files,
    new_key,
)
from newsletter.starter.places import default_templates, rules_folder, starter_folder

__all__ = [
    "ENV",
    "GITIGNORE",
    "SUBSCRIBERS",
    "WORKFLOWS",
    "default_templates",
    "first_files",
    "new_key",
    "rules_folder",
    "starter_folder",
]
