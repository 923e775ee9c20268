"""What an inbox shows of an issue before it is opened: subject and preheader, and their places.

Either may be derived: the subject from the title, the preheader from the intro. Merge fields in
them stand for their defaults, as they do when the issue is rendered.
"""

from dataclasses import dataclass

from newsletter.issue import Entry, Issue, Span, find_merge_fields, plain_spaces, shorten

PREHEADER_WIDTH = 110
"""Characters of a derived preheader."""

_UNWRITTEN = frozenset({"", "…", "..."})
"""Blanks, which the rule empty-slot is for."""


@dataclass(frozen=True, kw_only=True, slots=True)
class InboxLine:
    """The words, where they are from, and what to write to change them."""

    text: str
    span: Span
    hint: str


def subject_of(issue: Issue) -> InboxLine | None:
    """None where there is none, which other rules report."""
    entry = issue.front_matter.get("subject")
    if entry:
        return _written(entry)
    if issue.title is None:
        return None
    text = _said_aloud(issue.title.text)
    hint = "the title is the subject unless the front matter has one"
    return InboxLine(text=text, span=issue.title.span, hint=hint)


def preheader_of(issue: Issue) -> InboxLine | None:
    """None where there is none, which other rules report."""
    entry = issue.front_matter.get("preheader")
    if entry:
        return _written(entry)
    first = next((block for block in issue.intro if not block.comment), None)
    if first is None:
        return None
    text = shorten(_said_aloud(issue.lead_text), PREHEADER_WIDTH)
    hint = "the intro is the preheader unless the front matter has one"
    return InboxLine(text=text, span=first.span, hint=hint)


def _written(entry: Entry) -> InboxLine | None:
    if entry.value in _UNWRITTEN:
        return None
    return InboxLine(text=plain_spaces(entry.value).strip(), span=entry.value_span, hint="")


def _said_aloud(text: str) -> str:
    """With each merge field's default in its place."""
    parts, done = [], 0
    for found in find_merge_fields(text) if "{{" in text else ():
        if found.default is not None:
            parts += [text[done : found.start], found.default]
            done = found.end
    return "".join([*parts, text[done:]])
