"""What a send would do, as a record: all that a dry run shows and a send asks about."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice

from newsletter.addresses import AddrSpec, Mailbox
from newsletter.books import NEEDS_PERSON, DeliveryState, Run
from newsletter.check import Diagnostic
from newsletter.store import Database
from newsletter.subscribers import ImportPlan

SHOWN = 3
"""Recipients to name."""

_DUE = (DeliveryState.PLANNED, DeliveryState.DEFERRED, DeliveryState.CLAIMED)


@dataclass(frozen=True, kw_only=True, slots=True)
class Recipient:
    """One person to be sent to, with what is merged into the message."""

    address: AddrSpec
    fields: Mapping[str, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class AudiencePlan:
    """Whom a send goes to now. `suppressed` counts those left out, by reason.

    `accepted` and `settled` are people of the issue's run who need nothing now: those who have it,
    and those whose delivery is refused, failed or in doubt. `newcomers` joined after the audience
    was frozen. `first` are the first few of `due`.
    """

    due: int
    suppressed: Mapping[str, int]
    first: tuple[Recipient, ...]
    accepted: int = 0
    settled: int = 0
    newcomers: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """Sizes are octets; `rate` is in messages per second, None where there is no ceiling."""

    issue: str
    digest: str
    sender: Mailbox
    subject: str
    preheader: str
    audience: AudiencePlan
    message_size: int
    headers_size: int
    text_size: int
    html_size: int
    transport: str
    connections: int
    rate: float | None
    diagnostics: tuple[Diagnostic, ...]

    @property
    def duration(self) -> timedelta | None:
        return estimate(self.audience.due, self.rate)


def estimate(messages: int, rate: float | None) -> timedelta | None:
    """How long so many messages take at a rate per second; None where no rate is set."""
    return timedelta(seconds=round(messages / rate)) if rate else None


def plan_audience(
    database: Database,
    run: Run | None,
    incoming: ImportPlan | None,
    *,
    resends_doubts: bool = False,
) -> AudiencePlan:
    """Whom a send would go to: the list and what an import adds, or what a run has left.

    With `resends_doubts`, deliveries in doubt are left too.
    """
    if run is not None:
        return _of_run(database, run, incoming, resends_doubts=resends_doubts)
    counts = database.subscribers.audience_counts()
    new = incoming.new if incoming else ()
    members = (
        Recipient(address=member.address, fields={"first_name": member.first_name})
        for member in database.subscribers.audience()
        if member.suppressed_because is None
    )
    first = list(islice(members, SHOWN))
    first += [
        Recipient(address=row.address, fields={"first_name": row.first_name})
        for row in new[: SHOWN - len(first)]
    ]
    return AudiencePlan(
        due=counts.owed + len(new), suppressed=counts.suppressed, first=tuple(first)
    )


def _of_run(
    database: Database, run: Run, incoming: ImportPlan | None, *, resends_doubts: bool
) -> AudiencePlan:
    balance = database.runs.balance(run.id)
    doubts = balance[DeliveryState.IN_DOUBT] if resends_doubts else 0
    return AudiencePlan(
        due=sum(balance[state] for state in _DUE) + doubts,
        suppressed=database.statistics.suppressed(run.id),
        first=tuple(
            Recipient(address=address, fields=fields)
            for address, fields in database.audiences.first_due(run.id, SHOWN)
        ),
        accepted=balance[DeliveryState.ACCEPTED],
        settled=sum(balance[state] for state in _SETTLED) - doubts,
        newcomers=database.audiences.newcomers(run.id) + (len(incoming.new) if incoming else 0),
    )
