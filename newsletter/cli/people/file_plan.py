"""What a file would do to the list, in lines: the counts, its columns, and each bad row."""

from collections.abc import Iterable, Iterator

from newsletter.cli.console import faint, strong, warning
from newsletter.subscribers import (
    FIRST_FEW,
    Columns,
    Difference,
    ImportPlan,
    Standing,
    Verdict,
)

_NAMED = 3
"""People named of each kind."""

_SHOWN_COLUMNS = 12

_BRIEF = (Verdict.CHANGED, Verdict.LEAVES, Verdict.REMOVED)
"""Of whom the first few are named, beside those who are left out."""


def plan_lines(plan: ImportPlan, path: str) -> Iterator[str]:
    """All of it, the counts first and the bad rows last."""
    yield f"{strong(path)}: {', '.join(_counts(plan))}"
    for verdict, number in plan.verdicts.items():
        if verdict.is_kept_out or verdict in _BRIEF:
            yield f"  {number:,} {verdict.value}{_names(plan.first.get(verdict, ()), number)}"
    for kind, number in plan.stops.items():
        yield f"  {number:,} to be suppressed: {kind.value}"
    if plan.columns is not None:
        yield from _columns(plan.columns)
    for column, number in plan.cut.items():
        yield warning(f"  {number:,} too long in {column}: cut at 200 characters")
    if plan.without_consent:
        yield warning(f"  {plan.without_consent:,} new without a word on how they agreed")
    yield from _bad_rows(plan, path)


def difference_line(difference: Difference) -> list[str]:
    """One row of the file of all differences."""
    return [
        difference.verdict.value,
        difference.address,
        "" if difference.line is None else str(difference.line),
    ]


def _counts(plan: ImportPlan) -> Iterator[str]:
    if plan.verdicts or not plan.stops:
        yield f"{plan.new:,} new"
    else:
        yield f"{sum(plan.stops.values()):,} to be suppressed"
    kept_out = 0
    for verdict, number in plan.verdicts.items():
        if verdict.is_kept_out:
            kept_out += number
        elif verdict is not Verdict.NEW:
            yield f"{number:,} {verdict.value}"
    for number, what in (
        (kept_out, "left out"),
        (plan.faults, "bad"),
        (plan.duplicates, "repeated in the file"),
    ):
        if number:
            yield f"{number:,} {what}"


def _names(first: Iterable[Difference], number: int) -> str:
    named = [each.address for each in first][:_NAMED]
    more = f" and {number - len(named):,} more" if number > len(named) else ""
    return faint(f": {', '.join(named)}{more}") if named else ""


def _columns(columns: Columns) -> Iterator[str]:
    yield _told_by(columns)
    if names := [each.name for each in columns.attributes]:
        more = len(names) - _SHOWN_COLUMNS
        shown = ", ".join(names[:_SHOWN_COLUMNS]) + (f" and {more} more" if more > 0 else "")
        yield f"  Kept as attributes: {shown}"
    if columns.left_out:
        yield f"  Not read: {', '.join(columns.left_out[:_SHOWN_COLUMNS])}"
    if columns.unnamed:
        places = ", ".join(str(place + 1) for place in columns.unnamed[:_SHOWN_COLUMNS])
        yield warning(f"  Not read, for it has no name: column {places}")


def _told_by(columns: Columns) -> str:
    """What was believed of who is no reader, so that whoever knows better can object."""
    if names := columns.of_standing:
        return f"  Who has gone or not agreed is told by: {', '.join(names[:_SHOWN_COLUMNS])}"
    if columns.at_best is not Standing.CONFIRMED:
        return warning(f"  Nobody is taken for a reader: the file’s name says {columns.at_best}")
    return "  No column tells who has gone: everybody is taken for a reader"


def _bad_rows(plan: ImportPlan, path: str) -> Iterator[str]:
    for fault in plan.first_faults:
        yield f"  {warning(f'{path}:{fault.line}')}: {fault.what}"
    for twice in plan.first_duplicates:
        yield f"  {path}:{twice.line}: {twice.address} is on line {twice.first_line} as well"
    shown = min(plan.faults, FIRST_FEW) + min(plan.duplicates, FIRST_FEW)
    if (left := plan.faults + plan.duplicates - shown) > 0:
        yield f"  … and {left:,} more lines"
