"""Printers of diagnostics: each takes the findings and gives the whole output as one text."""

from collections.abc import Callable, Mapping, Sequence

from newsletter.check.diagnostic import Diagnostic
from newsletter.check.formats.github import format_github
from newsletter.check.formats.json import format_json
from newsletter.check.formats.sarif import format_sarif
from newsletter.check.formats.text import Look, count_line, format_text

FORMATS: Mapping[str, Callable[[Sequence[Diagnostic]], str]] = {
    "text": format_text,
    "json": format_json,
    "github": format_github,
    "sarif": format_sarif,
}

__all__ = [
    "FORMATS",
    "Look",
    "count_line",
    "format_github",
    "format_json",
    "format_sarif",
    "format_text",
]
