"""A run's report as lines of text, and as JSON for machines; both are written as they are read."""

import json
from collections.abc import Iterable, Iterator
from itertools import islice

from newsletter.addresses import domain_words
from newsletter.books import DeliveryState, Failure, RateCount, minute, needs_person
from newsletter.reports.comparison_words import (
    ComparisonTable,
    comparison_record,
    comparison_table,
)
from newsletter.reports.gather import RunReport
from newsletter.reports.returned import Returned
from newsletter.reports.returned_words import (
    TITLE,
    later_returned,
    receiver_rows,
    returned_record,
    returned_rows,
)
from newsletter.reports.words import (
    balance_lines,
    counts_text,
    peak,
    person_line,
    rate_times,
    reply_line,
    run_times,
    state_word,
)

MAX_PEOPLE = 1_000
"""Names for people to read; machines get all of them."""

_STEPS = "▁▂▃▄▅▆▇█"


def text_report(
    report: RunReport, people: Iterable[Failure], *, more: str | None = None
) -> Iterator[str]:
    """`more` is what shows all of it, such as a command; it is named where names are left out."""
    run = report.run
    yield f"{run.issue}  {run.state.value}  {run.subject}"
    yield f"  began {run_times(run)}, digest {run.digest[:12]}"
    if run.segment:
        yield f"  to a segment: {run.segment}"
    yield ""
    yield from _book_lines(report)
    if report.comparison is not None:
        table = comparison_table(report.comparison)
        yield from ("", table.title, *_comparison_lines(table))
    yield from _returned_lines(report.returned)
    if report.chart is not None:
        yield from ("", "Accepted over time", *_rate_lines(report.chart))
    yield from ("", "By domain", *_domain_lines(report))
    if len(report.relays) > 1:
        yield from ("", "By relay", *_relay_lines(report))
    if report.replies:
        yield from ("", "By reply", *_reply_lines(report))
    if report.resolutions:
        yield from ("", "Doubts settled", *_resolution_lines(report))
    if count := needs_person(report.balance):
        yield from ("", f"Who needs a person: {count:,}")
        yield from (f"  {line}" for line in map(person_line, islice(people, MAX_PEOPLE)))
        if count > MAX_PEOPLE:
            yield f"  … and {count - MAX_PEOPLE:,} more" + (f": `{more}`" if more else "")


def _book_lines(report: RunReport) -> Iterator[str]:
    yield from balance_lines(report.balance)
    if report.returned is not None and (line := later_returned(report.returned)):
        yield f"  {line}"
    for reason, count in report.suppressed.items():
        yield f"  {count:,} suppressed: {reason}"


def _returned_lines(returned: Returned | None) -> Iterator[str]:
    if returned is None or returned.is_empty:
        return
    yield from ("", TITLE)
    rows = list(returned_rows(returned))
    width = max(len(number) for number, _ in rows)
    yield from (f"  {number:>{width}}  {words}" for number, words in rows)
    names = list(receiver_rows(returned))
    width = max((len(name) for name, _ in names), default=0)
    yield from (f"  {domain_words(name).ljust(width)}  {words}" for name, words in names)


def _comparison_lines(table: ComparisonTable) -> Iterator[str]:
    """Numbers stand under each other by their ends, and what is said of them by its beginning."""
    rows = [table.headings, *table.rows]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        name, *cells = (
            cell.rjust(width) if at in (1, 2) else cell.ljust(width)
            for at, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        yield f"  {'  '.join([name, *cells])}".rstrip()


def _rate_lines(rate: RateCount) -> Iterator[str]:
    most = max(rate.counts)
    bars = (_STEPS[-(-count * 7 // most)] if count else " " for count in rate.counts)
    yield f"  {''.join(bars)}"
    yield f"  {rate_times(rate)}, {peak(rate):,.1f}/s at most"


def _domain_lines(report: RunReport) -> Iterator[str]:
    names = [domain_words(domain.domain) for domain in report.domains]
    width = max(map(len, [*names, "others"]), default=0)
    for name, domain in zip(names, report.domains, strict=True):
        yield f"  {name.ljust(width)}  {counts_text(domain.counts)}"
    if report.others:
        yield f"  {'others'.ljust(width)}  {counts_text(report.others)}"


def _relay_lines(report: RunReport) -> Iterator[str]:
    width = max(len(each.relay) for each in report.relays)
    for each in report.relays:
        yield f"  {each.relay.ljust(width)}  {counts_text(each.counts)}"


def _reply_lines(report: RunReport) -> Iterator[str]:
    width = max(len(f"{reply.count:,}") for reply in report.replies)
    for reply in report.replies:
        yield f"  {reply.count:>{width},}  {reply_line(reply)}"


def _resolution_lines(report: RunReport) -> Iterator[str]:
    for word in report.resolutions:
        by = f"{word.resolved_by}, {minute(word.resolved_at)}"
        yield f"  {word.recipient}  {state_word(word.state)}  {word.reason} ({by})"


def json_report(report: RunReport, people: Iterable[Failure]) -> Iterator[str]:
    """One JSON object, in pieces, a line for each person."""
    head = json.dumps(_record(report), ensure_ascii=False, indent=2)
    yield head.removesuffix("\n}") + ',\n  "needs_person": ['
    separator = ""
    for failure in people:
        yield f"{separator}    {json.dumps(_person(failure), ensure_ascii=False)}"
        separator = ",\n"
    yield "  ]\n}"


def _record(report: RunReport) -> dict[str, object]:
    run, rate = report.run, report.rate
    return {
        "issue": run.issue,
        "subject": run.subject,
        "digest": run.digest,
        "state": run.state.value,
        "started_at": run.started_at.isoformat(),
        "finished_at": run.finished_at.isoformat() if run.finished_at else None,
        "controlled_by": run.controlled_by,
        "segment": run.segment,
        "frozen": report.balance.frozen,
        "balanced": report.balance.balanced,
        "complete": report.balance.complete,
        "counts": _counts(report.balance.counts.items()),
        "suppressed": dict(report.suppressed),
        "domains": [
            {"domain": each.domain, **_counts(each.counts.items())} for each in report.domains
        ],
        "other_domains": _counts(report.others.items()),
        "relays": [{"relay": each.relay, **_counts(each.counts.items())} for each in report.relays],
        "replies": [
            {
                "state": reply.state.value,
                "code": reply.code,
                "enhanced_code": reply.enhanced_code,
                "text": reply.text,
                "count": reply.count,
            }
            for reply in report.replies
        ],
        "rate": None
        if rate is None
        else {
            "start": rate.start.isoformat(),
            "span_seconds": rate.span.total_seconds(),
            "accepted": list(rate.counts),
        },
        "returned": returned_record(report.returned) if report.returned else None,
        "comparison": comparison_record(report.comparison) if report.comparison else None,
        "resolutions": [
            {
                "recipient": str(word.recipient),
                "state": word.state.value,
                "reason": word.reason,
                "by": word.resolved_by,
                "at": word.resolved_at.isoformat(),
            }
            for word in report.resolutions
        ],
    }


def _counts(counts: Iterable[tuple[DeliveryState, int]]) -> dict[str, int]:
    return {state.value: count for state, count in counts}


def _person(failure: Failure) -> dict[str, object]:
    return {
        "recipient": str(failure.recipient),
        "state": failure.state.value,
        "attempts": failure.attempts,
        "code": failure.reply_code,
        "enhanced_code": failure.enhanced_code,
        "text": failure.reply_text,
        "reason": failure.reason,
        "at": failure.updated_at.isoformat(),
    }
