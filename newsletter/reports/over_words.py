"""Several issues beside each other as text with a chart, as a page, and for programs."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from html import escape

from newsletter.render import Theme
from newsletter.reports.comparison_words import share_words
from newsletter.reports.over import OverRow, highest, is_early
from newsletter.reports.page import page_begin
from newsletter.reports.returned import COMPLAINTS_BORNE, COMPLAINTS_WANTED
from newsletter.reports.returned_words import returned_record

_WIDE = 20
"""Cells of a bar."""

_EIGHTHS = " ▏▎▍▌▋▊▉█"
_HEAD = ("Issue", "Accepted", "Refused", "Returned", "Complaints", "Left", "")
_LIMITS = "Gmail and Yahoo want complaints below 0.1 %, and never 0.3 %."
_CHARTS: Sequence[tuple[str, Callable[[OverRow], float], Sequence[float]]] = (
    ("Returned, of those accepted", lambda row: row.shares[0], ()),
    (
        "Complaints, of those accepted",
        lambda row: row.shares[1],
        (COMPLAINTS_WANTED, COMPLAINTS_BORNE),
    ),
    ("Left, of those accepted", lambda row: row.shares[2], ()),
)


def text_over(rows: Sequence[OverRow]) -> Iterator[str]:
    """A line an issue, with a bar for what was returned."""
    if not rows:
        yield "No issue has been sent to its end yet."
        return
    most = highest(rows, lambda row: row.shares[0])
    table = [_HEAD, *(_cells(row) for row in rows)]
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    for at, cells in enumerate(table):
        name, *numbers = cells
        line = "  ".join(
            [name.ljust(widths[0]), *(c.rjust(w) for c, w in zip(numbers, widths[1:], strict=True))]
        )
        yield f"{line}{_bar(rows[at - 1].shares[0], most) if at else ''}".rstrip()
    yield ""
    yield f"{_LIMITS} Bars are what was returned; * is early: more may come back."


def over_records(rows: Sequence[OverRow]) -> list[Mapping[str, object]]:
    """For programs, a record an issue."""
    return [
        {
            "issue": row.issue,
            "recipients": row.recipients,
            "accepted": row.accepted,
            "refused": row.refused,
            **returned_record(row.returned),
        }
        for row in rows
    ]


def page_over(rows: Sequence[OverRow], name: str, theme: Theme) -> Iterator[str]:
    """The page: a chart for each share, and the table of all."""
    title = f"{name}: the last {len(rows)} issues" if len(rows) != 1 else f"{name}: the last issue"
    yield from page_begin(title, theme)
    yield f'<header><p class="kicker">{escape(name)}</p><h1>{escape(title)}</h1></header><main>'
    for words, share, limits in _CHARTS:
        yield from _chart(words, rows, share, limits)
    yield '<section aria-labelledby="issues"><h2 id="issues">The issues</h2><table><thead><tr>'
    for at, head in enumerate(_HEAD[:-1]):
        yield f'<th scope="col"{" class=n" if at else ""}>{head}</th>'
    yield "</tr></thead><tbody>"
    for row in rows:
        issue, *numbers, _ = _cells(row)
        cells = "".join(f'<td class="n">{number}</td>' for number in numbers)
        yield f'<tr><th scope="row">{escape(issue)}</th>{cells}</tr>'
    yield f'</tbody></table><p class="muted">{_LIMITS} * is early: more may come back.</p>'
    yield "</section></main></body></html>"


def _cells(row: OverRow) -> tuple[str, ...]:
    returned, complaints, left = row.shares
    return (
        f"{row.issue}{'*' if is_early(row) else ''}",
        f"{row.accepted:,}",
        f"{row.refused:,}",
        share_words(returned),
        f"{complaints * 100:.2f} %{_mark(complaints)}",
        share_words(left),
        "",
    )


def _mark(complaints: float) -> str:
    """Two marks where senders are turned away, one where they are wanted to mend it."""
    if complaints >= COMPLAINTS_BORNE:
        return " !!"
    return " ! " if complaints >= COMPLAINTS_WANTED else "   "


def _bar(share: float, most: float) -> str:
    """As long as it is of the greatest, in eighths of a cell."""
    eighths = round(_WIDE * 8 * share / most) if most else 0
    return "█" * (eighths // 8) + (_EIGHTHS[eighths % 8] if eighths % 8 else "")


def _chart(
    words: str,
    rows: Sequence[OverRow],
    share: Callable[[OverRow], float],
    limits: Sequence[float],
) -> Iterator[str]:
    """Bars from left to right, with a line for each limit that one comes near; the words beside say
    the same to those who see none.
    """
    most, width, height = highest(rows, share), 900, 160
    if not most:
        return
    step, name = width / len(rows), words.partition(",")[0].lower()
    said = "; ".join(f"{row.issue} {share(row) * 100:.2f} %" for row in rows)
    yield f'<section aria-labelledby="{name}"><h2 id="{name}">{words}</h2>'
    yield f'<svg viewBox="0 0 {width} {height + 30}" role="img" aria-label="{escape(said)}">'
    for at, row in enumerate(rows):
        tall = share(row) / most * height
        yield (
            f'<rect class="bar" x="{at * step + step * 0.1:.1f}" y="{height - tall:.1f}" '
            f'width="{step * 0.8:.1f}" height="{tall:.1f}"><title>{escape(row.issue)}: '
            f"{share(row) * 100:.2f} %</title></rect>"
        )
    yield f'<line class="axis" x1="0" x2="{width}" y1="{height}" y2="{height}"/>'
    for limit in limits:
        if limit <= most:
            at_height = f"{height - limit / most * height:.1f}"
            yield f'<line class="limit" x1="0" x2="{width}" y1="{at_height}" y2="{at_height}"/>'
            yield f'<text class="tick" x="{width}" y="{float(at_height) - 4:.1f}" '
            yield f'text-anchor="end">{limit * 100:.1f} %</text>'
    first, last = escape(rows[0].issue), escape(rows[-1].issue)
    yield f'<text class="tick" x="0" y="{height + 20}">{first}</text>'
    yield f'<text class="tick" x="{width}" y="{height + 20}" text-anchor="end">{last}</text>'
    yield f'</svg><p class="muted">{most * 100:.2f} % at most.</p></section>'
