"""A merge field that is none is sent to every reader as it stands, or stops the send."""

import re
from bisect import bisect
from collections.abc import Iterator
from difflib import get_close_matches
from hashlib import sha256
from itertools import accumulate, islice

from newsletter.check.diagnostic import Finding, Severity
from newsletter.check.rule import Context, Rule
from newsletter.issue import (
    EDITORS_FIELDS,
    Entry,
    Image,
    Issue,
    Link,
    MergeField,
    Source,
    Span,
    find_merge_fields,
    parse_markdown,
    walk_inlines,
)

_FOREIGN = re.compile(
    r"\*\|[A-Z][A-Z0-9_:]{0,40}\|\*|%%[A-Za-z_]{1,40}%%|<%[^%>\n]{1,80}%>|\[\[[a-z_]{1,40}\]\]"
)
"""Merge fields as other senders' programs write them; to readers of ours they are words."""
_SIGNS = ("|*", "%%", "<%", "[[")

_MOST = 50
"""Findings; with more, somebody has pasted a template, and has been told."""
_EXAMPLE = 'write {{ first_name | default("there") }}'


def check(issue: Issue, context: Context) -> Iterator[Finding]:
    text = issue.source.text
    if any(sign in text for sign in _SIGNS):
        yield from islice(_foreign(issue), _MOST)
    if "{" not in text:
        return
    for entry in issue.front_matter.entries:
        yield from _in_entry(issue.source, entry)
    known = (*EDITORS_FIELDS, *context.house.merge_fields)
    spans = _spans(issue, "{")
    findings = (found for span in spans for found in _in_text(issue.source, span, known))
    yield from islice(findings, _MOST)


def _foreign(issue: Issue) -> Iterator[Finding]:
    for sign in _SIGNS:
        for place in _spans(issue, sign):
            for number in range(place.line, place.end_line + 1):
                for match in _FOREIGN.finditer(issue.source.line(number)):
                    if sign in match[0]:
                        yield Finding(
                            span=issue.source.span(number, match.start() + 1, len(match[0])),
                            message=f"{match[0]} is another program’s merge field",
                            hint=_EXAMPLE,
                        )


def _spans(issue: Issue, sign: str) -> Iterator[Span]:
    """The places of all that a reader sees and that holds a sign, lines whole."""
    if issue.title and sign in issue.title.markdown:
        yield issue.title.span
    for block in issue.blocks():
        if sign in block.markdown and not block.comment:
            yield block.span
    for story in issue.stories:
        if sign in story.headline.markdown:
            yield story.span
    for sponsor in issue.sponsors:
        if sign in sponsor.name.markdown:
            yield sponsor.span


def _in_entry(source: Source, entry: Entry) -> Iterator[Finding]:
    """Subject and preheader are the same for every reader, so that nothing is filled in there."""
    for field in find_merge_fields(entry.value) if "{" in entry.value else ():
        at = source.line(entry.value_span.line).find(entry.value[field.start : field.end])
        is_found = at >= 0 and entry.value_span.line == entry.value_span.end_line
        width = field.end - field.start
        span = source.span(entry.value_span.line, at + 1, width) if is_found else entry.value_span
        message = f"{entry.key} is the same for every reader: a merge field is not filled in there"
        yield Finding(span=span, message=message, hint="write it without one, or in the text below")


def _in_text(source: Source, span: Span, known: tuple[str, ...]) -> Iterator[Finding]:
    lines = [source.line(number) for number in range(span.line, span.end_line + 1)]
    text = "\n".join(lines)
    starts = [0, *accumulate(len(line) + 1 for line in lines)]
    fields = list(find_merge_fields(text, known))
    in_addresses = _in_addresses(text, fields)
    for field in fields:
        message = _fault(field, text, is_in_address=field.start in in_addresses)
        if message:
            ends = (field.start, field.end)
            (line, column), (end_line, end_column) = (_place(starts, at) for at in ends)
            place = Span(
                line=span.line + line,
                column=column,
                end_line=span.line + end_line,
                end_column=end_column,
            )
            yield Finding(span=place, message=message, hint=_hint(field, known))


def _fault(field: MergeField, text: str, *, is_in_address: bool) -> str:
    if not text.startswith("{{", field.start):
        return f"{text[field.start : field.start + 2]} belongs in templates, and this is not one"
    if field.end - field.start == 2:
        return "{{ is not closed"
    if field.fault:
        return field.fault
    if is_in_address:
        return "there is a merge field in an address"
    if field.default is None:
        return f"{field.field} has no default, for readers who gave none"
    return ""


def _hint(field: MergeField, known: tuple[str, ...]) -> str:
    is_unknown = bool(field.field and field.fault)
    near = get_close_matches(field.field.lower(), known, n=1) if is_unknown else []
    if near:
        return f"did you mean {near[0]}? {_EXAMPLE.replace(EDITORS_FIELDS[0], near[0])}"
    if is_unknown:
        return f"{_EXAMPLE}; an attribute of subscribers is named in [house] merge_fields first"
    return f"{_EXAMPLE}, or no braces"


def _in_addresses(text: str, fields: list[MergeField]) -> set[int]:
    """Where the fields begin that stand in an address, told as the renderer tells it.

    Each becomes a word of its own first: with its spaces and marks it would end the address. No
    text holds its own digest, so none holds the word.
    """
    if "](" not in text and "<" not in text:
        return set()
    mark = f"zz{sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()}x"
    parts, done = [], 0
    for count, field in enumerate(fields):
        parts += [text[done : field.start], f"{mark}{count}x"]
        done = field.end
    found = set()
    for inline in walk_inlines(parse_markdown("".join([*parts, text[done:]]))):
        if isinstance(inline, Link | Image):
            address = inline.href if isinstance(inline, Link) else inline.src
            found |= {int(number) for number in re.findall(f"{mark}([0-9]+)x", address)}
    return {field.start for count, field in enumerate(fields) if count in found}


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
