"""Findings as this terminal shows them: in its width, in colour, and with what stops a send."""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from newsletter.check import Diagnostic, Look, Severity, format_text
from newsletter.cli.console import bad, columns_of, cool, faint, strong, warning
from newsletter.cli.issue_files import STDIN
from newsletter.cli.publication import from_repository

_COLOURS = {Severity.ERROR: bad, Severity.WARNING: warning, Severity.INFO: cool}


def told(diagnostics: Sequence[Diagnostic]) -> str:
    """The findings for people; elsewhere than on a terminal each remark stays one line."""
    return format_text(diagnostics, _look())


def in_repository(item: Diagnostic) -> Diagnostic:
    """For a program that looks for the file in the repository; standard input is in none."""
    if item.path == str(STDIN):
        return item
    return replace(item, path=from_repository(Path(item.path)).as_posix())


def _look() -> Look:
    return Look(width=columns_of(sys.stdout), severities=_COLOURS, place=strong, faint=faint)


def what_stops(diagnostics: Sequence[Diagnostic]) -> Iterator[str]:
    """The end of a summary: whether an issue with these findings can be sent."""
    errors = [item for item in diagnostics if item.severity is Severity.ERROR]
    if errors:
        them = "the error stops" if len(errors) == 1 else f"the {len(errors)} errors stop"
        yield f"{them} a send"
    elif diagnostics:
        yield "nothing stops a send"
