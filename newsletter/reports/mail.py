"""A run's report as a notice carries it: text, and HTML for mail programs, without a picture.

Many of them drop SVG, style sheets and CSS variables, which the page lives by, so the chart is
rows of a table whose bars are coloured cells. Short: the whole report is the page's and the text's.
Light without a style sheet, dark where one is read.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from html import escape
from itertools import islice

from newsletter.addresses import domain_words
from newsletter.books import Failure, RateCount, Run, needs_person
from newsletter.render import Theme
from newsletter.reports.comparison import Comparison
from newsletter.reports.comparison_words import comparison_table
from newsletter.reports.gather import RunReport, gather, people
from newsletter.reports.returned_words import TITLE, returned_rows
from newsletter.reports.text import text_report
from newsletter.reports.words import (
    balance_sentence,
    counts_text,
    peak,
    person_line,
    reply_line,
    run_times,
    shown_states,
    state_word,
)
from newsletter.store import Database

ROWS = 12
"""Bars of the chart, at most."""
MAX_PEOPLE = 20
MAX_REPLIES = 10
MAX_DOMAINS = 10

_TABLE = '<table role="presentation" cellpadding="0" cellspacing="0" border="0"'


def report_parts(
    database: Database, run: Run, theme: Theme, now: datetime, *, more: str | None = None
) -> tuple[str, str]:
    """The same facts twice: text, and HTML in the publication's colours."""
    gathered = gather(database, run, now)
    text = "\n".join(text_report(gathered, people(database, run, now), more=more))
    return text, mail_report(gathered, people(database, run, now), theme, more=more)


def mail_report(
    report: RunReport, people: Iterable[Failure], theme: Theme, *, more: str | None = None
) -> str:
    """The HTML part; `more` is what shows all of it, such as a command."""
    return "\n".join(_Mail(theme).lines(report, people, more)) + "\n"


