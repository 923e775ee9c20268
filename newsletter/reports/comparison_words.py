"""A comparison in words: a row for each number, and what is to be said of it; and for programs."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from newsletter.books import in_words
from newsletter.reports.comparison import Against, Comparison, Figures, against

_COUNTED = ("two", "three", "four", "five", "six", "seven", "eight")


@dataclass(frozen=True, kw_only=True, slots=True)
class ComparisonTable:
    """Its cells in words, row by row; a remark is "" where this run is within the others' range."""

    title: str
    headings: Sequence[str]
    rows: Sequence[Sequence[str]]


def comparison_table(comparison: Comparison) -> ComparisonTable:
    """Without those numbers that nobody has."""
    number = len(comparison.before)
    found = [
        (name, found, words)
        for name, of, words in _numbers(comparison)
        if (found := against(comparison, of)) is not None and (found.this or found.most)
    ]
    if number == 1:
        return ComparisonTable(
            title=f"Compared with the issue before, {comparison.before[0].issue}",
            headings=("", "this issue", "the one before"),
            rows=[(name, words(each.this), words(each.median)) for name, each, words in found],
        )
    return ComparisonTable(
        title=f"Compared with the last {_COUNTED[number - 2]} issues",
        headings=("", "this issue", "median", "least to most", ""),
        rows=[_row(*each, of_all=number + 1) for each in found],
    )


def comparison_record(comparison: Comparison) -> dict[str, object]:
    """For programs: shares from 0 to 1, times in seconds."""
    return {
        "left_within_seconds": comparison.window.total_seconds(),
        "this": _record(comparison.this),
        "before": [_record(each) for each in comparison.before],
    }


def share_words(share: float) -> str:
    """`0.4 %`; all and none are said of all and none alone.

    >>> share_words(0.004), share_words(0.9999), share_words(1), share_words(0.00001)
    ('0.4 %', '99.9 %', '100 %', '0.1 %')
    """
    if share in (0, 1):
        return f"{share * 100:.0f} %"
    return f"{min(max(share * 100, 0.1), 99.9):.1f} %"


_Number = tuple[str, Callable[[Figures], float | None], Callable[[float], str]]


def _numbers(comparison: Comparison) -> Sequence[_Number]:
    return (
        ("Recipients", lambda each: each.recipients, _whole),
        ("Accepted", lambda each: each.accepted_share, share_words),
        ("Refused", lambda each: each.refused_share, share_words),
        ("In doubt", lambda each: each.in_doubt, _whole),
        (f"Left in {in_words(comparison.window)}", lambda each: each.left_share, share_words),
        ("Time taken", lambda each: each.took.total_seconds(), _time_words),
        ("Per second", lambda each: each.rate, _rate_words),
    )


def _row(name: str, found: Against, words: Callable[[float], str], *, of_all: int) -> Sequence[str]:
    """What is beyond the others by less than the words show is not beyond them."""
    this, least, most = words(found.this), words(found.least), words(found.most)
    remark = ""
    if found.this > found.most and this != most:
        remark = f"highest of {of_all}"
    elif found.this < found.least and this != least:
        remark = f"lowest of {of_all}"
    span = least if least == most else f"{_without_unit(least, most)} to {most}"
    return name, this, words(found.median), span, remark


def _without_unit(least: str, most: str) -> str:
    """`0.1 to 0.3 %`: a unit that both have is said once."""
    return least.removesuffix(" %") if most.endswith(" %") else least


def _whole(number: float) -> str:
    return f"{number:,.0f}"


def _time_words(seconds: float) -> str:
    return in_words(timedelta(seconds=seconds)) if seconds >= 1 else "under 1 s"


def _rate_words(rate: float) -> str:
    return f"{rate:,.0f}" if rate >= 10 else f"{rate:.1f}"


def _record(figures: Figures) -> dict[str, object]:
    return {
        "issue": figures.issue,
        "recipients": figures.recipients,
        "accepted": figures.accepted,
        "refused": figures.refused,
        "in_doubt": figures.in_doubt,
        "left": figures.left,
        "accepted_share": round(figures.accepted_share, 6),
        "refused_share": round(figures.refused_share, 6),
        "left_share": None if figures.left_share is None else round(figures.left_share, 6),
        "seconds": figures.took.total_seconds(),
        "rate": None if figures.rate is None else round(figures.rate, 3),
    }
