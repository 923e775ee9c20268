"""A receiver that blocks more of our readers than a few: the team is told, with its own words.

That is never held against the readers: it is our content, our addresses or our reputation, and a
person has to look. Once for an issue and a receiver.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from newsletter.books import AuditAction, DeliveryState, ReturnKind, Run
from newsletter.publishing.publication import Books
from newsletter.publishing.telling import News, tell
from newsletter.reports import receiver_of, same_words

LOOKED_BACK = timedelta(days=7)
"""So long after it has ended a run is looked at."""

_DOMAINS = 10_000
"""Domains of a run that are counted; smaller ones are nobody's receiver."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Blocked:
    """How many of a receiver's readers of an issue were blocked, of how many it had taken.

    `receiver` is one of those known by name, or a domain. `said` is what it said most often.
    """

    issue: str
    receiver: str
    count: int
    accepted: int
    said: str

    @property
    def percent(self) -> float:
        return 100 * self.count / max(self.accepted, 1)


async def tell_blocked(books: Books) -> Sequence[str]:
    """Who could not be told, and why.

    A run is counted by domain once for each block more, for that goes through all of its people.
    """
    faults: list[str] = []
    notices, least = books.database.notices, books.settings.bounces.blocked_least
    for run in _recent(books):
        count = books.database.returns.figures(run.issue).kinds.get(ReturnKind.BLOCKED, 0)
        key = f"counted {count} blocked {run.issue}"
        if count < least or not notices.begin(key, books.now()):
            continue
        news = [_news(each, books) for each in blocked_of(run, books)]
        untold = [fault for each in news for fault in (await tell(each, books)).faults]
        if not untold:
            notices.end(key, books.now())
        faults += untold
    return faults


def blocked_of(run: Run, books: Books) -> Sequence[Blocked]:
    """The receivers that block more than the settings bear, the worst first."""
    settings = books.settings.bounces
    counts, words = _blocked_counts(run, books)
    if sum(counts.values()) < settings.blocked_least:
        return ()
    accepted = _accepted(run, books)
    found = [
        Blocked(
            issue=run.issue,
            receiver=receiver,
            count=count,
            accepted=accepted[receiver],
            said=words[receiver].most_common(1)[0][0],
        )
        for receiver, count in counts.items()
    ]
    return sorted(
        (
            each
            for each in found
            if each.count >= settings.blocked_least and each.percent > settings.blocked_percent
        ),
        key=lambda each: -each.count,
    )


def _recent(books: Books) -> Iterator[Run]:
    since = books.now() - LOOKED_BACK
    for run in books.database.runs.all():
        if run.finished_at is None or run.finished_at > since:
            yield run


def _blocked_counts(run: Run, books: Books) -> tuple[Counter[str], Mapping[str, Counter[str]]]:
    counts: Counter[str] = Counter()
    words: dict[str, Counter[str]] = {}
    seen: set[int | None] = set()
    for found in books.database.returns.of_issue(run.issue, [ReturnKind.BLOCKED]):
        told = found.told
        if told.delivery_id in seen:
            continue
        seen.add(told.delivery_id)
        receiver = receiver_of(told.recipient_key)
        counts[receiver] += 1
        words.setdefault(receiver, Counter())[same_words(told.words)] += 1
    return counts, words


def _accepted(run: Run, books: Books) -> Counter[str]:
    accepted: Counter[str] = Counter()
    for each in books.database.statistics.by_domain(run.id, _DOMAINS, books.now()):
        accepted[receiver_of(each.domain)] += each.counts.get(DeliveryState.ACCEPTED, 0)
    return accepted


def _news(found: Blocked, books: Books) -> News:
    text = "\n".join(
        [
            f"{found.receiver} has sent {found.issue} back, and says that this is for us:",
            f"{found.count:,} of its {found.accepted:,} readers have not got it.",
            "",
            f"  {found.said}",
            "",
            "Nobody was taken off the list for it. Look at SPF, DKIM and DMARC, at the lists of",
            "senders that the words name, at what is new in this issue (links above all), and at",
            "the receiver's own page for senders.",
            "",
        ]
    )
    return News(
        key=f"blocked {found.issue} {found.receiver}",
        issue=found.issue,
        to=books.settings.notifications.alert,
        subject=f"is blocked by {found.receiver}: {found.count} of {found.accepted} readers",
        text=text,
        action=AuditAction.ALERTED,
        event="issue.blocked",
        data={
            "receiver": found.receiver,
            "blocked": found.count,
            "accepted": found.accepted,
            "said": found.said,
        },
    )
