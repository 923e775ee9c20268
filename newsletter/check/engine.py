"""Runs rules over an issue. Pure: the same issue, rules and context give the same diagnostics."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from newsletter.check.diagnostic import Diagnostic
from newsletter.check.ignores import apply_ignores, find_ignores
from newsletter.check.rule import Context, Rule
from newsletter.issue import Issue


def check_issue(issue: Issue, rules: Sequence[Rule], context: Context) -> tuple[Diagnostic, ...]:
    """Every diagnostic of the given rules that no ignore comment silences, in file order."""
    house = context.house
    active = [rule for rule in rules if rule.slug not in house.switched_off]
    ignores = find_ignores(issue.source)
    found = list(apply_ignores(_run(issue, active, context, last=False), ignores))
    known = _names(rules)
    heard = _names(active) if ignores else known
    silent = [ignore for ignore in ignores if ignore.name in heard or ignore.name not in known]
    after = replace(context, ignores=tuple(silent), names=known)
    found += apply_ignores(_run(issue, active, after, last=True), ignores)
    return tuple(sorted(found, key=_place_and_code))


def _place_and_code(item: Diagnostic) -> tuple[int, int, int, int, str]:
    """As spans are ordered; tuples of numbers are compared many times faster than records."""
    span = item.span
    return span.line, span.column, span.end_line, span.end_column, item.code


def _names(rules: Iterable[Rule]) -> frozenset[str]:
    return frozenset(name for rule in rules for name in (rule.slug, rule.code.lower()))


def _run(
    issue: Issue, rules: Iterable[Rule], context: Context, *, last: bool
) -> Iterator[Diagnostic]:
    path, lines = issue.path, issue.source.lines
    for rule in rules:
        if rule.runs_last is not last:
            continue
        severity = context.house.severities.get(rule.slug, rule.severity)
        for finding in rule.check(issue, context):
            yield Diagnostic(
                path=path,
                span=finding.span,
                code=rule.code,
                slug=rule.slug,
                severity=severity,
                message=finding.message,
                hint=finding.hint,
                fix=finding.fix,
                source_line=lines[finding.span.line - 1] if lines else "",
            )
