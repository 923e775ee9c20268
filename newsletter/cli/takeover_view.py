"""What a takeover brings, on one screen: issues by their shelves, readers by what they are, what is
left out and why.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from textwrap import wrap

from newsletter.cli.console import faint, strong
from newsletter.importing.exports import Export, Shelf, Written
from newsletter.publishing.answers import Answers
from newsletter.publishing.inherited import Inherited
from newsletter.publishing.moved import REPORT_NAME
from newsletter.publishing.people.taking_over import Readers
from newsletter.publishing.taking_over import TakenOver
from newsletter.schedule import WEEKDAYS
from newsletter.subscribers import SubscriberState

_LABEL = 10
_WIDTH = 79
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_KINDS = 4
"""Kinds of losses that are shown; the report has them all."""

_ROWS = 3
_WORDS = {"timezone": "time zone", "accent": "accent colour", "reply_to": "replies to"}


def takeover_lines(
    taken: TakenOver, answers: Answers, inherited: Inherited, said: Mapping[str, str | None]
) -> Iterator[str]:
    """All of it; names and addresses of the export go through the terminal's one exit."""
    yield f"{strong(answers.name)}, from {taken.export.system.called}:"
    yield from _part("Issues", _issues(taken))
    if taken.readers:
        yield from _part("Readers", _readers(taken.readers))
    yield from _part("Left out", _left(taken))
    yield from _part("Changed", _kinds(taken.changed))
    yield from _part("Pictures", _pictures(taken))
    yield from _part("Settings", _settings(answers, inherited, said))
    yield from _part("Report", [f"{REPORT_NAME} has what is left out, issue by issue"])


def what_it_is(export: Export) -> str:
    """`An export of Ghost: 48 issues, 1 file of readers`."""
    issues, files = len(export.issues), len(export.people)
    return (
        f"An export of {export.system.called}: {_count(issues, 'issue')}, "
        f"{_count(files, 'file')} of readers"
    )


def cautions(export: Export) -> Iterator[str]:
    """What somebody should know before they agree."""
    if export.newsletters:
        yield (
            f"the site has {len(export.newsletters)} newsletters "
            f"({', '.join(export.newsletters)}), and its file of members does not say who reads "
            "which: export the members of one of them"
        )
    if export.leaves_links_open:
        yield (
            "links and pictures within the old site are left out, for the export does not say "
            "where it was: add --old-site https://…"
        )


def _part(label: str, texts: Iterable[str]) -> Iterator[str]:
    """A label before its texts, each wrapped beside it."""
    for text in texts:
        width = _WIDTH - _LABEL - 2
        for line in wrap(text, width, subsequent_indent="  ", break_on_hyphens=False):
            yield f"  {faint(f'{label:<{_LABEL}}')}{line}"
            label = ""


def _issues(taken: TakenOver) -> Iterator[str]:
    archive, hidden, drafts = (taken.on(shelf) for shelf in Shelf)
    if archive:
        yield f"{_count(len(archive), 'issue')} for the archive{_span(archive)}, in issues/archive/"
    if hidden:
        yield f"{len(hidden):,} that not everybody could read, in issues/not-public/"
    if drafts:
        yield f"{_count(len(drafts), 'draft')}, in issues/drafts/"
    if not taken.written:
        yield "none in this export"


def _span(issues: Sequence[Written]) -> str:
    days = sorted({name for issue in issues if _DAY.fullmatch(name := issue.name[:10])})
    return f", {days[0]} to {days[-1]}" if len(days) > 1 else f", {days[0]}" if days else ""


def _readers(readers: Readers) -> Iterator[str]:
    states = readers.counts.states
    confirmed = states.get(SubscriberState.CONFIRMED, 0)
    yield f"{_count(confirmed, 'reader')}, with when and where they agreed"
    if gone := states.get(SubscriberState.UNSUBSCRIBED, 0):
        yield f"{gone:,} who had left, and will not be written to"
    stopped = {kind: number for kind, number in readers.counts.suppressions.items() if number}
    if stopped:
        kinds = ", ".join(f"{number:,} {kind.value}" for kind, number in stopped.items())
        yield f"{sum(stopped.values()):,} suppressed: {kinds}"
    if readers.unconfirmed:
        yield f"{readers.unconfirmed:,} left out, who had never confirmed there"
    if readers.attributes:
        yield f"kept of each: {_some(readers.attributes, 6)}"
    if readers.faults:
        yield f"{_count(readers.faults, 'row')} left out that cannot be read:"
        for bad in readers.first_faults[:_ROWS]:
            yield f"{bad.file}:{bad.fault.line}: {bad.fault.what}"


def _left(taken: TakenOver) -> Iterator[str]:
    for left, labels in taken.export.left.items():
        yield f"{left}: {_some(labels, 3)}"
    if taken.empty:
        yield f"issues of which no word can be read: {_some(taken.empty, 3)}"
    yield from _kinds(taken.lost)


def _kinds(counts: Counter[str]) -> Iterator[str]:
    kinds = counts.most_common()
    for what, number in kinds[:_KINDS]:
        yield f"{number:,} × {what}"
    if len(kinds) > _KINDS:
        yield f"{_count(len(kinds) - _KINDS, 'kind')} more"


def _pictures(taken: TakenOver) -> Iterator[str]:
    hosts = taken.hosts.most_common()
    if hosts:
        number = sum(taken.hosts.values())
        shown = _some([host for host, _ in hosts], 3)
        yield (
            f"{_count(number, 'picture')} still {'comes' if number == 1 else 'come'} from "
            f"{shown}, and may go when the account there is closed"
        )


def _settings(
    answers: Answers, inherited: Inherited, said: Mapping[str, str | None]
) -> Iterator[str]:
    """Each answer with where it comes from."""
    given = {
        "language": answers.language,
        "weekday": WEEKDAYS[answers.weekday],
        "time": f"{answers.time:%H:%M}",
        "timezone": answers.zone.key,
        "sender": str(answers.sender),
        "stories": str(answers.stories),
    }
    told = [name for name in given if said.get(name) is not None]
    own = [name for name in given if name in inherited.answers and name not in told]
    rest = [name for name in given if name not in told and name not in own]
    shown = {**{name: given[name] for name in own}, **inherited.further}
    for where, values in (
        ("from the export", shown),
        ("as you said", {name: given[name] for name in told}),
        ("your answers, or by default", {name: given[name] for name in rest}),
    ):
        if values:
            listed = ", ".join(f"{_WORDS.get(key, key)} {text}" for key, text in values.items())
            yield f"{where}: {listed}"


def _some(names: Sequence[str], most: int) -> str:
    more = f" and {len(names) - most:,} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}" if number == 1 else f"{number:,} {what}s"
