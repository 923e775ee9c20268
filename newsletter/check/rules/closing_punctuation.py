"""A paragraph that ends in a bare word has lost its end. Lines that are no sentence are let be."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from newsletter.check.diagnostic import Finding, Severity
from newsletter.check.heading_marks import heading_marks
from newsletter.check.house_format import Calendar
from newsletter.check.prose import read
from newsletter.check.rule import Context, Rule
from newsletter.issue import (
    Block,
    Emphasis,
    Image,
    Inline,
    Issue,
    ListNode,
    Lowered,
    Paragraph,
    Raised,
    Strong,
    Text,
    plain_inlines,
)

_CLOSED = (".", "!", "?", "…", "”", '"', "’", ":")
_MARKS_AND_SPACES = "*_ \t\u00a0\u202f"
_OPEN_ENDS = frozenset(",;%€£$&")
_LABEL = re.compile(r"(?:\S+ ){0,3}\S+: ")
_CREDIT = re.compile(
    r"\W{0,3}(?:(?:photo|image|picture|illustration|graphic|video|screenshot|cover|chart|map|art)\w*"
    r"(?:\s+(?:credit|by|courtesy|from|via))|courtesy of|credit|source|via|copyright|©|\(c\)"
    r"|foto|bild|quelle|crédit|fuente|fonte|zdjęcie)(?!\w)",
    re.IGNORECASE,
)
_BYLINE = re.compile(
    r"\W{0,2}(?:by|posted|published|updated|written|von|par|por|door)\s", re.IGNORECASE
)
_ATTRIBUTION = re.compile(
    r"[—–-]{1,2}\s?[^\W\d_a-z]|.{0,300}[—–-]\s?[^—–()]{1,60}\(@\w{1,30}\)\s[^.!?]{0,40}\Z",
    re.DOTALL,
)
"""Who said it, below what was said; and a post's author, of whom embedded-post speaks."""
_MOST_WORDS_OF_A_CREDIT = 20
_ADDRESS = re.compile(r"://|www\.|@|\w/\w")
_FEWEST_WORDS = 7
"""A subheading, a caption or a credit seldom has more words than six."""
_MOST_WORDS_OF_A_LINE = 14
"""A key date, a postal address or a line behind a label has no more."""


def check(issue: Issue, context: Context) -> Iterator[Finding]:
    if not issue.stories:
        return
    bodies = [story.body for story in issue.stories]
    bodies += [sponsor.body for sponsor in issue.sponsors]
    hidden = {found.span.line for found in heading_marks(issue)}
    for blocks in (issue.intro, *bodies):
        shown = [block for block in blocks if not block.comment]
        for block, following in pairwise([*shown, None]):
            assert block is not None
            if not hidden.isdisjoint(range(block.span.line, block.span.end_line + 1)):
                continue  # it ends in a headline, and heading-mark says so
            if not block.markdown.rstrip(_MARKS_AND_SPACES).endswith(_CLOSED):
                yield from _open_end(issue, context, block, following)


def _open_end(
    issue: Issue, context: Context, block: Block, following: Block | None
) -> Iterator[Finding]:
    match block.nodes:
        case (Paragraph(inlines=inlines),) if _is_prose(inlines):
            text = plain_inlines(inlines)
        case _:
            return
    if not _lacks_an_end(text, context.house.calendar) or _leads_on(text, following):
        return
    (prose,) = read(issue.source, block)
    end = len(prose.text.rstrip())
    start = max(prose.text.rfind(space, 0, end) for space in " \n\u00a0\u202f") + 1
    yield Finding(
        span=prose.span(start, end),
        message="the paragraph has no full stop at its end",
        hint="close the sentence, or look for what was cut off",
    )


def _is_prose(inlines: Sequence[Inline]) -> bool:
    """Text to its end: no read-more line, no caption below a picture or wholly in emphasis."""
    if any(isinstance(inline, Image) for inline in inlines):
        return False
    ends_in_words = bool(inlines) and isinstance(
        inlines[-1], Text | Strong | Emphasis | Raised | Lowered
    )
    return ends_in_words and any(isinstance(inline, Text) for inline in inlines)


def _lacks_an_end(text: str, calendar: Calendar) -> bool:
    words = text.split()
    if len(words) < _FEWEST_WORDS or _ADDRESS.search(words[-1]):
        return False
    if not (text[-1].isalnum() or text[-1] in _OPEN_ENDS):
        return False
    if len(words) <= _MOST_WORDS_OF_A_CREDIT and _is_credit(text):
        return False
    return len(words) > _MOST_WORDS_OF_A_LINE or not _is_line(text, words, calendar)


def _is_credit(text: str) -> bool:
    """Who took the picture, who wrote it and when, who said it: lines, and no sentences."""
    if _CREDIT.match(text) or _ATTRIBUTION.match(text):
        return True
    return _BYLINE.match(text) is not None and any(one.isdigit() for one in text)


def _is_line(text: str, words: Sequence[str], calendar: Calendar) -> bool:
    """A key date ("26 November: ..."), an address ("11 avenue ..."), a line behind a label."""
    if text[0].isdigit() or _LABEL.match(text):
        return True
    names = {*calendar.weekdays, *calendar.months}
    ends = {word.strip(",.:;()–—-") for word in (*words[:2], *words[-2:])}
    return not names.isdisjoint(ends) and any(word[0].isdigit() for word in words)


def _leads_on(text: str, following: Block | None) -> bool:
    """Whether the next block goes on with the sentence: a list does, or anything after a comma."""
    if following is None or not following.nodes:
        return False
    return isinstance(following.nodes[0], ListNode) or (
        text.endswith(",") and not isinstance(following.nodes[0], Paragraph)
    )


RULE = Rule(
    code="T002",
    slug="closing-punctuation",
    summary="A paragraph ends in a full stop or another closing mark.",
    severity=Severity.WARNING,
    check=check,
)
