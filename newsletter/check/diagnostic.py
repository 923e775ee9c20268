"""A diagnostic: one finding of one rule, with its place. Printers and fixes start from it."""

from dataclasses import dataclass
from enum import StrEnum

from newsletter.issue import Span


class Severity(StrEnum):
    """Error stops a send, warning does not, info is shown only when asked for."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


_WEIGHT = {Severity.INFO: 0, Severity.WARNING: 1, Severity.ERROR: 2}


def at_least(severity: Severity, floor: Severity) -> bool:
    return _WEIGHT[severity] >= _WEIGHT[floor]


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """What a rule's check yields: where, what is wrong, and what to do about it."""

    span: Span
    message: str
    hint: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Diagnostic:
    """A finding under its rule's name, in one file. `source_line` is the line it points at."""

    path: str
    span: Span
    code: str
    slug: str
    severity: Severity
    message: str
    hint: str
    source_line: str
