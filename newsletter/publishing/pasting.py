"""What was copied elsewhere, made ready for its place in the text of an issue.

An issue without words of its own may become what was copied, if that is one: what stands between
its front matter and its footer. How a clipboard is read is `importing`'s business.
"""

from dataclasses import dataclass

from newsletter.check import BLANK, HouseFormat, without_tracking
from newsletter.importing import Pasted, import_paste
from newsletter.issue import (
    Issue,
    Offsets,
    PartKind,
    outline,
    parse_issue,
    source_from_text,
)

_PATH = "the text"
_BLANKS = frozenset({"", BLANK, "..."})


@dataclass(frozen=True, kw_only=True, slots=True)
class Pasting:
    """`whole` is what of the text an issue replaces, from and up to, as a page's editor counts.

    It is None for pieces that go in at the cursor.
    """

    pasted: Pasted
    whole: tuple[int, int] | None = None


def paste(html: str, *, text: str, at: int, house: HouseFormat) -> Pasting:
    """What a clipboard's HTML is at a place of a text. Raises IssueFileError."""
    issue = parse_issue(source_from_text(text, path=_PATH), cues=house.cues)
    offsets = Offsets(issue.source)
    pasted = import_paste(
        html.encode("utf-8", "replace"),
        cues=house.cues,
        first=_next_story(issue, offsets, at),
        clean=without_tracking,
        is_empty=_is_empty(issue),
    )
    has_title = pasted.is_issue and pasted.pieces[0].text.startswith("# ")
    whole = _body(issue, offsets, keep_title=not has_title) if pasted.is_issue else None
    return Pasting(pasted=pasted, whole=whole)


def _next_story(issue: Issue, offsets: Offsets, at: int) -> int:
    """The number of a story that begins at a place."""
    before = [
        part.number or 0
        for part in outline(issue)
        if part.kind is PartKind.STORY and offsets.at(part.lines[0], 1) <= at
    ]
    return before[-1] + 1 if before else 1


def _is_empty(issue: Issue) -> bool:
    """Whether nobody has written anything yet; a title the house gives everybody."""
    texts = [issue.intro_text, *(text for s in issue.stories for text in (s.headline.text, s.text))]
    return not issue.sponsors and all(text.strip() in _BLANKS for text in texts)


def _body(issue: Issue, offsets: Offsets, *, keep_title: bool) -> tuple[int, int]:
    """Where the text of an issue begins and ends, without front matter, footer and its title."""
    parts = outline(issue)
    front = next((part for part in parts if part.kind is PartKind.FRONT_MATTER), None)
    footer = next((part for part in parts if part.kind is PartKind.FOOTER), None)
    last = len(issue.source.lines) + 1
    begin = front.lines.stop if front else 1
    if keep_title and issue.title:
        begin = issue.title.span.end_line + 1
    return offsets.at(begin, 1), offsets.at(footer.lines[0] if footer else last, 1)
