"""Which kind of file it is, by what is in it before what it is called; and how one that cannot be
read is saved as one that can.
"""

import io
import re
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from newsletter.errors import IssueFileError
from newsletter.importing.imported import Imported, import_docx, import_html, import_text
from newsletter.issue import Cues

_Import = Callable[..., Imported]

_BY_NAME: dict[str, _Import] = {
    ".txt": import_text,
    ".md": import_text,
    ".markdown": import_text,
    ".html": import_html,
    ".htm": import_html,
    ".xhtml": import_html,
    ".docx": import_docx,
    ".docm": import_docx,
    ".dotx": import_docx,
}
_WORD = "open it in a word processor and save it as Word (.docx)"
_PDF = "ask for the document it was made from, or copy its text into a .txt file"
_MAIL = "open the mail in a browser, by its link, and save that page as .html"
_SHEET = "copy what you need of it into the issue as sentences or a list"
_FOREIGN = {
    ".odt": ("an OpenDocument text", _WORD),
    ".ott": ("an OpenDocument text", _WORD),
    ".fodt": ("an OpenDocument text", _WORD),
    ".rtf": ("a Rich Text document", _WORD),
    ".doc": ("an old Word document", _WORD),
    ".dot": ("an old Word document", _WORD),
    ".wpd": ("a WordPerfect document", _WORD),
    ".wps": ("a Works document", _WORD),
    ".pages": ("a Pages document", "in Pages, choose File, Export To, Word"),
    ".gdoc": ("a link to a Google document", "in Google Docs, choose File, Download, Word (.docx)"),
    ".pdf": ("a PDF", _PDF),
    ".epub": ("an e-book", _PDF),
    ".eml": ("a mail", _MAIL),
    ".msg": ("a mail", _MAIL),
    ".mht": ("a web archive", "open it in a browser and save the page as .html"),
    ".mhtml": ("a web archive", "open it in a browser and save the page as .html"),
    ".webarchive": ("a web archive", "open it in Safari and save the page as .html"),
    ".xlsx": ("a table", _SHEET),
    ".xls": ("a table", _SHEET),
    ".ods": ("a table", _SHEET),
    ".pptx": ("a presentation", _SHEET),
    ".ppt": ("a presentation", _SHEET),
    ".odp": ("a presentation", _SHEET),
    ".key": ("a presentation", _SHEET),
}
_MAGIC = (
    (b"{\\rtf", ".rtf"),
    (b"%PDF", ".pdf"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", ".doc"),
    (b"\xffWPC", ".wpd"),
    (b"bplist00", ".webarchive"),
)
_PAGE = re.compile(
    rb"(?:<\?xml[^>]{0,200}>\s*)?(?:<!--.{0,2000}?-->\s*)*<(?:!doctype\s+html|html[\s>])",
    re.IGNORECASE | re.DOTALL,
)
_MHT = re.compile(rb"(?:[\w-]{1,40}:[^\n]{0,400}\r?\n(?:[ \t][^\n]{0,400}\r?\n){0,20}){1,40}\r?\n")
_MIME = re.compile(rb"^MIME-Version:", re.IGNORECASE | re.MULTILINE)
_SNIFFED = 4096


def import_file(data: bytes, *, path: str, cues: Cues) -> Imported:
    """A text, a page or a document, whatever its name. Raises IssueFileError for what is none.

    `path` is "-" for a paste.
    """
    suffix = Path(path).suffix.lower() if path != "-" else ".txt"
    kind = _kind(data, suffix)
    if kind in _FOREIGN:
        name, how = _FOREIGN[kind]
        raise IssueFileError(f"this is {name}, which cannot be read", where=path, next_step=how)
    if kind not in _BY_NAME:
        raise IssueFileError(
            f"files of this kind cannot be read; {', '.join(_BY_NAME)} can",
            where=path,
            next_step="save it as one of those",
        )
    return _BY_NAME[kind](data, path=path, cues=cues)


def _kind(data: bytes, suffix: str) -> str:
    """The suffix that a file ought to have."""
    begin = data[:_SNIFFED].lstrip(b"\xef\xbb\xbf \t\r\n")
    for magic, kind in _MAGIC:
        if begin.startswith(magic):
            return suffix if kind == ".doc" and suffix in _FOREIGN else kind
    if data.startswith(b"PK\x03\x04"):
        return _archive(data) or suffix
    if _PAGE.match(begin):
        return ".html"
    if suffix in {".mht", ".mhtml", ".eml", ".html", ".htm", ".txt", ".doc"} and _is_mime(begin):
        return suffix if suffix in {".mhtml", ".eml"} else ".mht"
    return suffix


def _is_mime(begin: bytes) -> bool:
    head = _MHT.match(begin)
    return head is not None and _MIME.search(head[0]) is not None


def _archive(data: bytes) -> str | None:
    """What kind of document an archive is; None where it is none that we know, or damaged."""
    with suppress(zipfile.BadZipFile, OSError, ValueError, RuntimeError, NotImplementedError):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
            if "mimetype" in names and archive.getinfo("mimetype").file_size < _SNIFFED:
                said = archive.read("mimetype")
                for part, kind in _MIMETYPES:
                    if part in said:
                        return kind
        for name, kind in _PARTS:
            if any(each.startswith(name) for each in names):
                return kind
    return None


_MIMETYPES = (
    (b"opendocument.text", ".odt"),
    (b"opendocument.spreadsheet", ".ods"),
    (b"opendocument.presentation", ".odp"),
    (b"epub", ".epub"),
)
_PARTS = (
    ("word/", ".docx"),
    ("xl/", ".xlsx"),
    ("ppt/", ".pptx"),
    ("Index/Document.iwa", ".pages"),
    ("Index.zip", ".pages"),
    ("index.xml", ".pages"),
    ("[Content_Types].xml", ".docx"),
)
