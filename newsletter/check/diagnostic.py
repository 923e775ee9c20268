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
class Edit:
    """Put `text` in the place of the characters of `span`."""

    span: Span
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Fix:
    """Edits that mend a finding and can do no harm, under a title such as "Renumber the story".

    One that `makes_parts` gives the issue a headline that it did not have, on purpose.
    """

    title: str
    edits: tuple[Edit, ...]
    makes_parts: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """What a rule's check yields: where, what is wrong, what to do about it, and a safe fix.

    `explains` are the slugs of rules whose findings in this issue only follow from this one.
    """

    span: Span
    message: str
    hint: str = ""
    fix: Fix | None = None
    explains: tuple[str, ...] = ()


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
    fix: Fix | None = None
    explains: tuple[str, ...] = ()
