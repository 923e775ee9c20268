"""The door of the importing room: text, pages and documents from elsewhere to canonical issues."""

from typing import TYPE_CHECKING

from newsletter.doors import later
from newsletter.importing.imported import Imported, import_docx, import_html, import_text
from newsletter.importing.kinds import import_file
from newsletter.importing.pasted import (
    MAX_PASTE,
    LeftOut,
    Origin,
    Pasted,
    Piece,
    PieceKind,
    import_paste,
    is_marked_up,
)

if TYPE_CHECKING:
    from newsletter.importing.html import read_title

__all__ = [
    "MAX_PASTE",
    "Imported",
    "LeftOut",
    "Origin",
    "Pasted",
    "Piece",
    "PieceKind",
    "import_docx",
    "import_file",
    "import_html",
    "import_paste",
    "import_text",
    "is_marked_up",
    "read_title",
]

__getattr__ = later(__name__, {"read_title": "html"})
