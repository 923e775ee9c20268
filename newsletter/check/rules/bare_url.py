"""An address in the prose is read out letter by letter, and not every mail program links it."""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate

from newsletter.check.diagnostic import Finding, Severity
from newsletter.check.near_links import is_near_link
from newsletter.check.rule import Context, Rule
from newsletter.issue import Issue, Line, Link, Node, Paragraph, Source, Span, Text, walk_inlines

_ADDRESS = re.compile(
    r"(?<!\]\()(?<!=)(?<!=[\"'])(?<![\w/.@<`-])(?:https?://|www\.)[^\s<>\[\]“”\"`|]+", re.IGNORECASE
)
"""Not where a link leads, `](https://…)` and `<https://…>`, nor as code or in a tag of HTML."""
_AFTER = ".,;:!?'’*_…"
"""What ends a sentence, or a mark, rather than an address."""


def check(issue: Issue, context: Context) -> Iterator[Finding]:
    if not issue.stories or not _may_hold_some(issue.source.text):
        return
    for finding in _bare(issue, context):
        if not is_near_link(issue, finding.span):
            yield finding


def _bare(issue: Issue, context: Context) -> Iterator[Finding]:
    allowed = context.house.allowed_links
    if issue.title:
        yield from _in_line(issue.source, issue.title, allowed)
    for block in issue.intro:
        yield from _found(issue.source, block.span, block.nodes, allowed)
    for story in issue.stories:
        yield from _in_line(issue.source, story.headline, allowed)
        for block in story.body:
            yield from _found(issue.source, block.span, block.nodes, allowed)
    for sponsor in issue.sponsors:
        yield from _in_line(issue.source, sponsor.name, allowed)
        for block in sponsor.body:
            yield from _found(issue.source, block.span, block.nodes, allowed)


def _may_hold_some(text: str) -> bool:
    """Whether it holds more addresses than those of links; spares nearly all issues the search."""
    of_links = text.count("](https://") + text.count("](http://")
    of_www = text.count("ww.") + text.count("WW.")
    return text.count("://") > of_links or of_www > text.count("://www.")


def _in_line(source: Source, line: Line, allowed: tuple[str, ...]) -> Iterator[Finding]:
    return _found(source, line.span, (Paragraph(inlines=line.inlines),), allowed)


def _found(
    source: Source, span: Span, nodes: Sequence[Node], allowed: tuple[str, ...]
) -> Iterator[Finding]:
    """The addresses that a reader sees as such, each in its place as far as it can be told."""
    lines = range(span.line, span.end_line + 1)
    if not any(_ADDRESS.search(source.line(number)) for number in lines):
        return
    spans, unlinked = _apart(nodes)
    links = _Links(spans)
    seen = Counter(address for text in unlinked for address, _ in _addresses(text))
    for number in lines:
        for address, column in _addresses(source.line(number)):
            place = source.span(number, column, len(address))
            if seen[address] and place not in links:
                seen[address] -= 1
                if not address.startswith(allowed):
                    message = f"the address {_shortened(address)} is not a link"
                    yield Finding(span=place, message=message, hint="write [words](https://…)")


def _apart(nodes: Sequence[Node]) -> tuple[list[Span], list[str]]:
    """The spans of the links, and the texts that stand in none."""
    inlines = list(walk_inlines(nodes))
    links = [inline for inline in inlines if isinstance(inline, Link)]
    linked = {
        id(inner) for link in links for inner in walk_inlines((Paragraph(inlines=link.children),))
    }
    texts = [
        inline.text for inline in inlines if isinstance(inline, Text) and id(inline) not in linked
    ]
    return [link.span for link in links], texts


def _addresses(text: str) -> Iterator[tuple[str, int]]:
    """Every address with the column it begins at."""
    for match in _ADDRESS.finditer(text):
        address = match[0].rstrip(_AFTER)
        if "(" not in address:
            address = address.rstrip(f"){_AFTER}")
        if "." in address:
            yield address, match.start() + 1


class _Links:
    """The places of some links, so that it is soon told whether another place is in one."""

    def __init__(self, spans: Iterable[Span]) -> None:
        ranges = sorted(((at.line, at.column), (at.end_line, at.end_column)) for at in spans)
        self._begins = [begin for begin, _ in ranges]
        self._ends = list(accumulate((end for _, end in ranges), max))

    def __contains__(self, place: Span) -> bool:
        at = bisect_right(self._begins, (place.line, place.column)) - 1
        return at >= 0 and (place.end_line, place.end_column) <= self._ends[at]


def _shortened(address: str) -> str:
    return address if len(address) <= 60 else f"{address[:59]}…"


RULE = Rule(
    code="L003",
    slug="bare-url",
    summary="An address in the prose is a link on words.",
    severity=Severity.WARNING,
    check=check,
)
