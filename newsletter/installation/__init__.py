"""The door of the installation: which program this is, and how it came here, by its own files.

A build opens it before anything is installed, so it needs nothing but Python.
"""

from newsletter.installation.commit import COMMIT, commit_of, this_commit
from newsletter.installation.origin import package_origin
from newsletter.installation.pages import PAGES, page_names, pages_folder
from newsletter.installation.way import (
    PROJECT,
    Installation,
    Way,
    installation_in,
    requirements_of,
    this_installation,
)

__all__ = [
    "COMMIT",
    "PAGES",
    "PROJECT",
    "Installation",
    "Way",
    "commit_of",
    "installation_in",
    "package_origin",
    "page_names",
    "pages_folder",
    "requirements_of",
    "this_commit",
    "this_installation",
]
