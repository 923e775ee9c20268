"""Printers of diagnostics: each takes the findings and gives the whole output as one text."""

from collections.abc import Callable, Mapping, Sequence

from newsletter.check.diagnostic import Diagnostic
from newsletter.check.formats.json import format_json
from newsletter.check.formats.text import count_line, format_text

FORMATS: Mapping[str, Callable[[Sequence[Diagnostic]], str]] = {
    "text": format_text,
    "json": format_json,
}

__all__ = ["FORMATS", "count_line", "format_json", "format_text"]
