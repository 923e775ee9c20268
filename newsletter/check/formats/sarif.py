"""Diagnostics as SARIF 2.1.0, the OASIS format for the results of static analysis.

Knows the format; which files there are, and under which names, is the caller's.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

from newsletter import __version__
from newsletter.check.diagnostic import Diagnostic, Fix, Severity
from newsletter.check.registry import all_rules
from newsletter.check.rule import Rule
from newsletter.issue import Span

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)

_LEVEL = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}


def format_sarif(diagnostics: Sequence[Diagnostic]) -> str:
    """One run with every rule, every finding and every fix."""
    rules = all_rules()
    places = {rule.code: place for place, rule in enumerate(rules)}
    driver = {
        "name": "newsletter",
        "semanticVersion": __version__,
        "rules": [_rule(rule) for rule in rules],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(item, places) for item in diagnostics],
    }
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, ensure_ascii=False, indent=2) + "\n"


def _rule(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.code,
        "name": rule.slug,
        "shortDescription": {"text": rule.summary},
        "help": {"text": f"{rule.summary} The page of the rule {rule.slug} explains it."},
        "defaultConfiguration": {"level": _LEVEL[rule.severity]},
    }


def _result(item: Diagnostic, places: Mapping[str, int]) -> dict[str, Any]:
    text = f"{item.message}\n{item.hint}" if item.hint else item.message
    place = {"artifactLocation": _artifact(item.path), "region": _region(item.span)}
    result: dict[str, Any] = {
        "ruleId": item.code,
        "level": _LEVEL[item.severity],
        "message": {"text": text},
        "locations": [{"physicalLocation": place}],
    }
    if item.code in places:
        result["ruleIndex"] = places[item.code]
    if item.fix:
        result["fixes"] = [_fix(item.path, item.fix)]
    return result


def _fix(path: str, fix: Fix) -> dict[str, Any]:
    replacements = [
        {"deletedRegion": _region(edit.span), "insertedContent": {"text": edit.text}}
        for edit in fix.edits
    ]
    change = {"artifactLocation": _artifact(path), "replacements": replacements}
    return {"description": {"text": fix.title}, "artifactChanges": [change]}


def _artifact(path: str) -> dict[str, str]:
    """By a URI: relative to the folder of the command, or of a file elsewhere."""
    pure = PurePath(path)
    return {"uri": pure.as_uri() if pure.is_absolute() else quote(pure.as_posix())}


def _region(span: Span) -> dict[str, int]:
    """Columns count from one and the end is excluded, in SARIF as with us."""
    return {
        "startLine": span.line,
        "startColumn": span.column,
        "endLine": span.end_line,
        "endColumn": span.end_column,
    }
