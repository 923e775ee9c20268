"""The section [bounces] of newsletter.toml: what is made of what comes back."""

from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from newsletter.bounces import Rules
from newsletter.bounces.read import Source, parse_source
from newsletter.settings.table import Table


@dataclass(frozen=True, kw_only=True, slots=True)
class BounceSettings:
    """`rules` say when nothing is sent to a mailbox any more; `source` is what the daemon reads.

    Where more than `blocked_percent` of an issue's readers at one receiver are blocked, and at
    least `blocked_least` are, the team is told. A message is `kept` whole for so long; of those
    that nothing proves, no more than `unproven_per_day` are kept at all. `authserv_id` names the
    server of ours whose word of a mail's author is taken (RFC 8601, 2.5).
    """

    source: Source | None = None
    rules: Rules = field(default_factory=Rules)
    blocked_percent: int = 5
    blocked_least: int = 3
    kept: timedelta = timedelta(days=30)
    unproven_per_day: int = 1_000
    authserv_id: str = ""


def bounces(table: Table, folder: Path) -> BounceSettings:
    """`folder` is what relative paths are relative to."""
    default, rules = BounceSettings(), Rules()
    found = BounceSettings(
        source=_source(table, folder),
        rules=Rules(
            hard_issues=table.number("hard_issues", rules.hard_issues, least=1, most=100),
            soft_issues=table.number("soft_issues", rules.soft_issues, least=1, most=100),
            soft_days=table.number("soft_days", rules.soft_days, least=1, most=3_650),
        ),
        blocked_percent=table.number("blocked_percent", default.blocked_percent, least=1, most=100),
        blocked_least=table.number("blocked_least", default.blocked_least, least=1, most=1_000_000),
        kept=timedelta(days=table.number("keep_days", default.kept.days, least=1, most=365)),
        unproven_per_day=table.number(
            "unproven_per_day", default.unproven_per_day, least=0, most=1_000_000
        ),
        authserv_id=table.text("authserv_id", "").lower(),
    )
    table.no_other()
    return found


def _source(table: Table, folder: Path) -> Source | None:
    text = table.text("source", "")
    try:
        return parse_source(text, folder) if text else None
    except ValueError as error:
        table.note(f"source {error}")
        return None
