"""The door of the pictures room: files made ready for readers, without anything of their makers.

Cheap to open: Pillow is loaded by the first file that is made ready.
"""

from typing import TYPE_CHECKING

from newsletter.doors import later
from newsletter.pictures.picture import (
    MAX_FILE,
    MAX_WIDTH,
    SUFFIXES,
    Outcome,
    Picture,
    PictureFault,
)
from newsletter.pictures.source import FOLDER, is_source, parse_source

if TYPE_CHECKING:
    from newsletter.pictures.prepare import has_place, library, prepare_picture

__all__ = [
    "FOLDER",
    "MAX_FILE",
    "MAX_WIDTH",
    "SUFFIXES",
    "Outcome",
    "Picture",
    "PictureFault",
    "has_place",
    "is_source",
    "library",
    "parse_source",
    "prepare_picture",
]

__getattr__ = later(__name__, dict.fromkeys(("has_place", "library", "prepare_picture"), "prepare"))
