"""From the bytes of a file to the text of an issue, whatever kind of file it is.

lxml and mammoth are loaded when there is a page or a document to read.
"""

from collections import Counter
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from datetime import date

from newsletter.importing.article import find_article
from newsletter.importing.bullets import listed_lines
from newsletter.importing.docx import read_docx
from newsletter.importing.losses import FURNITURE, UNSEEN, Kind, Loss, told
from newsletter.importing.stories import write_article
from newsletter.importing.tags import LEFT_OUT, Page, Tag
from newsletter.importing.walk import Walk
from newsletter.importing.words import missing, placed_words, words_in
from newsletter.issue import Cues, parse_issue, plain_text, source_from_bytes, write_issue

_MUCH = 10
"""One word in so many may stay behind before somebody has to look."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Imported:
    """The text of an issue, its day, and what could not be brought along, a sentence each.

    The day is that of the front matter, else that of the imported file's name. `words` are those of
    the source, `left` how many of them are not in the text.
    """

    text: str
    day: date | None = None
    notes: tuple[str, ...] = ()
    words: int = field(default=0, compare=False)
    left: int = field(default=0, compare=False)

    @property
    def is_torn(self) -> bool:
        """Whether more than a tenth of the words stayed behind."""
        return self.left * _MUCH > self.words


def import_text(data: bytes, *, path: str, cues: Cues) -> Imported:
    """Pasted text or Markdown. Raises IssueFileError for what is no text."""
    source = source_from_bytes(data, path=path)
    text, day = _canonical(source.text, path, cues)
    words = words_in(source.text)
    left = missing(words, words_in(text))
    return Imported(text=text, day=day, words=len(words), left=left)


def _canonical(text: str, path: str, cues: Cues) -> tuple[str, date | None]:
    source = source_from_bytes(listed_lines(text).encode("utf-8", "replace"), path=path)
    issue = parse_issue(source, cues=cues)
    if issue.front_matter.faults:  # left as it is, so that the check can show it
        return text, issue.date
    return write_issue(issue), issue.date


def import_html(data: bytes, *, path: str, cues: Cues) -> Imported:
    """A saved page's article. Raises IssueFileError where there is none."""
    from newsletter.importing.html import read_html  # and lxml with it

    page = read_html(data, path=path)
    written = _written(page, find_article(page.body), path=path, cues=cues)
    kept = [placed.word for placed in placed_words(written.text)]
    words, frame = _words_of(page.body), _frame_of(page.body)
    count, left, notes = len(words), missing(words, kept), written.notes
    if frame.total() > len(kept):  # what was taken for a frame may be the picture
        count, left = count + frame.total(), left + frame.total()
        notes = (
            *notes,
            *(f"left out: {kind} ({of_kind} words)" for kind, of_kind in frame.items()),
        )
    return replace(written, notes=tuple(dict.fromkeys(notes)), words=count, left=left)


def import_docx(data: bytes, *, path: str, cues: Cues) -> Imported:
    """A word processor's document. Raises MissingExtraError without mammoth."""
    document = read_docx(data, path=path)
    from newsletter.importing.html import read_html

    page = read_html(document.html, path=path)
    written = _written(page, page.body, path=path, cues=cues)
    words = words_in(document.words)
    left = missing(words, [placed.word for placed in placed_words(written.text)])
    notes = (*written.notes, *document.notes)
    return replace(written, notes=notes, words=len(words), left=left)


def _written(page: Page, article: Tag, *, path: str, cues: Cues) -> Imported:
    walk = Walk(page.address)
    text, notes, above = write_article(walk.nodes(article), title=page.title, cue=cues.sponsor)
    walk.losses.found += [Loss(what=Kind.ABOVE, at=0, detail=plain_text([node])) for node in above]
    text, day = _canonical(text, path, cues)
    beside = _beside(page.body, article)
    return Imported(text=text, day=day, notes=(*notes, *told(walk.losses, text), *beside))


def _words_of(tag: Tag) -> list[str]:
    """The words of what was written for this page, those that no issue can hold among them."""
    kinds = set(Kind) - FURNITURE - UNSEEN
    left = (inner for inner in tag.tags() if inner.name == LEFT_OUT)
    texts = [tag.text(), *(inner.get("text") for inner in left if inner.get("what") in kinds)]
    return words_in(" ".join(texts))


def _frame_of(body: Tag) -> Counter[str]:
    """How many words stand in what is left out unasked, wherever on the page, by its kind."""
    return _left_in(body, FURNITURE | {Kind.HIDDEN})


def _left_in(tag: Tag, kinds: AbstractSet[Kind]) -> Counter[str]:
    left: Counter[str] = Counter()
    for inner in tag.tags():
        if inner.name == LEFT_OUT and inner.get("what") in kinds:
            left[inner.get("what")] += len(words_in(inner.get("text")))
    return +left


def _beside(body: Tag, article: Tag) -> Sequence[str]:
    """A sentence for each kind of words of a page that are outside of its article."""
    told_by_name = {Kind.COMMENTS, Kind.OTHERS_LINKS}
    outside = _left_in(body, told_by_name) - _left_in(article, told_by_name)
    outside[Kind.BESIDE] = missing(words_in(body.text()), words_in(article.text()))
    return [_counted(kind, count) for kind, count in (+outside).items()]


def _counted(kind: str, count: int) -> str:
    return f"left out: {kind} ({count:,} {'word' if count == 1 else 'words'})"
