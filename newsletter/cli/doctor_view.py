"""The doctor's page in a terminal: groups, a line for each finding, records ready to be copied."""

import sys
from collections.abc import Callable, Mapping, Sequence
from textwrap import wrap

from newsletter.cli.console import (
    bad,
    columns_of,
    cool,
    faint,
    good,
    say,
    say_data,
    strong,
    warning,
)
from newsletter.cli.wording import command_for
from newsletter.mail_identity import Wanted
from newsletter.publishing.doctoring.finding import Finding, Group, Level, SenderRule

_PAINT: Mapping[Level, Callable[[str], str]] = {
    Level.OK: good,
    Level.INFO: cool,
    Level.WARN: warning,
    Level.BAD: bad,
}
_MARGIN = 16
"""Columns before the words: level and name."""


class DoctorPage:
    """Says findings as they come. What is on a terminal is wrapped; records never are."""

    def __init__(self) -> None:
        self._group: Group | None = None
        columns = columns_of(sys.stdout)
        self._width = max(columns - _MARGIN, 20) if columns else None

    def say(self, finding: Finding) -> None:
        if finding.group is not self._group:
            if self._group:
                say()
            say(strong(_title(finding.group)))
            self._group = finding.group
        level = _PAINT[finding.level](f"{finding.level:<4}")
        first, *others = self._lines(finding.what)
        say(f"{level}  {finding.name:<9} {first}")
        for line in others:
            _say_below(line)
        self._say_step(finding)

    def say_end(self, findings: Sequence[Finding]) -> None:
        levels = [each.level for each in findings]
        say()
        say(", ".join(f"{levels.count(level)} {level}" for level in Level if level in levels))

    def _say_step(self, finding: Finding) -> None:
        command = f"`{command_for(finding.remedy)}`" if finding.remedy else ""
        if step := ": ".join(filter(None, (finding.step, command))):
            for line in self._lines(step):
                _say_below(faint(line))
        if finding.level in (Level.OK, Level.INFO):
            return
        if finding.record is not None:
            _say_record(finding.record)
        if finding.rule is not None:
            for line in self._lines(demand(finding.rule)):
                _say_below(faint(line))

    def _lines(self, text: str) -> list[str]:
        plain = " ".join(text.split())
        if self._width is None:
            return [plain]
        return wrap(plain, self._width, break_long_words=False, break_on_hyphens=False) or [""]


def demand(rule: SenderRule) -> str:
    """Who demands it, and as what.

    >>> demand(SenderRule.TLS)
    'Gmail requires this of bulk senders (TLS)'
    """
    who = " and ".join(rule.providers)
    verb = "require" if len(rule.providers) > 1 else "requires"
    return f"{who} {verb} this of bulk senders ({rule})"


def _title(group: Group) -> str:
    return group[:1].upper() + group[1:]


def _say_record(record: Wanted) -> None:
    """Each value in one line, however long: whoever copies it wants no break in it."""
    own = ", with values of your own" if record.is_example else ""
    _say_below(f"publish{own}: {strong(record.name)} {record.kind}")
    _say_whole(strong(record.value))
    if len(record.strings) > 1:
        _say_whole(f"in a zone file: {record.name}. IN {record.kind} (")
        for each in record.strings:
            _say_whole(f'"{each}"')
        _say_whole(")")


def _say_whole(text: str) -> None:
    say_data(f"{'':<{_MARGIN}}{text}")


def _say_below(text: str) -> None:
    say(f"{'':<{_MARGIN}}{text}")
