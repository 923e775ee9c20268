"""Diagnostics as a JSON list, for other programs."""

import json
from collections.abc import Sequence
from typing import Any

from newsletter.check.diagnostic import Diagnostic


def format_json(diagnostics: Sequence[Diagnostic]) -> str:
    """A list of objects, in file order; lines and columns count from one, the end is excluded."""
    return json.dumps([_record(item) for item in diagnostics], ensure_ascii=False, indent=2) + "\n"


def _record(item: Diagnostic) -> dict[str, Any]:
    return {
        "path": item.path,
        "line": item.span.line,
        "column": item.span.column,
        "end_line": item.span.end_line,
        "end_column": item.span.end_column,
        "code": item.code,
        "slug": item.slug,
        "severity": item.severity.value,
        "message": item.message,
        "hint": item.hint,
    }
