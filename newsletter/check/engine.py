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
    heard = frozenset(name for rule in active for name in (rule.slug, rule.code.lower()))
    known = frozenset(name for rule in rules for name in (rule.slug, rule.code.lower()))
    silent = [ignore for ignore in ignores if ignore.name in heard or ignore.name not in known]
    after = replace(context, ignores=tuple(silent), names=known)
    found += apply_ignores(_run(issue, active, after, last=True), ignores)
    return tuple(sorted(found, key=lambda diagnostic: (diagnostic.span, diagnostic.code)))


def _run(
    issue: Issue, rules: Iterable[Rule], context: Context, *, last: bool
) -> Iterator[Diagnostic]:
    lines = issue.source.lines
    for rule in rules:
        if rule.runs_last is not last:
            continue
        severity = context.house.severities.get(rule.slug, rule.severity)
        for finding in rule.check(issue, context):
            yield Diagnostic(
                path=issue.path,
                span=finding.span,
                code=rule.code,
                slug=rule.slug,
                severity=severity,
                message=finding.message,
                hint=finding.hint,
                fix=finding.fix,
                source_line=lines[finding.span.line - 1] if lines else "",
            )
