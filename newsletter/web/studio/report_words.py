"""A run's report in the words of its page: what it came to, and who needs a person."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from urllib.parse import quote

from newsletter.addresses import domain_words
from newsletter.books import OVER, Balance, DeliveryState, Run, RunState, needs_person
from newsletter.publishing.needing import Group, groups_of
from newsletter.publishing.publication import Books
from newsletter.publishing.shelf import Head, Heads
from newsletter.reports import (
    REPORTED,
    ComparisonTable,
    RunReport,
    balance_sentence,
    comparison_table,
    gather,
    receiver_rows,
    returned_rows,
    state_word,
)
from newsletter.web.studio.chart import Chart, rate_chart
from newsletter.web.studio.dates import lasted, long_day, place

_SHOWN = (
    DeliveryState.ACCEPTED,
    DeliveryState.SUPPRESSED,
    DeliveryState.REFUSED,
    DeliveryState.IN_DOUBT,
    DeliveryState.FAILED,
)
"""States that stand in the table also where nobody is in them."""

_WANTING = {DeliveryState.REFUSED, DeliveryState.IN_DOUBT, DeliveryState.FAILED}


@dataclass(frozen=True, kw_only=True, slots=True)
class Need:
    """A group that needs a person: who, what the relay said, and which acts there are."""

    id: str
    who: str
    said: str
    acts: Sequence[str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Sum:
    """A row of the books."""

    word: str
    count: str
    is_wanting: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Other:
    """A run beside this one: its correction, or the one it corrects."""

    words: str
    href: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """All that the page shows. `stamp` is another one where it would look otherwise."""

    stamp: str
    run: Run
    title: str
    day: str
    heading: str
    words: str
    chart: Chart | None
    needs: Sequence[Need]
    sums: Sequence[Sum]
    audience: str
    imbalance: str
    others: Sequence[Other]
    comparison: ComparisonTable | None
    returned: Sequence[tuple[str, str]]
    receivers: Sequence[tuple[str, str]]
    desk: str
    web_page: str
    left: int
    is_over: bool


def report_of(run: Run, books: Books) -> Report:
    settings, now = books.settings, books.now()
    zone = settings.schedule.zone
    gathered = gather(books.database, run, now)
    balance, head = gathered.balance, Heads(settings.folder).named(run.corrects or run.issue)
    started = run.started_at.astimezone(zone)
    is_over = run.state in OVER
    return Report(
        stamp=_stamp(run, gathered),
        run=run,
        title=_title(run, head),
        day=long_day(started.date(), now.astimezone(zone).date()),
        heading=_heading(run, balance, now),
        words=_words(run, balance, books),
        chart=_chart(gathered, books),
        needs=[_need(group, run) for group in groups_of(run, books)],
        sums=list(_sums(balance)),
        audience=f"{balance.frozen:,}",
        imbalance="" if balance.balanced else balance_sentence(balance),
        others=_others(run, books),
        comparison=comparison_table(gathered.comparison) if gathered.comparison else None,
        returned=list(returned_rows(gathered.returned)) if gathered.returned else (),
        receivers=list(receiver_rows(gathered.returned)) if gathered.returned else (),
        desk=f"/issues/{quote(head.name, safe='')}" if head else "",
        web_page=_web_page(run, books),
        left=balance.unfinished,
        is_over=is_over,
    )


def _chart(gathered: RunReport, books: Books) -> Chart | None:
    if gathered.chart is None:
        return None
    put_off = books.database.statistics.put_off(gathered.run.id, gathered.chart)
    return rate_chart(gathered.chart, books.settings.schedule.zone, put_off)


def _title(run: Run, head: Head | None) -> str:
    name = f"No. {head.number}" if head and head.number else (run.corrects or run.issue)
    return f"Correction of {name}" if run.corrects else name


def _heading(run: Run, balance: Balance, now: datetime) -> str:
    """`12,430 of 12,486 accepted, in 4 minutes 22 seconds`, and a full stop."""
    counts = f"{balance[DeliveryState.ACCEPTED]:,} of {balance.frozen:,} accepted"
    if run.state is RunState.FREEZING:
        return "The audience is being written down; nobody is sent anything yet."
    if run.state is RunState.CANCELLED and run.controlled_at:
        return f"Cancelled after {lasted(run.controlled_at - run.started_at)}: {counts}."
    if run.state is RunState.PAUSED:
        return f"Paused: {counts}."
    if run.state is RunState.RUNNING:
        return f"Being sent: {counts}."
    return f"{counts}, in {lasted((run.finished_at or now) - run.started_at)}."


def _words(run: Run, balance: Balance, books: Books) -> str:
    """When it began and ended, who was left out, and how many need a person."""
    zone = books.settings.schedule.zone
    begin = f"Started at {run.started_at.astimezone(zone):%H:%M:%S} in {place(str(zone))}"
    if run.state is RunState.COMPLETE and run.finished_at:
        begin += f", complete at {run.finished_at.astimezone(zone):%H:%M:%S}"
    elif run.controlled_by and run.controlled_at:
        at = f"{run.controlled_at.astimezone(zone):%H:%M:%S}"
        begin += f", {run.state.value} by {run.controlled_by} at {at}"
    parts = [f"To the segment {run.segment}."] if run.segment else []
    left_out, needing = balance[DeliveryState.SUPPRESSED], needs_person(balance)
    said = [f"{left_out:,} had left the list or were suppressed"] if left_out else []
    said += [f"{needing:,} {'needs' if needing == 1 else 'need'} a person"] if needing else []
    if balance.unfinished and run.state not in OVER:
        said.append(f"{balance.unfinished:,} are still to be sent to")
    return " ".join([f"{begin}.", *parts, *([f"{', and '.join(said)}."] if said else [])])


def _need(group: Group, run: Run) -> Need:
    said = group.said
    if group.state is DeliveryState.IN_DOUBT:
        said, acts = "sent, and no reply came; they may have it", ["resolve"]
    elif run.state is RunState.CANCELLED:  # nobody of it is sent to again
        acts = ["suppress"]
    elif group.state is DeliveryState.REFUSED:
        acts = ["suppress", "again"] if group.is_no_mailbox else ["again", "suppress"]
    else:
        acts = []
    if group.attempts > 1:
        said = f"{said}, after {group.attempts} tries"
    return Need(id=group.id, who=_who(group), said=said, acts=acts)


def _who(group: Group) -> str:
    """`reader@mail.example`, `3 readers at corp.example`, `8 mailboxes`."""
    if group.sole:
        return group.sole
    if group.domain:
        return f"{group.count:,} readers at {domain_words(group.domain)}"
    return f"{group.count:,} mailboxes"


def _sums(balance: Balance) -> Iterator[Sum]:
    for state in (*_SHOWN, *(each for each in REPORTED if each not in _SHOWN)):
        if balance[state] or state in _SHOWN:
            is_wanting = state in _WANTING and balance[state] > 0
            yield Sum(word=state_word(state), count=f"{balance[state]:,}", is_wanting=is_wanting)


def _others(run: Run, books: Books) -> Sequence[Other]:
    """The issue that a correction corrects, or the corrections of an issue."""
    if run.corrects:
        return [Other(words=f"Corrects {run.corrects}", href=_report(run.corrects))]
    zone = books.settings.schedule.zone
    today = books.now().astimezone(zone).date()
    return [
        Other(
            words=f"Corrected on {long_day(each.started_at.astimezone(zone).date(), today)}",
            href=_report(each.issue),
        )
        for each in books.database.runs.all()
        if each.corrects == run.issue
    ]


def _report(name: str) -> str:
    return f"/issues/{quote(name, safe='')}/report"


def _web_page(run: Run, books: Books) -> str:
    """The address of the issue's page on the public site; "" where it is not in the archive."""
    name = run.corrects or run.issue
    if books.database.archive.find(name) is None:
        return ""
    paths = books.settings.public_site.paths
    return paths.absolute(paths.issue(name))


def _stamp(run: Run, gathered: RunReport) -> str:
    """What came back is a part of it, but not the time since: that alone is no news."""
    returned, counts = gathered.returned, gathered.balance.counts
    came = (returned.returned, returned.kinds, returned.left) if returned else ()
    states = sorted((state.value, count) for state, count in counts.items())
    return sha256(repr((run, states, came)).encode()).hexdigest()[:16]
