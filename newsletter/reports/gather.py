"""What became of a run, gathered for a reader: counts from the journal, never the whole audience.

Text, page and mail say how it looks; the names are read as they are written.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from newsletter.books import (
    NEEDS_PERSON,
    Balance,
    DeliveryState,
    DomainCount,
    Failure,
    RateCount,
    RelayCount,
    ReplyCount,
    Resolution,
    Run,
)
from newsletter.reports.comparison import Comparison, compare
from newsletter.reports.returned import Returned, returned_of
from newsletter.store import Database

TOP_DOMAINS = 20
SPANS = 60
"""Bars of the chart."""

MAX_RESOLUTIONS = 200

_CODE = re.compile(r"#?\(?[245](?:\d\d|\.\d{1,3}\.\d{1,3})\)?[:;,]?")
_VARYING = re.compile(r"[0-9@]")
"""Words with these are a relay's queue numbers, times and addresses: new in each reply."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RunReport:
    """`others` counts those of all domains that `domains` does not name.

    `comparison` is None where the run cannot be held against any. `relays` are what each carried,
    `returned` what came back since.
    """

    run: Run
    balance: Balance
    made_at: datetime
    domains: Sequence[DomainCount]
    others: Mapping[DeliveryState, int]
    replies: Sequence[ReplyCount]
    rate: RateCount | None
    suppressed: Mapping[str, int]
    resolutions: Sequence[Resolution]
    next_due: datetime | None
    comparison: Comparison | None = None
    relays: Sequence[RelayCount] = ()
    returned: Returned | None = None

    @property
    def chart(self) -> RateCount | None:
        """What was accepted when, where a picture of it says something."""
        return self.rate if self.rate is not None and self.rate.is_telling else None


def gather(database: Database, run: Run, now: datetime) -> RunReport:
    balance = database.runs.balance_seen(run.id, now)
    domains = database.statistics.by_domain(run.id, TOP_DOMAINS, now)
    words = zip(range(MAX_RESOLUTIONS), database.doubts.resolutions(run.id), strict=False)
    return RunReport(
        run=run,
        balance=balance,
        made_at=now,
        domains=domains,
        others=_others(balance, domains),
        replies=fold(database.statistics.by_reply(run.id)),
        rate=database.statistics.rate(run.id, SPANS),
        suppressed=database.statistics.suppressed(run.id),
        resolutions=[resolution for _, resolution in words],
        next_due=database.journal.next_due(run.id),
        comparison=compare(database, run, now),
        relays=database.statistics.by_relay(run.id),
        returned=returned_of(run, database, now),
    )


def people(database: Database, run: Run, now: datetime) -> Iterator[Failure]:
    """Everyone who needs a person, in doubt first, in flat memory."""
    for state in NEEDS_PERSON:
        yield from database.audiences.failures(run.issue, {state}, now=now)


def fold(replies: Sequence[ReplyCount]) -> list[ReplyCount]:
    """Replies that differ in numbers and addresses alone are one; the most frequent first."""
    folded: dict[tuple[object, ...], ReplyCount] = {}
    for reply in replies:
        text = same_words(reply.text)
        key = (reply.state, reply.code, reply.enhanced_code, text)
        if key in folded:
            folded[key] = replace(reply, text=text, count=folded[key].count + reply.count)
        else:
            is_one_of_many = reply.state is DeliveryState.ACCEPTED
            folded[key] = replace(reply, text=text) if is_one_of_many else reply
    return sorted(folded.values(), key=lambda reply: -reply.count)


def same_words(text: str) -> str:
    """What stays the same in a reply.

    >>> same_words("550 5.1.1 <ada@example.com> is unknown, session 4X7")
    '550 5.1.1 … is unknown, session …'
    """
    words = text.split()
    return " ".join(
        word if _CODE.fullmatch(word) or not _VARYING.search(word) else "…" for word in words
    )


def _others(balance: Balance, domains: Sequence[DomainCount]) -> dict[DeliveryState, int]:
    left = {
        state: count - sum(domain.counts.get(state, 0) for domain in domains)
        for state, count in balance.counts.items()
    }
    return {state: count for state, count in left.items() if count > 0}
