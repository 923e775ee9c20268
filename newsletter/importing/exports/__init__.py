"""The door of the exports: what a publication was in another system, read into records of ours."""

from newsletter.importing.exports.container import Container, open_container
from newsletter.importing.exports.export import (
    Export,
    Known,
    Left,
    PastIssue,
    PeopleFile,
    Shelf,
    Standing,
    System,
)
from newsletter.importing.exports.past import Written, write_all
from newsletter.importing.exports.systems import read_export, system_of

__all__ = [
    "Container",
    "Export",
    "Known",
    "Left",
    "PastIssue",
    "PeopleFile",
    "Shelf",
    "Standing",
    "System",
    "Written",
    "open_container",
    "read_export",
    "system_of",
    "write_all",
]
