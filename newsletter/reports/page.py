"""A run's report as one HTML page: nothing is loaded, no script, light and dark, for all readers.

Knows the page; its colours and fonts are the publication's theme.
"""

from collections.abc import Iterable, Iterator, Mapping
from html import escape
from itertools import islice

from newsletter.addresses import domain_words
from newsletter.books import DeliveryState, Failure, RateCount, minute, needs_person
from newsletter.render import Palette, Theme
from newsletter.reports.comparison import Comparison
from newsletter.reports.comparison_words import comparison_table
from newsletter.reports.gather import RunReport
from newsletter.reports.returned import Returned
from newsletter.reports.returned_words import (
    TITLE,
    later_returned,
    receiver_rows,
    returned_rows,
)
from newsletter.reports.text import MAX_PEOPLE
from newsletter.reports.words import (
    REPORTED,
    balance_sentence,
    counts_text,
    peak,
    rate_times,
    run_times,
    shown_states,
    state_meaning,
    state_word,
    why,
)

_CSS = """
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--text);font:16px/1.5 var(--sans)}
header{background:var(--masthead);color:var(--on-masthead);padding:40px 24px 32px}
header>*,main{max-width:960px;margin:0 auto}
header p{margin:0 auto;color:var(--on-masthead-soft)}
header .kicker{color:var(--kicker);font-size:13px;letter-spacing:.08em;text-transform:uppercase}
h1{font:700 34px/1.2 var(--serif);margin:8px auto;overflow-wrap:anywhere}
h2{font:700 22px/1.3 var(--serif);color:var(--ink);margin:0 0 16px}
main{padding:24px}
section{background:var(--card);border:1px solid var(--rule);border-radius:8px;padding:24px;
margin:0 0 24px;overflow-x:auto}
.numbers{display:grid;grid-template-columns:repeat(auto-fill,minmax(150px,1fr));gap:16px;
margin:0 0 16px;padding:0;list-style:none}
.numbers li{border-left:4px solid var(--accent);background:var(--panel);padding:12px 16px}
.numbers b{display:block;font:700 28px/1.2 var(--serif);color:var(--ink)}
.numbers span{color:var(--muted);font-size:14px}
table{border-collapse:collapse;width:100%}
th,td{text-align:left;padding:8px 12px 8px 0;border-bottom:1px solid var(--rule);
vertical-align:top;overflow-wrap:anywhere}
th{color:var(--muted);font-size:14px;font-weight:600}
th[scope=row]{font:inherit;color:var(--text)}td.n+td:not(.n),th.n+th:not(.n){padding-left:24px}
td.n,th.n{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}
svg{display:block;width:100%;height:auto}
.bar{fill:var(--accent)}
.limit{stroke:var(--muted);stroke-dasharray:6 4}
.axis{stroke:var(--rule)}.tick{fill:var(--muted);font:13px var(--sans)}
p{margin:0 0 8px}.sum{font-weight:600;color:var(--ink)}.muted{color:var(--muted)}
@media print{body{background:none}section{break-inside:avoid}}
"""


_UNSAID = ("number", "", "", "", "remark")
"""Headings that a page says of columns that need none in a text."""


def page_report(
    report: RunReport, people: Iterable[Failure], theme: Theme, *, more: str | None = None
) -> Iterator[str]:
    """The page, piece by piece; `more` is as in `text_report`."""
    run = report.run
    yield from page_begin(f"{run.issue}: who has it and who does not", theme)
    yield f'<header><p class="kicker">{escape(run.issue)} · {run.state.value}</p>'
    yield f"<h1>{escape(run.subject)}</h1><p>{_when(report)}</p></header><main>"
    yield from _numbers(report)
    if report.comparison is not None:
        yield from _comparison(report.comparison)
    if report.returned is not None and not report.returned.is_empty:
        yield from _returned(report.returned)
    if report.chart is not None:
        yield from _chart(report.chart)
    yield from _domains(report)
    yield from _relays(report)
    yield from _replies(report)
    yield from _people(report, people, more)
    yield from _resolutions(report)
    yield "</main></body></html>"


def page_begin(title: str, theme: Theme) -> Iterator[str]:
    """Everything before what is seen of a page."""
    yield "<!doctype html>"
    yield '<html lang="en"><head><meta charset="utf-8">'
    yield '<meta name="viewport" content="width=device-width,initial-scale=1">'
    yield '<meta name="color-scheme" content="light dark">'
    yield f"<title>{escape(title)}</title><style>{_colours(theme)}{_CSS}</style></head><body>"


