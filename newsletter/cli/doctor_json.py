"""The doctor's findings for programs, as docs/dns.md and docs/schemas/doctor.json describe them."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from newsletter.cli.exit_status import ExitStatus
from newsletter.cli.wording import command_for
from newsletter.mail_identity import Wanted
from newsletter.publishing.doctoring.finding import Finding, Level


def json_of(findings: Sequence[Finding], status: ExitStatus) -> str:
    """One object; a stranger's text in it is escaped, whatever it holds."""
    levels = [each.level for each in findings]
    return json.dumps(
        {
            "exit_status": int(status),
            "counts": {level.value: levels.count(level) for level in Level},
            "findings": [_data(each) for each in findings],
        },
        indent=2,
    )


def _data(finding: Finding) -> Mapping[str, Any]:
    rule = finding.rule
    return {
        "group": finding.group,
        "name": finding.name,
        "level": finding.level,
        "found": finding.found,
        "what": " ".join(finding.what.split()),
        "step": finding.step or None,
        "command": command_for(finding.remedy) if finding.remedy else None,
        "record": _record(finding.record) if finding.record else None,
        "rule": {"name": rule, "demanded_by": rule.providers} if rule else None,
    }


def _record(record: Wanted) -> Mapping[str, Any]:
    return {
        "name": record.name,
        "type": record.kind,
        "value": record.value,
        "strings": record.strings,
        "zone_line": record.zone_line,
        "is_example": record.is_example,
    }
