"""A mail has no page to be relative to, and mail programs open nothing but these three."""

import re
from collections.abc import Iterator

from newsletter.check.diagnostic import Edit, Finding, Fix, Severity
from newsletter.check.issue_links import links_of
from newsletter.check.near_links import is_near_link
from newsletter.check.rule import Context, Rule
from newsletter.check.web_address import place_of_address
from newsletter.issue import Block, Issue, Source, Span, walk_inlines
from newsletter.issue import Text as TextNode

_GOOD = re.compile(r"https?://[^\s/?#]\S*|mailto:[^\s@]+@[^\s@]+", re.IGNORECASE)
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:(?!\d)", re.IGNORECASE)
_REFUSED = re.compile(r"\]\(\s*<?((?:javascript|vbscript|file|data):)[^\s()\[\]<>]*", re.IGNORECASE)
"""Markdown makes no links of these: a reader would see brackets."""
_SLIP = re.compile(
    r"(?:h[tx]{1,3}p{1,2}|h?ttp|htt|hpt+|hhttps?|thtp)(?P<secure>s{0,2})(?:[:;.,]{0,2}/{1,3}|[:;]{1,2})(?=\w)",
    re.IGNORECASE,
)
"""`htp://`, `https//`, `https:/`, `hxxps://`: slips of the keys for a scheme that we know."""
_HOST = re.compile(r"(?:[a-z0-9-]{1,63}\.){1,5}[a-z]{2,24}(?=[/?#]|\Z)", re.IGNORECASE)
_HINT = "links begin with https:// or mailto:"


def check(issue: Issue, context: Context) -> Iterator[Finding]:
    if not issue.stories:
        return
    for link in links_of(issue):
        is_good = _GOOD.fullmatch(link.href) or link.href.startswith(context.house.allowed_links)
        if not is_good and not is_near_link(issue, link.span):
            yield Finding(
                span=link.span,
                message=_message(link.href),
                hint=_hint(link.href),
                fix=_fix(issue.source, link.span, link.href),
            )
    if _REFUSED.search(issue.source.text):  # it begins with a literal, so this is quick
        yield from _refused(issue)


def _hint(href: str) -> str:
    """With the whole address, where it begins with the name of a host."""
    return f"write https://{href}" if _HOST.match(href) else _HINT


def _fix(source: Source, span: Span, href: str) -> Fix | None:
    """Of a slip of the keys in http or https."""
    slip = _SLIP.match(href)
    place = place_of_address(source, span, href) if slip else None
    if slip is None or place is None:
        return None
    scheme, rest = "https" if slip["secure"] else "http", href[slip.end() :]
    meant = rest if _GOOD.fullmatch(rest) else f"{scheme}://{rest}"
    return Fix(title=f"Write {scheme}://", edits=(Edit(span=place, text=meant),))


def _message(href: str) -> str:
    scheme = _SCHEME.match(href)
    if not href or href.startswith("#"):
        return "the link leads nowhere"
    if scheme is None and not _SLIP.match(href):
        return "the link has no https://"
    if _SLIP.match(href):
        return "there is a slip of the keys in the link's https://"
    if scheme is None or scheme[0].lower() in {"http:", "https:", "mailto:"}:
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