def _when(report: RunReport) -> str:
    run = report.run
    by = f", {run.state.value} by {escape(run.controlled_by)}" if run.controlled_by else ""
    to = f" Sent to a segment: {escape(run.segment)}." if run.segment else ""
    return (
        f"Began {run_times(run)}{by}. Digest {run.digest[:12]}.{to} "
        f"This page was made at {minute(report.made_at)}."
    )


def _colours(theme: Theme) -> str:
    fonts = f"--serif:{theme.serif};--sans:{theme.sans}"
    light, dark = _variables(theme.light), _variables(theme.dark)
    return f":root{{{light};{fonts}}}@media(prefers-color-scheme:dark){{:root{{{dark}}}}}"


def _variables(palette: Palette) -> str:
    names = (
        "page card panel masthead on_masthead on_masthead_soft kicker ink text muted rule accent"
    )
    return ";".join(
        f"--{name.replace('_', '-')}:{getattr(palette, name)}" for name in names.split()
    )


def _numbers(report: RunReport) -> Iterator[str]:
    balance = report.balance
    yield '<section aria-labelledby="books"><h2 id="books">The books</h2><ul class="numbers">'
    yield f"<li><b>{balance.frozen:,}</b>In the audience</li>"
    for state in shown_states(balance):
        word = f"{_word(state)} <span>{state_meaning(state)}</span>"
        yield f"<li><b>{balance[state]:,}</b>{word}</li>"
    yield f'</ul><p class="sum">{escape(balance_sentence(balance))}</p>'
    if report.returned is not None and (line := later_returned(report.returned)):
        yield f"<p>{line}</p>"
    for reason, count in report.suppressed.items():
        yield f'<p class="muted">{count:,} suppressed: {escape(reason)}</p>'
    if report.next_due:
        yield f"<p>Deferred until {minute(report.next_due)}.</p>"
    yield "</section>"


def _comparison(comparison: Comparison) -> Iterator[str]:
    table = comparison_table(comparison)
    yield f'<section aria-labelledby="comparison"><h2 id="comparison">{escape(table.title)}</h2>'
    yield "<table><thead><tr>"
    for at, words in enumerate(table.headings):
        yield f'<th scope="col"{_class_of(at)}>{(words or _UNSAID[at]).capitalize()}</th>'
    yield "</tr></thead><tbody>"
    for name, *cells in table.rows:
        said = "".join(f"<td{_class_of(at)}>{cell}</td>" for at, cell in enumerate(cells, 1))
        yield f'<tr><th scope="row">{name}</th>{said}</tr>'
    yield "</tbody></table></section>"


def _returned(returned: Returned) -> Iterator[str]:
    yield f'<section aria-labelledby="returned"><h2 id="returned">{TITLE}</h2>'
    yield '<table><thead><tr><th scope="col" class="n">Number</th><th scope="col">What</th></tr>'
    yield "</thead><tbody>"
    for number, words in returned_rows(returned):
        yield f'<tr><td class="n">{number}</td><td>{escape(words)}</td></tr>'
    yield "</tbody></table>"
    if rows := list(receiver_rows(returned)):
        yield '<table><thead><tr><th scope="col">Receiver</th><th scope="col">What came back</th>'
        yield "</tr></thead><tbody>"
        for name, words in rows:
            yield f"<tr><td>{escape(domain_words(name))}</td><td>{words}</td></tr>"
        yield "</tbody></table>"
    yield "</section>"


def _class_of(at: int) -> str:
    """Of a column of numbers: those of this issue, and the median."""
    return ' class="n"' if at in (1, 2) else ""


def _chart(rate: RateCount) -> Iterator[str]:
    """Bars from left to right; the words below say the same to those who see none."""
    most, width, height = max(rate.counts), 900, 200
    step = width / len(rate.counts)
    end = rate.start + rate.span * len(rate.counts)
    label = (
        f"{sum(rate.counts):,} accepted from {rate_times(rate)}, {peak(rate):,.1f} a second at most"
    )
    yield '<section aria-labelledby="rate"><h2 id="rate">Accepted over time</h2>'
    yield f'<svg viewBox="0 0 {width} {height + 30}" role="img" aria-label="{label}">'
    for at, count in enumerate(rate.counts):
        tall = count / most * height
        yield (
            f'<rect class="bar" x="{at * step + 1:.1f}" y="{height - tall:.1f}" '
            f'width="{step - 2:.1f}" height="{tall:.1f}"/>'
        )
    yield f'<line class="axis" x1="0" x2="{width}" y1="{height}" y2="{height}"/>'
    yield f'<text class="tick" x="0" y="{height + 20}">{rate.start:%H:%M:%S}</text>'
    yield (
        f'<text class="tick" x="{width}" y="{height + 20}" text-anchor="end">{end:%H:%M:%S}</text>'
    )
    yield f'</svg><p class="muted">{label}.</p></section>'


