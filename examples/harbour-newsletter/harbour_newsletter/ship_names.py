"""A ship's name stands in italics: *MV Ever Given*, without the letters of other papers' styles.

Readers take “Queen Mary” for a person and *Queen Mary* for a ship.
"""

import re
from collections.abc import Iterator

from newsletter.check import Context, Edit, Finding, Fix, Rule, Severity
from newsletter.issue import Issue

_SHIP = re.compile(r"(?<![*_\w])(?:HMS|MS|MV|RMS|SS) [A-Z][a-z]+(?: [A-Z][a-z]+)*")


def check(issue: Issue, _context: Context) -> Iterator[Finding]:
    for block in issue.blocks():
        if block.comment:
            continue
        for number in range(block.span.line, block.span.end_line + 1):
            for ship in _SHIP.finditer(issue.source.lines[number - 1]):
                span = issue.source.span(number, ship.start() + 1, len(ship[0]))
                italics = Edit(span=span, text=f"*{ship[0]}*")
                yield Finding(
                    span=span,
                    message=f"“{ship[0]}” is a ship, and stands in italics",
                    hint=f"write *{ship[0]}*",
                    fix=Fix(title="Put it in italics", edits=(italics,)),
                )


RULE = Rule(
    code="HARBOUR001",
    slug="ship-names",
    summary="Ships’ names are in italics.",
    severity=Severity.WARNING,
    check=check,
    explanation=__doc__,
)
