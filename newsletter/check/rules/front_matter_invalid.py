"""What the front matter's reader could not read, or refused to."""

from collections.abc import Iterator

from newsletter.check.dates import find_dates
from newsletter.check.days import days_meant
from newsletter.check.diagnostic import Edit, Finding, Fix, Severity
from newsletter.check.house_format import Calendar
from newsletter.check.rule import Context, Rule
from newsletter.issue import Fault, Issue


def check(issue: Issue, context: Context) -> Iterator[Finding]:
    value = issue.front_matter.get("date")
    for fault in issue.front_matter.faults:
        if value is not None and fault.span == value.value_span:
            yield _date(fault, value.value, context.house.calendar)
            continue
        edits = tuple(Edit(span=span, text=text) for span, text in fault.repair)
        fix = Fix(title="Mend the front matter", edits=edits) if edits else None
        yield Finding(span=fault.span, message=fault.what, hint=fault.hint, fix=fix)


def _date(fault: Fault, value: str, calendar: Calendar) -> Finding:
    """One in words, with its year, can only mean one day."""
    days = {day for written in find_dates(value, calendar) for day in days_meant(written, None)}
    if len(days) != 1:
        return Finding(span=fault.span, message=fault.what, hint=fault.hint)
    day = days.pop().isoformat()
    fix = Fix(title=f"Write {day}", edits=(Edit(span=fault.span, text=day),))
    return Finding(span=fault.span, message=fault.what, hint=f"write it as {day}", fix=fix)


RULE = Rule(
    code="S002",
    slug="front-matter-invalid",
    summary="Front matter is a few lines of `key: value`.",
    severity=Severity.ERROR,
    check=check,
)
