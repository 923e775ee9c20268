"""A merge field that is none is sent to every reader as it stands, or stops the send."""

import re
from bisect import bisect
from collections.abc import Iterator
from itertools import accumulate, islice

from newsletter.check.diagnostic import Finding, Severity
from newsletter.check.rule import Context, Rule
from newsletter.issue import Entry, Issue, MergeField, Source, Span, find_merge_fields

_IN_ADDRESS = re.compile(r"(?:\]\(\s*<?|<https?:)[^\s()<>]*\Z")
_MOST = 50
"""Findings; with more, somebody has pasted a template, and has been told."""
_EXAMPLE = 'write {{ first_name | default("there") }}'


def check(issue: Issue, _context: Context) -> Iterator[Finding]:
    if "{" not in issue.source.text:
        return
    for entry in issue.front_matter.entries:
        yield from _in_entry(issue.source, entry)
    findings = (found for span in _spans(issue) for found in _in_text(issue.source, span))
    yield from islice(findings, _MOST)


def _spans(issue: Issue) -> Iterator[Span]:
    """The places of all that a reader sees and that holds a brace, lines whole."""
    if issue.title and "{" in issue.title.markdown:
        yield issue.title.span
    for block in issue.blocks():
        if "{" in block.markdown and not block.comment:
            yield block.span
    for story in issue.stories:
        if "{" in story.headline.markdown:
            yield story.span


def _in_entry(source: Source, entry: Entry) -> Iterator[Finding]:
    """Subject and preheader are the same for every reader, so that nothing is filled in there."""
    for field in find_merge_fields(entry.value) if "{" in entry.value else ():
        at = source.line(entry.value_span.line).find(entry.value[field.start : field.end])
        is_found = at >= 0 and entry.value_span.line == entry.value_span.end_line
        width = field.end - field.start
        span = source.span(entry.value_span.line, at + 1, width) if is_found else entry.value_span
        message = f"{entry.key} is the same for every reader: a merge field is not filled in there"
        yield Finding(span=span, message=message, hint="write it without, or in the text below")


def _in_text(source: Source, span: Span) -> Iterator[Finding]:
    lines = [source.line(number) for number in range(span.line, span.end_line + 1)]
    text = "\n".join(lines)
    starts = [0, *accumulate(len(line) + 1 for line in lines)]
    for field in find_merge_fields(text):
        message = _fault(field, text)
        if message:
            ends = (field.start, field.end)
            (line, column), (end_line, end_column) = (_place(starts, at) for at in ends)
            place = Span(
                line=span.line + line,
                column=column,
                end_line=span.line + end_line,
                end_column=end_column,
            )
            yield Finding(span=place, message=message, hint=f"{_EXAMPLE}, or no braces")


def _fault(field: MergeField, text: str) -> str:
    if not text.startswith("{{", field.start):
        return f"{text[field.start : field.start + 2]} is a template's, and this is none"
    if field.end - field.start == 2:
        return "{{ is not closed"
    if field.fault:
        return field.fault
    if _IN_ADDRESS.search(text, max(field.start - 500, 0), field.start):
        return "a merge field stands in an address"
    if field.default is None:
        return f"{field.field} has no default, for readers who gave none"
    return ""


def _place(starts: list[int], at: int) -> tuple[int, int]:
    """Line from zero and column from one of a character."""
    line = bisect(starts, at) - 1
    return line, at - starts[line] + 1


RULE = Rule(
    code="M007",
    slug="merge-field",
    summary="Merge fields are ones we know, and have a default.",
    severity=Severity.ERROR,
    check=check,
)
