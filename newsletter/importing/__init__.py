"""The door of the importing room: text, pages and documents from elsewhere to canonical issues."""

from newsletter.importing.imported import Imported, import_docx, import_html, import_text
from newsletter.importing.kinds import import_file

__all__ = ["Imported", "import_docx", "import_file", "import_html", "import_text"]