class _Mail:
    """The parts, in the colours and fonts of a theme."""

    def __init__(self, theme: Theme) -> None:
        self._theme = theme
        self._light = theme.light

    def lines(
        self, report: RunReport, people: Iterable[Failure], more: str | None
    ) -> Iterator[str]:
        yield from self._opening(report)
        yield from self._books(report)
        if report.comparison is not None:
            yield from self._comparison(report.comparison)
        if report.returned is not None and not report.returned.is_empty:
            yield self._heading(TITLE)
            rows = [(number, escape(words)) for number, words in returned_rows(report.returned)]
            yield from self._rows(rows, names=("Number", "What"))
        if report.chart is not None:
            yield from self._chart(report.chart)
        yield from self._replies(report)
        yield from self._domains(report)
        yield from self._people(report, people)
        yield from self._closing(more)

    def _opening(self, report: RunReport) -> Iterator[str]:
        run, light = report.run, self._light
        title = escape(f"{run.issue}: {run.state.value}")
        yield '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        yield '<meta name="viewport" content="width=device-width,initial-scale=1">'
        yield '<meta name="color-scheme" content="light dark">'
        yield '<meta name="supported-color-schemes" content="light dark">'
        yield f"<title>{title}</title><style>{self._dark()}</style></head>"
        yield f'<body class="page" style="margin:0;padding:0;background-color:{light.page}">'
        yield f'{_TABLE} width="100%" class="page" bgcolor="{light.page}"><tr><td align="center">'
        yield f'{_TABLE} width="100%" style="max-width:640px"><tr>'
        yield (
            f'<td class="mast" bgcolor="{light.masthead}" style="padding:24px;'
            f"border-bottom:4px solid {light.accent};"
            f'font-family:{self._theme.sans};color:{light.on_masthead_soft}">'
        )
        yield f'<p style="margin:0;font-size:14px;line-height:20px">{title}</p>'
        yield (
            f'<h1 class="name" style="margin:6px 0;font:700 24px/31px {self._theme.serif};'
            f'color:{light.on_masthead};word-break:break-word">{escape(run.subject)}</h1>'
        )
        yield f'<p style="margin:0;font-size:14px;line-height:20px">{_when(run)}</p></td></tr>'
        yield (
            f'<tr><td class="card" bgcolor="{light.card}" style="padding:8px 24px 28px 24px;'
            f"font-family:{self._theme.sans};font-size:15px;line-height:22px;"
            f'color:{light.text}">'
        )

    def _dark(self) -> str:
        dark = self._theme.dark
        rules = (
            f".page{{background-color:{dark.page}!important}}",
            f".mast{{background-color:{dark.masthead}!important}}",
            f".mast{{color:{dark.on_masthead_soft}!important}}",
            f".name{{color:{dark.on_masthead}!important}}",
            f".card{{background-color:{dark.card}!important;color:{dark.text}!important}}",
            f".ink{{color:{dark.ink}!important}}",
            f".soft{{color:{dark.muted}!important}}",
            f".cell{{border-color:{dark.rule}!important}}",
        )
        return f"@media(prefers-color-scheme:dark){{{''.join(rules)}}}"

    def _heading(self, words: str) -> str:
        font = f"font:700 19px/26px {self._theme.serif}"
        style = f"margin:24px 0 8px 0;{font};color:{self._light.ink}"
        return f'<h2 class="ink" style="{style}">{words}</h2>'

    def _rows(self, rows: Iterable[Sequence[str]], *, names: Sequence[str]) -> Iterator[str]:
        """A table of cells that are HTML; the first is a number."""
        yield '<table width="100%" cellpadding="0" cellspacing="0" border="0"><tr>'
        for at, name in enumerate(names):
            yield f'<th scope="col" class="soft cell" {self._cell(at, muted=True)}>{name}</th>'
        yield "</tr>"
        for row in rows:
            cells = (
                f'<td class="cell" {self._cell(at)}>{cell}</td>' for at, cell in enumerate(row)
            )
            yield f"<tr>{''.join(cells)}</tr>"
        yield "</table>"

    def _cell(self, at: int, *, muted: bool = False) -> str:
        align, room = ("right", "6px 16px 6px 0") if at == 0 else ("left", "6px 0")
        wrap = "white-space:nowrap" if at == 0 else "word-break:break-word"
        colour = f"color:{self._light.muted};font-size:13px;" if muted else ""
        border = f"border-bottom:1px solid {self._light.rule}"
        width = ' width="1%"' if at == 0 else ""
        return f'align="{align}" valign="top"{width} style="padding:{room};{colour}{border};{wrap}"'

    def _books(self, report: RunReport) -> Iterator[str]:
        balance = report.balance
        yield self._heading("The books")
        rows = [
            (f"<b>{balance[state]:,}</b>", state_word(state)) for state in shown_states(balance)
        ]
        audience = (f"{balance.frozen:,}", "in the audience")
        yield from self._rows([audience, *rows], names=("Number", "State"))
        style = f"margin:10px 0 0 0;font-weight:700;color:{self._light.ink}"
        yield f'<p class="ink" style="{style}">{escape(balance_sentence(balance))}</p>'

    def _comparison(self, comparison: Comparison) -> Iterator[str]:
        """This issue's number first, and behind it all that is said of it."""
        table = comparison_table(comparison)
        yield self._heading(escape(table.title))
        rows = ((cells[0], _compared(name, *cells[1:])) for name, *cells in table.rows)
        yield from self._rows(rows, names=("This issue", "Number, and what it was before"))

    def _chart(self, rate: RateCount) -> Iterator[str]:
        """A row for each stretch of time: when, a bar, how many; read aloud, all of it is there."""
        size = -(-len(rate.counts) // ROWS)
        counts = [sum(rate.counts[at : at + size]) for at in range(0, len(rate.counts), size)]
        yield self._heading("Accepted over time")
        rows = (
            (f"{rate.start + rate.span * size * at:%H:%M:%S}", self._bar(count, max(counts)))
            for at, count in enumerate(counts)
        )
        yield from self._rows(rows, names=("From, UTC", "Accepted"))
        yield self._note(f"{sum(counts):,} in all, {peak(rate):,.1f} a second at most.")

    def _bar(self, count: int, most: int) -> str:
        """Up to 80 of the width, the number behind it; Outlook knows neither flex nor calc."""
        width = round(80 * count / most)
        bar = f'<td width="{width}%" bgcolor="{self._light.accent}" height="16"></td>'
        number = f'<td style="padding:0 0 0 8px;white-space:nowrap">{count:,}</td>'
        return f'{_TABLE} width="100%"><tr>{bar if width else ""}{number}</tr></table>'

    def _replies(self, report: RunReport) -> Iterator[str]:
        if not report.replies:
            return
        yield self._heading("What the relay said")
        rows = ((f"{one.count:,}", escape(reply_line(one))) for one in report.replies[:MAX_REPLIES])
        yield from self._rows(rows, names=("Times", "Reply"))

    def _domains(self, report: RunReport) -> Iterator[str]:
        """Who is where, the ten greatest, for a domain that refuses is seen at once."""
        yield self._heading("By domain")
        rows = (
            (
                f"{sum(each.counts.values()):,}",
                f"{escape(domain_words(each.domain))}: {counts_text(each.counts)}",
            )
            for each in report.domains[:MAX_DOMAINS]
        )
        yield from self._rows(rows, names=("All", "Domain"))

    def _people(self, report: RunReport, people: Iterable[Failure]) -> Iterator[str]:
        yield self._heading("Who needs a person")
        count = needs_person(report.balance)
        if not count:
            yield '<p style="margin:0">Nobody.</p>'
            return
        rows = [
            (str(number), escape(person_line(failure)))
            for number, failure in enumerate(islice(people, MAX_PEOPLE), 1)
        ]
        yield from self._rows(rows, names=("", "Recipient, state, why"))
        if count > MAX_PEOPLE:
            yield self._note(f"… and {count - MAX_PEOPLE:,} more.")

    def _closing(self, more: str | None) -> Iterator[str]:
        if more:
            yield self._note(f"All of it: <code>{escape(more)}</code>")
        yield "</td></tr></table></td></tr></table></body></html>"

    def _note(self, words: str) -> str:
        style = f"margin:10px 0 0 0;font-size:13px;line-height:20px;color:{self._light.muted}"
        return f'<p class="soft" style="{style}">{words}</p>'


def _compared(name: str, before: str, span: str = "", remark: str = "") -> str:
    """`Refused: 0.1 % before`, or `Refused: median 0.1 %, 0 to 0.3 %; highest of 9`."""
    if not span or span == before:
        return f"{name}: {before} before" + (f"; <b>{remark}</b>" if remark else "")
    return f"{name}: median {before}, {span}" + (f"; <b>{remark}</b>" if remark else "")


def _when(run: Run) -> str:
    to = f" Sent to a segment: {escape(run.segment)}." if run.segment else ""
    return f"Began {run_times(run)}. Digest {run.digest[:12]}.{to}"
