"""A word processor's .docx to HTML, by mammoth. The only file that knows that package, an extra.

What mammoth passes over is made ready for it before (docx_markup), and what it warns of is told.
"""

import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from newsletter.errors import IssueFileError, MissingExtraError
from newsletter.importing.docx_markup import STYLE, ready_parts
from newsletter.importing.docx_parts import read_parts, refusal, write_parts
from newsletter.importing.losses import Change, Kind
from newsletter.importing.tags import left_class

_LEFT = "\n".join(
    f"r.{STYLE}{number} => span.{left_class(what)}:fresh"
    for number, what in enumerate([*Kind, *Change])
)
_STYLES = f"""
p[style-name='Title'] => h1:fresh
p[style-name='Quote'] => blockquote:fresh
p[style-name='Intense Quote'] => blockquote:fresh
{_LEFT}
"""
_HARMLESS = re.compile(
    r"Unrecognised (?:paragraph|run|table) style|style with ID .* was referenced but not defined"
    r"|Image of type|: w:(?:perm(?:Start|End)|customXml\w+|bookmark\w+|tbl\w+|noProof)$"
)
"""Warnings of what loses no word: a style without a meaning of its own, a picture's kind."""

_ELEMENT = re.compile(r"An unrecognised element was ignored: (?:\{[^}]*\})?(?P<name>\S+)")


@dataclass(frozen=True, kw_only=True, slots=True)
class ReadDocument:
    """A document as HTML; `words` are all that an author wrote, `notes` the reader's warnings."""

    html: bytes
    words: str
    notes: tuple[str, ...]


def read_docx(data: bytes, *, path: str) -> ReadDocument:
    """The document's words as HTML, without its pictures.

    Raises MissingExtraError without mammoth, IssueFileError for what is no sound document.
    """
    try:
        import mammoth
    except ImportError as error:
        raise MissingExtraError("Reading a .docx", extra="docx") from error
    try:
        parts, words = ready_parts(read_parts(data, path=path))
        result = mammoth.convert_to_html(
            io.BytesIO(write_parts(parts)),
            style_map=_STYLES,
            include_embedded_style_map=False,
            convert_image=mammoth.images.img_element(lambda _image: {"src": ""}),
        )
    except IssueFileError:
        raise
    except Exception as error:  # whatever a damaged document makes a reader raise
        raise refusal("this is not a .docx, or a damaged one", path) from error
    return ReadDocument(
        html=f"<meta charset=utf-8><body>{result.value}</body>".encode(),
        words=words,
        notes=tuple(_notes(message.message for message in result.messages)),
    )


def _notes(messages: Iterable[str]) -> Iterator[str]:
    """A sentence for each warning that matters, with how often it came."""
    told = Counter(message for message in messages if not _HARMLESS.search(message))
    for message, count in told.items():
        element = _ELEMENT.fullmatch(message)
        what = f"“{element['name']}”" if element else " ".join(message.split())
        yield f"left out: {Kind.OTHER} ({count}): {what}"
