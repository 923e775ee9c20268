"""Who is announced in the intro and then never heard of."""

from collections.abc import Iterator

from newsletter.check.diagnostic import Finding, Severity
from newsletter.check.names import Names, spelt
from newsletter.check.offsets import place_in_block
from newsletter.check.rule import Context, Rule
from newsletter.issue import Issue, Span

_MOST_NAMES = 40
"""No intro names more; what goes on longer is no list of names."""

_LONGEST = 200
"""Characters of a name that are pointed at."""


def check(issue: Issue, context: Context) -> Iterator[Finding]:
    if not issue.stories or not issue.intro_names:
        return
    names = Names(issue, context.house)
    for item in issue.intro_names[:_MOST_NAMES]:
        for name in names.missing(item) if "{{" not in item else ():
            near = names.suggestion(name)
            yield Finding(
                span=_place(issue, name, context.house.cues.including),
                message=f"the intro names “{name}”, but no story does",
                hint=f"did you mean {near}?" if near else "name what is in the stories",
            )


def _place(issue: Issue, name: str, including: str) -> Span:
    """Where the intro has the name: behind the word that opens the list, for all we know."""
    blocks = [block for block in issue.intro if not block.comment]
    pattern = spelt(name[:_LONGEST])
    for block in reversed(blocks):
        opened = block.markdown.rfind(including) + 1
        match = pattern.search(block.markdown, opened) or pattern.search(block.markdown)
        if match:
            return place_in_block(block)(match.start(), match.end())
    return blocks[-1].span


RULE = Rule(
    code="C007",
    slug="intro-names",
    summary="Every name in the intro's list occurs in a story.",
    severity=Severity.WARNING,
    check=check,
)
