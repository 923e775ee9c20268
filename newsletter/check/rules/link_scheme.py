"""A mail has no page to be relative to, and mail programs open nothing but these three."""

import re
from collections.abc import Iterator

from newsletter.check.diagnostic import Finding, Severity
from newsletter.check.issue_links import links_of
from newsletter.check.rule import Context, Rule
from newsletter.issue import Block, Issue, Source, Span, walk_inlines
from newsletter.issue import Text as TextNode

_GOOD = re.compile(r"https?://[^\s/?#]\S*|mailto:[^\s@]+@[^\s@]+", re.IGNORECASE)
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:(?!\d)", re.IGNORECASE)
_REFUSED = re.compile(r"\]\(\s*<?((?:javascript|vbscript|file|data):)[^\s()\[\]<>]*", re.IGNORECASE)
"""Markdown makes no links of these: a reader would see brackets."""
_HINT = "links begin with https:// or mailto:"


def check(issue: Issue, context: Context) -> Iterator[Finding]:
    if not issue.stories:
        return
    for link in links_of(issue):
        if not _GOOD.fullmatch(link.href) and not link.href.startswith(context.house.allowed_links):
            yield Finding(span=link.span, message=_message(link.href), hint=_HINT)
    if _REFUSED.search(issue.source.text):  # it begins with a literal, so this is quick
        yield from _refused(issue)


def _message(href: str) -> str:
    scheme = _SCHEME.match(href)
    if not href or href.startswith("#"):
        return "the link leads nowhere"
    if scheme is None:
        return "the link has no https://"
    if scheme[0].lower() in {"http:", "https:", "mailto:"}:
        return "the link's address is not complete"
    return f"a mail cannot link to {scheme[0]}"


def _refused(issue: Issue) -> Iterator[Finding]:
    for block in issue.blocks():
        if not block.comment and _REFUSED.search(block.markdown):
            seen = "".join(n.text for n in walk_inlines(block.nodes) if isinstance(n, TextNode))
            for span, match in _matches(issue.source, block):
                if match[1] in seen:
                    yield Finding(span=span, message=_message(match[1]), hint=_HINT)


def _matches(source: Source, block: Block) -> Iterator[tuple[Span, re.Match[str]]]:
    for number in range(block.span.line, block.span.end_line + 1):
        for match in _REFUSED.finditer(source.line(number)):
            yield source.span(number, match.start(1) + 1, match.end() - match.start(1)), match


RULE = Rule(
    code="L001",
    slug="link-scheme",
    summary="A link begins with https, http or mailto.",
    severity=Severity.ERROR,
    check=check,
)