def _domains(report: RunReport) -> Iterator[str]:
    states = [state for state in REPORTED if report.balance[state]]
    yield '<section aria-labelledby="domains"><h2 id="domains">By domain</h2><table><thead><tr>'
    yield '<th scope="col">Domain</th><th scope="col" class="n">All</th>'
    for state in states:
        yield f'<th scope="col" class="n">{_word(state)}</th>'
    yield "</tr></thead><tbody>"
    rows = [(domain_words(domain.domain), domain.counts) for domain in report.domains]
    if report.others:
        rows.append(("all others", report.others))
    for name, counts in rows:
        yield _domain_row(name, counts, states)
    yield "</tbody></table></section>"


def _domain_row(
    name: str, counts: Mapping[DeliveryState, int], states: Iterable[DeliveryState]
) -> str:
    numbers = [sum(counts.values()), *(counts.get(state, 0) for state in states)]
    cells = "".join(f'<td class="n">{number:,}</td>' for number in numbers)
    return f"<tr><td>{escape(name)}</td>{cells}</tr>"


def _relays(report: RunReport) -> Iterator[str]:
    if len(report.relays) < 2:
        return
    yield '<section aria-labelledby="relays"><h2 id="relays">By relay</h2><table><thead><tr>'
    yield '<th scope="col">Relay</th><th scope="col">What it carried</th></tr></thead><tbody>'
    for each in report.relays:
        yield f"<tr><td>{escape(each.relay)}</td><td>{counts_text(each.counts)}</td></tr>"
    yield "</tbody></table></section>"


def _replies(report: RunReport) -> Iterator[str]:
    if not report.replies:
        return
    yield '<section aria-labelledby="replies"><h2 id="replies">By reply</h2><table><thead><tr>'
    yield '<th scope="col" class="n">Times</th><th scope="col">State</th>'
    yield '<th scope="col">Code</th><th scope="col">The relay’s words</th></tr></thead><tbody>'
    for reply in report.replies:
        code = f"{reply.code or ''} {reply.enhanced_code}".strip()
        yield (
            f'<tr><td class="n">{reply.count:,}</td><td>{_word(reply.state)}</td>'
            f"<td>{escape(code)}</td><td>{escape(reply.text)}</td></tr>"
        )
    yield "</tbody></table></section>"


def _people(report: RunReport, people: Iterable[Failure], more: str | None) -> Iterator[str]:
    yield '<section aria-labelledby="people"><h2 id="people">Who needs a person</h2>'
    count = needs_person(report.balance)
    if not count:
        yield "<p>Nobody.</p></section>"
        return
    yield '<table><thead><tr><th scope="col">Recipient</th><th scope="col">State</th>'
    yield '<th scope="col">Why</th></tr></thead><tbody>'
    for failure in islice(people, MAX_PEOPLE):
        yield (
            f"<tr><td>{escape(str(failure.recipient))}</td><td>{_word(failure.state)}</td>"
            f"<td>{escape(why(failure))}</td></tr>"
        )
    yield "</tbody></table>"
    if count > MAX_PEOPLE:
        all_of_it = f": <code>{escape(more)}</code>" if more else "."
        yield f'<p class="muted">… and {count - MAX_PEOPLE:,} more{all_of_it}</p>'
    yield "</section>"


def _resolutions(report: RunReport) -> Iterator[str]:
    if not report.resolutions:
        return
    yield '<section aria-labelledby="words"><h2 id="words">Doubts settled</h2><table><thead><tr>'
    yield '<th scope="col">Recipient</th><th scope="col">Became</th><th scope="col">Why</th>'
    yield '<th scope="col">Who and when</th></tr></thead><tbody>'
    for word in report.resolutions:
        yield (
            f"<tr><td>{escape(str(word.recipient))}</td><td>{_word(word.state)}</td>"
            f"<td>{escape(word.reason)}</td><td>{escape(word.resolved_by)}, "
            f"{minute(word.resolved_at)}</td></tr>"
        )
    yield "</tbody></table></section>"


def _word(state: DeliveryState) -> str:
    return state_word(state).capitalize()
