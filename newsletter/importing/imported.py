"""From the bytes of a file to the text of an issue, whatever kind of file it is.

The parsers of pages and documents are loaded when there is one to read.
"""

from dataclasses import dataclass

from newsletter.issue import Cues, parse_issue, source_from_bytes, write_issue


@dataclass(frozen=True, kw_only=True, slots=True)
class Imported:
    """The text of an issue, and what could not be brought along, a sentence each."""

    text: str
    notes: tuple[str, ...] = ()


def import_text(data: bytes, *, path: str, cues: Cues) -> Imported:
    """Pasted text or Markdown. Raises IssueFileError for what is no text."""
    issue = parse_issue(source_from_bytes(data, path=path), cues=cues)
    if issue.front_matter.faults:  # left as it is, so that the check can show it
        return Imported(text=issue.source.text)
    return Imported(text=write_issue(issue))


def import_html(data: bytes, *, path: str, cues: Cues) -> Imported:
    """A saved page's article. Raises IssueFileError where there is none."""
    from newsletter.importing.article import find_article
    from newsletter.importing.html import read_html
    from newsletter.importing.stories import write_article
    from newsletter.importing.walk import Walk

    page = read_html(data, path=path)
    walk = Walk(page.address)
    nodes = walk.nodes(find_article(page.body))
    text, notes = write_article(nodes, title=page.title, cue=cues.sponsor)
    written = import_text(text.encode("utf-8", "replace"), path=path, cues=cues)
    return Imported(text=written.text, notes=(*notes, *walk.notes))


def import_docx(data: bytes, *, path: str, cues: Cues) -> Imported:
    """A word processor's document. Raises MissingExtraError without mammoth."""
    from newsletter.importing.docx import docx_as_html

    return import_html(docx_as_html(data, path=path), path=path, cues=cues)
