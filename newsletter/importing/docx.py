"""A word processor's .docx to HTML, by mammoth. The only file that knows that package, an extra.

A .docx is an archive of XML. Before anything in it is read, its sizes are added up, so that a
small file cannot become a large one here; a document type, which could define entities, is refused.
"""

import io
import zipfile
from xml.parsers import expat

from newsletter.errors import IssueFileError, MissingExtraError

MAX_BYTES = 20 * 1024 * 1024
"""The file as it is, and the XML in it unpacked."""

_MAX_UNPACKED = 100 * 1024 * 1024
_MAX_FILES = 2_000
_XML = (".xml", ".rels")
_STYLES = """
p[style-name='Title'] => h1:fresh
p[style-name='Quote'] => blockquote:fresh
p[style-name='Intense Quote'] => blockquote:fresh
"""


def docx_as_html(data: bytes, *, path: str) -> bytes:
    """The document's words as HTML, without its pictures.

    Raises MissingExtraError without mammoth, IssueFileError for what is no sound document.
    """
    try:
        import mammoth
    except ImportError as error:
        raise MissingExtraError("Reading a .docx", extra="docx") from error
    if len(data) > MAX_BYTES:
        raise _refusal(f"the document is larger than {MAX_BYTES // 1024 // 1024} MB", path)
    try:
        _look_inside(data, path)
        result = mammoth.convert_to_html(
            io.BytesIO(data),
            style_map=_STYLES,
            include_embedded_style_map=False,
            convert_image=mammoth.images.img_element(lambda _image: {"src": ""}),
        )
    except IssueFileError:
        raise
    except Exception as error:  # whatever a damaged document makes a reader raise
        raise _refusal("this is not a .docx, or a damaged one", path) from error
    return f"<body>{result.value}</body>".encode()


def _look_inside(data: bytes, path: str) -> None:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        files = archive.infolist()
        size = sum(file.file_size for file in files)
        xml = [file for file in files if file.filename.lower().endswith(_XML)]
        if (
            len(files) > _MAX_FILES
            or size > _MAX_UNPACKED
            or sum(file.file_size for file in xml) > MAX_BYTES
        ):
            raise _refusal("the document becomes far too large when it is unpacked", path)
        for file in xml:
            _refuse_document_type(archive.read(file), path)


def _refuse_document_type(xml: bytes, path: str) -> None:
    def refuse(*_what: object) -> None:
        raise _refusal("the document defines entities, which no word processor does", path)

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = refuse
    parser.Parse(xml, True)  # noqa: FBT003 - its name for it is positional only


def _refusal(what: str, path: str) -> IssueFileError:
    return IssueFileError(
        what, where=path, next_step="save it again as .docx, or paste its text into a .txt file"
    )
