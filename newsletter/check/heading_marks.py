"""Headlines that are none for a slip of their mark: `##2. Headline`, and two on one line."""

import re
from collections.abc import Iterator

from newsletter.check.diagnostic import Edit, Finding, Fix
from newsletter.check.loose_text import LooseText, loose_text, parts_of
from newsletter.issue import Block, Issue

_GLUED = re.compile(r"^[ \t\u00a0]{0,3}(#{2,6})(?=[^\s#])", re.MULTILINE)
_GLUED_TITLE = re.compile(r"\A(#{1,6})(?=[^\W\d_])")
_GLUED_ANYWHERE = re.compile(r"##[^\s#]")
_SECOND = re.compile(r"(?<=\S)[ \t]+(?=#{2,6}[ \t]*\d{1,2}[.)][ \t])")
_NUMBERED = re.compile(r"#{2,6}[ \t]*\d{1,2}[.)]")


def heading_marks(issue: Issue) -> Iterator[Finding]:
    text = issue.source.text
    is_sound = _GLUED_ANYWHERE.search(text) is None and " ##" not in text and "\t##" not in text
    if is_sound and not (issue.title and issue.title.text[:1] == "#"):
        return
    for part in parts_of(issue):
        if "#" in part.markdown:
            pattern = _GLUED if isinstance(part, Block) else _GLUED_TITLE
            loose = loose_text(part)
            yield from (_glued(loose, match) for match in pattern.finditer(loose.text))
            yield from (_second(loose, match) for match in _SECOND.finditer(loose.text))


def hides_headlines(issue: Issue) -> bool:
    """Whether a story is hidden by such a slip, so that counting the others is of no use."""
    return any(
        _NUMBERED.match(issue.source.line(at.span.line), at.span.column - 1)
        for at in heading_marks(issue)
    )


def _glued(loose: LooseText, match: re.Match[str]) -> Finding:
    place, behind = loose.place(*match.span(1)), loose.place(match.end(), match.end())
    return Finding(
        span=place,
        message=f"there is no space after {match[1]}, so this is no headline",
        hint=f"write “{match[1]} ” and the words",
        fix=Fix(title="Put a space there", edits=(Edit(span=behind, text=" "),), makes_parts=True),
    )


def _second(loose: LooseText, match: re.Match[str]) -> Finding:
    mark = re.compile(r"#+").match(loose.text, match.end())
    assert mark is not None
    return Finding(
        span=loose.place(*mark.span()),
        message="a headline begins in the middle of this line",
        hint="begin it on a line of its own, with a blank line above",
        fix=Fix(
            title="Begin a new line there",
            edits=(Edit(span=loose.place(*match.span()), text="\n\n"),),
            makes_parts=True,
        ),
    )
