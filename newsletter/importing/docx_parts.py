"""The XML in a .docx, taken out of its archive within bounds, by what it is and not by its name.

A relationship may call any file of the archive the document, whatever its suffix, so each is looked
at. Before one is read whole, its size has been added up, so that a small file cannot become a large
one here; a document type, which could define entities, is refused (ECMA-376 part 2, section 8.2.5).
"""

import io
import zipfile
from collections import Counter
from xml.parsers import expat

from newsletter.errors import IssueFileError

MAX_BYTES = 20 * 1024 * 1024
"""The file as it is, and the XML in it unpacked."""

_MAX_UNPACKED = 100 * 1024 * 1024
_MAX_FILES = 2_000
_MAX_PARAGRAPHS = 10_000
_MAX_ELEMENTS = 300_000
"""Mammoth takes a third of a millisecond for a paragraph. A book has fewer than 5,000."""

_SNIFFED = 1024
_BLANK = b"\xef\xbb\xbf\xfe\xff\0 \t\r\n"
"""What may stand before a first bracket, in UTF-8 and UTF-16: marks, zeros, white space."""


def read_parts(data: bytes, *, path: str) -> dict[str, bytes]:
    """The XML files of a document by their names; no picture, no embedded file.

    Raises IssueFileError for too much of it, zipfile.BadZipFile or ExpatError for damage.
    """
    if len(data) > MAX_BYTES:
        raise refusal(f"the document is larger than {MAX_BYTES // 1024 // 1024} MB", path)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        files = archive.infolist()
        if len(files) > _MAX_FILES or sum(file.file_size for file in files) > _MAX_UNPACKED:
            raise _too_large(path)
        xml = [file for file in archive.NameToInfo.values() if _is_xml(archive, file)]
        if sum(file.file_size for file in xml) > MAX_BYTES:
            raise _too_large(path)
        counts: Counter[str] = Counter()
        return {
            file.filename: part
            for file in xml
            if _is_sound(part := archive.read(file), path=path, counts=counts)
        }


def write_parts(parts: dict[str, bytes]) -> bytes:
    """An archive of these alone."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return out.getvalue()


def _is_xml(archive: zipfile.ZipFile, file: zipfile.ZipInfo) -> bool:
    with archive.open(file) as opened:
        return opened.read(_SNIFFED).lstrip(_BLANK)[:1] in {b"<", b""}


def _is_sound(part: bytes, *, path: str, counts: Counter[str]) -> bool:
    """False for a drawing with a document type: SVG has one, and nothing reads it here."""
    roots: list[str] = []

    def open_type(name: str, *_rest: object) -> None:
        roots.append(name)
        if name != "svg":
            raise refusal("the document defines entities, which no word processor does", path)

    def begin(name: str, _attributes: object) -> None:
        counts["elements"] += 1
        counts["paragraphs"] += name.rpartition(":")[2] == "p"
        if counts["elements"] > _MAX_ELEMENTS or counts["paragraphs"] > _MAX_PARAGRAPHS:
            raise refusal(f"the document has more than {_MAX_PARAGRAPHS:,} paragraphs", path)

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = open_type
    parser.StartElementHandler = begin
    parser.Parse(part, True)  # noqa: FBT003 - its name for it is positional only
    return not roots


def _too_large(path: str) -> IssueFileError:
    return refusal("the document becomes far too large when it is unpacked", path)


def refusal(what: str, path: str) -> IssueFileError:
    return IssueFileError(
        what, where=path, next_step="save it again as .docx, or paste its text into a .txt file"
    )
