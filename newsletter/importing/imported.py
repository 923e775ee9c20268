"""From the bytes of a file to the text of an issue, whatever kind of file it is.

lxml and mammoth are loaded when there is a page or a document to read.
"""

from dataclasses import dataclass, replace
from datetime import date

from newsletter.importing.article import find_article
from newsletter.importing.docx import docx_as_html
from newsletter.importing.stories import write_article
from newsletter.importing.walk import Walk
from newsletter.issue import Cues, parse_issue, source_from_bytes, write_issue


@dataclass(frozen=True, kw_only=True, slots=True)
class Imported:
    """The text of an issue, its day, and what could not be brought along, a sentence each.

    The day is that of the front matter, else that of the imported file's name.
    """

    text: str
    day: date | None = None
    notes: tuple[str, ...] = ()


def import_text(data: bytes, *, path: str, cues: Cues) -> Imported:
    """Pasted text or Markdown. Raises IssueFileError for what is no text."""
    issue = parse_issue(source_from_bytes(data, path=path), cues=cues)
    if issue.front_matter.faults:  # left as it is, so that the check can show it
        return Imported(text=issue.source.text, day=issue.date)
    return Imported(text=write_issue(issue), day=issue.date)


def import_html(data: bytes, *, path: str, cues: Cues) -> Imported:
    """A saved page's article. Raises IssueFileError where there is none."""
    from newsletter.importing.html import read_html  # and lxml with it

    page = read_html(data, path=path)
    walk = Walk(page.address)
    nodes = walk.nodes(find_article(page.body))
    text, notes = write_article(nodes, title=page.title, cue=cues.sponsor)
    written = import_text(text.encode("utf-8", "replace"), path=path, cues=cues)
    return replace(written, notes=(*notes, *walk.notes))


def import_docx(data: bytes, *, path: str, cues: Cues) -> Imported:
    """A word processor's document. Raises MissingExtraError without mammoth."""
    return import_html(docx_as_html(data, path=path), path=path, cues=cues)
