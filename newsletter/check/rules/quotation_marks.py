"""Double quotation marks come in pairs of one kind.

A quotation may run over several paragraphs: each of them opens and only the last closes, or the
first opens and the last closes. Lines of code and lists of links have marks of their own.
"""

import re
from collections.abc import Iterator, Sequence

from newsletter.check.damage import masked
from newsletter.check.diagnostic import Edit, Finding, Fix, Severity
from newsletter.check.prose import Part, Prose, passages, read
from newsletter.check.quotations import (
    STRAIGHT,
    Kind,
    QuoteFault,
    has_marks,
    opening_mark,
    quote_faults,
)
from newsletter.check.rule import Context, Rule
from newsletter.issue import Block, Issue, LineBreak, Link, Paragraph, Source, Text

_FARTHEST = 4
"""Paragraphs from the one that opens a quotation to the one that closes it."""
_CODE = re.compile(
    r"^(?:[ ]{4}|\t|>?[ ]?(?:\$|>>>|#!|//|/\*)[ ])|(?:[)\"'];|[^{]\{|[^}]\})[ ]*$|\w\([\"']"
    r"|=[ ]?\"[^\"\n]*$|\w=[\"']|</?[a-z]\w*[ >/]|=>|::|&&",
    re.MULTILINE,
)


def check(issue: Issue, context: Context) -> Iterator[Finding]:
    pairs = context.house.typography.quotes
    if issue.stories and has_marks(issue.source.text, pairs):
        for passage in passages(issue):
            yield from _in_passage(issue.source, passage, pairs)


def _in_passage(
    source: Source, passage: Sequence[Part], pairs: tuple[str, ...]
) -> Iterator[Finding]:
    """The faults of each paragraph, but for one that a paragraph below goes on with."""
    running: tuple[Prose, QuoteFault] | None = None
    apart = 0
    for prose in _paragraphs(source, passage, pairs):
        apart += 1
        if prose is None:
            continue
        faults = list(quote_faults(masked(prose.text), pairs))
        if running:
            if apart <= _FARTHEST and _closes(faults, running[1].first.pair):
                del faults[0]
            elif apart > 1 or opening_mark(prose.text, pairs) != running[1].first.pair:
                yield _finding(*running)
        running = None
        for fault in faults:
            if fault is faults[-1] and fault.kind is Kind.UNCLOSED:
                running, apart = (prose, fault), 0
            else:
                yield _finding(prose, fault)
    if running:
        yield _finding(*running)


def _closes(faults: Sequence[QuoteFault], pair: str) -> bool:
    """Whether the first fault of a paragraph is the end of a quotation that began above."""
    return bool(faults) and faults[0].kind is Kind.UNOPENED and faults[0].first.pair == pair


def _paragraphs(
    source: Source, passage: Sequence[Part], pairs: tuple[str, ...]
) -> Iterator[Prose | None]:
    """The paragraphs that hold marks; None stands for others, where nothing goes on."""
    for part in passage:
        if has_marks(part.markdown, pairs) and not _is_no_prose(part):
            yield from read(source, part)
        else:
            yield None


def _is_no_prose(part: Part) -> bool:
    """Code that nobody marked as such, and paragraphs of links alone, with their titles cut."""
    if _CODE.search(part.markdown):
        return True
    nodes = part.nodes if isinstance(part, Block) else ()
    inlines = [one for node in nodes if isinstance(node, Paragraph) for one in node.inlines]
    return bool(inlines) and all(
        isinstance(one, Link | LineBreak)
        or (isinstance(one, Text) and not one.text.strip(" ,;|·•–—-"))
        for one in inlines
    )


def _finding(prose: Prose, fault: QuoteFault) -> Finding:
    first, last = fault.first, fault.last
    return Finding(
        span=prose.span(first.at, last.at + 1),
        message=_message(prose.text, fault),
        hint=_HINTS[fault.kind],
        fix=_fix(prose, fault),
    )


def _message(text: str, fault: QuoteFault) -> str:
    match fault.kind:
        case Kind.MIXED:
            opening, closing = text[fault.first.at], text[fault.last.at]
            return f"the quotation opens with {opening} and closes with {closing}"
        case Kind.TURNED:
            return "this quotation mark is turned the wrong way"
        case Kind.UNOPENED:
            return "the quotation is not opened"
        case Kind.UNCLOSED:
            return "the quotation is not closed"


_HINTS = {
    Kind.MIXED: "use two of a kind",
    Kind.TURNED: "turn it round",
    Kind.UNOPENED: "put an opening mark before it, or delete this one",
    Kind.UNCLOSED: "put a closing mark after it, or delete this one",
}


def _fix(prose: Prose, fault: QuoteFault) -> Fix | None:
    """The straight mark of a mixed pair becomes curly; a turned mark is turned round."""
    first, last = fault.first, fault.last
    if fault.kind is Kind.TURNED:
        return _write(prose, first.at, first.pair[first.opens])
    if fault.kind is not Kind.MIXED:
        return None
    if first.pair == STRAIGHT:
        return _write(prose, first.at, last.pair[0])
    return _write(prose, last.at, first.pair[1]) if last.pair == STRAIGHT else None


def _write(prose: Prose, at: int, mark: str) -> Fix:
    edit = Edit(span=prose.span(at, at + 1), text=mark)
    return Fix(title=f"Write {mark}", edits=(edit,))


RULE = Rule(
    code="T006",
    slug="quotation-marks",
    summary="Double quotation marks come in pairs of one kind.",
    severity=Severity.WARNING,
    check=check,
)
