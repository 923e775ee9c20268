"""Runs rules over an issue. Pure: the same issue, rules and context give the same diagnostics."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from newsletter.check.diagnostic import Diagnostic
from newsletter.check.ignores import apply_ignores, find_ignores
from newsletter.check.rule import Context, Rule
from newsletter.errors import CheckError
from newsletter.issue import Issue

OnFault = Callable[[CheckError], None]


def check_issue(
    issue: Issue, rules: Sequence[Rule], context: Context, *, on_fault: OnFault | None = None
) -> tuple[Diagnostic, ...]:
    """Every diagnostic of the given rules that no ignore comment silences, in file order.

    A rule of another package that fails is told to `on_fault`, and the others run; without it the
    CheckError is raised. What only follows from another finding is here, too: `without_followers`
    leaves it out, for people.
    """
    house = context.house
    active = [rule for rule in rules if rule.slug not in house.switched_off]
    ignores = find_ignores(issue.source)
    run = _Run(issue, context, on_fault)
    found = list(apply_ignores(run.each(active, last=False), ignores))
    known = _names(rules)
    heard = _names(active) if ignores else known
    silent = [ignore for ignore in ignores if ignore.name in heard or ignore.name not in known]
    after = replace(context, ignores=tuple(silent), names=known)
    found += apply_ignores(_Run(issue, after, on_fault).each(active, last=True), ignores)
    return tuple(sorted(found, key=_place_and_code))


def _place_and_code(item: Diagnostic) -> tuple[int, int, int, int, str]:
    """As spans are ordered; tuples of numbers are compared many times faster than records."""
    span = item.span
    return span.line, span.column, span.end_line, span.end_column, item.code


def _names(rules: Iterable[Rule]) -> frozenset[str]:
    return frozenset(name for rule in rules for name in (rule.slug, rule.code.lower()))


@dataclass(frozen=True, slots=True)
class _Run:
    """Rules over one issue."""

    issue: Issue
    context: Context
    on_fault: OnFault | None

    def each(self, rules: Iterable[Rule], *, last: bool) -> Iterator[Diagnostic]:
        for rule in rules:
            if rule.runs_last is not last:
                continue
            if rule.package:
                yield from self._guarded(rule)
            else:
                yield from self._found(rule)

    def _guarded(self, rule: Rule) -> Iterator[Diagnostic]:
        """What a rule of another package finds, up to where it fails."""
        try:
            yield from self._found(rule)
        except Exception as error:
            fault = _fault(rule, self.issue.path, error)
            if self.on_fault is None:
                raise fault from error
            self.on_fault(fault)

    def _found(self, rule: Rule) -> Iterator[Diagnostic]:
        path, lines = self.issue.path, self.issue.source.lines
        severity = self.context.house.severities.get(rule.slug, rule.severity)
        for finding in rule.check(self.issue, self.context):
            yield Diagnostic(
                path=path,
                span=finding.span,
                code=rule.code,
                slug=rule.slug,
                severity=severity,
                message=finding.message,
                hint=finding.hint,
                fix=finding.fix,
                explains=finding.explains,
                source_line=lines[finding.span.line - 1] if lines else "",
            )


def _fault(rule: Rule, path: str, error: Exception) -> CheckError:
    said = " ".join(str(error).split())
    what = f"{type(error).__name__}: {said}" if said else type(error).__name__
    return CheckError(
        f"the rule {rule.code} {rule.slug} of the package {rule.package} failed: {what}",
        where=path,
        next_step=f"tell its makers, and switch it off meanwhile: [house] off = ['{rule.slug}']",
    )
