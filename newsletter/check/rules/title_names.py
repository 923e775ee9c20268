"""A theme that promises a company of which the issue then says nothing."""

import re
from collections.abc import Iterator

from newsletter.check.diagnostic import Finding, Severity
from newsletter.check.house_titles import theme_of
from newsletter.check.names import Names, fold, spelt
from newsletter.check.rule import Context, Rule
from newsletter.issue import Issue, Line, Source, Span

_NAME = re.compile(r"[^\W\d_a-zß-öø-ÿ][\w'.&-]*\w(?: [^\W\d_a-zß-öø-ÿ][\w'.&-]*\w)*")
_SMALL_WORD = re.compile(r"(?<![\w'])[^\W\d_]{4,}")
_SHORTEST = 3


def check(issue: Issue, context: Context) -> Iterator[Finding]:
    """Themes are made of puns, so whatever may be no name is let pass."""
    title, house = issue.title, context.house
    if not (house.titles and title and issue.stories):
        return
    theme = theme_of(title.text, house)
    if not theme:
        return
    names, intro = Names(issue, house), fold(issue.intro_text)
    for name in _names(theme):
        if fold(name) not in intro and names.missing(name):
            yield Finding(
                span=_place(issue.source, title, name),
                message=f"the title names “{name}”, but the issue does not",
                hint="change the title, or tell the story",
            )


def _names(theme: str) -> Iterator[str]:
    """Capitalised words inside a theme; the first word is capitalised anyway.

    A theme that has a capital on every word ("Silent Night") does not say which are names.
    """
    if not any(word.islower() for word in _SMALL_WORD.findall(theme)):
        return
    for match in _NAME.finditer(theme):
        name = match[0].removesuffix("'s")
        opens = match.start() == 0 and " " not in name and not any(map(str.isupper, name[1:]))
        if not opens and len(name) >= _SHORTEST:
            yield name


def _place(source: Source, title: Line, name: str) -> Span:
    line = source.line(title.span.line)
    match = spelt(name).search(line, title.span.column - 1)
    if match is None:
        return title.span
    return source.span(title.span.line, match.start() + 1, len(match[0]))


RULE = Rule(
    code="C008",
    slug="title-names",
    summary="The names in the title's theme occur in the issue.",
    severity=Severity.INFO,
    check=check,
)
