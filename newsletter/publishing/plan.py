"""What a send would do, as a record: all that a dry run shows and a send asks about."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import chain, islice
from math import ceil

from newsletter.addresses import AddrSpec, Mailbox
from newsletter.books import NEEDS_PERSON, UNFINISHED, DeliveryState, Room, Run, Slot
from newsletter.check import Diagnostic
from newsletter.errors import NewsletterError
from newsletter.publishing.forecasting import count_groups, forecast
from newsletter.publishing.publication import Books, Publication
from newsletter.publishing.ready import Ready
from newsletter.publishing.resting import rooms_left
from newsletter.publishing.segments import segment_of
from newsletter.publishing.standing_back import paused_groups
from newsletter.schedule import Timetable, slot_instant
from newsletter.settings import Settings
from newsletter.subscribers import AudienceMember, ImportPlan, Segment
from newsletter.transports import Transport, cautions, relay_for

SHOWN = 3
"""Recipients to name."""


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
    was frozen. `first` are the first few of `due`. Where `segment` is not "", they are people of
    it, and `everybody` is how many the list would be owed. `groups` counts those who are due in
    groups of domains; it is empty where newsletter.toml has none.
    """

    due: int
    suppressed: Mapping[str, int]
    first: tuple[Recipient, ...]
    accepted: int = 0
    settled: int = 0
    newcomers: int = 0
    segment: str = ""
    everybody: int = 0
    groups: Mapping[str, int] = field(default_factory=dict)

    @property
    def by_group(self) -> Mapping[str, int]:
        """How many are due of each group of domains; whoever is in none is under ""."""
        others = self.due - sum(count for name, count in self.groups.items() if name)
        return {**self.groups, "": max(others, 0)}


@dataclass(frozen=True, kw_only=True, slots=True)
class Stint:
    """A send that a limit stretches: `now` go out at once, the last ones `after` so long.

    `limit` is in words, and `times` is in how many of its `span` messages go out.
    """

    limit: str
    now: int
    times: int
    span: timedelta
    after: timedelta


def stint(due: int, rooms: Sequence[Room]) -> Stint | None:
    """By the ceiling that takes longest; None where none has anything against so many now."""
    now = min((room.left for room in rooms), default=due)
    found = [_stint(due, now, room) for room in rooms if due > room.left]
    return max(found, key=lambda each: each.after, default=None)


def _stint(due: int, now: int, room: Room) -> Stint:
    later = ceil((due - room.left) / room.limit)
    times = later + (room.left > 0)
    return Stint(limit=room.words, now=now, times=times, span=room.span, after=later * room.span)


@dataclass(frozen=True, kw_only=True, slots=True)
class GroupRelay:
    """A transport by name, and the groups of domains that go over it and nothing else."""

    transport: str
    groups: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """`path` is the issue's file. Sizes are octets; `rate` is in messages per second, None where
    there is no ceiling. `verp` says that each delivery has its own `reverse_path`; tests have not.

    `cautions` are what the transport's user must know each time. `rooms` are what each of the
    limits leaves, and `paused` the receivers to whom nothing goes now. `relays` are those that
    groups of domains have for themselves. The `timetable` says who is done when; None for tests.
    """

    issue: str
    path: str
    digest: str
    sender: Mailbox
    subject: str
    preheader: str
    audience: AudiencePlan
    message_size: int
    headers_size: int
    text_size: int
    html_size: int
    pictures_size: int
    transport: str
    connections: int
    rate: float | None
    reverse_path: AddrSpec
    verp: bool
    cautions: tuple[NewsletterError, ...]
    diagnostics: tuple[Diagnostic, ...]
    weak_keys: tuple[str, ...] = ()
    rooms: tuple[Room, ...] = ()
    paused: tuple[str, ...] = ()
    relays: tuple[GroupRelay, ...] = ()
    timetable: Timetable | None = None

    @property
    def duration(self) -> timedelta | None:
        return estimate(self.audience.due, self.rate)

    @property
    def stint(self) -> Stint | None:
        """None where the time table has more to say than how often one limit is reached."""
        pace = self.timetable.pace if self.timetable else None
        if pace is not None and (pace.warm_up or pace.window):
            return None
        return stint(self.audience.due, [room for room in self.rooms if room.group is None])


def estimate(messages: int, rate: float | None) -> timedelta | None:
    """How long so many messages take at a rate per second; None where no rate is set."""
    return timedelta(seconds=round(messages / rate)) if rate else None


def describe(
    ready: Ready, audience: AudiencePlan, publication: Publication, books: Books | None = None
) -> Plan:
    """What a send of this issue to this audience would do, over the publication's transport.

    With the books it says what the limits have to say, which are not for tests.
    """
    transport = publication.open_transport()
    composer = ready.desk.composer
    sizes = composer.part_sizes
    return Plan(
        issue=ready.name,
        path=ready.issue.path,
        digest=ready.digest,
        sender=ready.settings.sender.mailbox,
        subject=ready.rendered.subject,
        preheader=ready.rendered.preheader,
        audience=audience,
        message_size=composer.size,
        headers_size=sizes.headers,
        text_size=sizes.text,
        html_size=sizes.html,
        pictures_size=sizes.pictures,
        transport=transport.name,
        connections=transport.connections,
        rate=transport.rate,
        reverse_path=ready.settings.sender.reverse_path,
        verp=ready.settings.sender.verp and books is not None,
        cautions=cautions(transport),
        diagnostics=ready.diagnostics,
        weak_keys=ready.desk.weak_keys,
        rooms=tuple(rooms_left(books, transport)) if books else (),
        paused=tuple(paused_groups(ready.settings)) if books else (),
        relays=tuple(_group_relays(transport, ready.settings)) if books else (),
        timetable=forecast(audience.by_group, books, transport) if books else None,
    )


def _group_relays(transport: Transport, settings: Settings) -> Iterator[GroupRelay]:
    groups: dict[str, list[str]] = {}
    for group in settings.limits.domains:
        if group.relay:
            groups.setdefault(relay_for(transport, group.name).name, []).append(group.name)
    for name, names in groups.items():
        yield GroupRelay(transport=name, groups=tuple(names))


def plan_audience(
    books: Books,
    run: Run | None,
    incoming: ImportPlan | None,
    corrects: Run | None = None,
    segment: str = "",
) -> AudiencePlan:
    """Whom a send would go to: the list and what an import adds, or what a run has left.

    With a segment, those of the list who are in it, and nobody of an import.
    A correction without a run goes to those who have the issue that it `corrects`.
    """
    if run is not None:
        return _of_run(books, run, incoming)
    if corrects is not None:
        return _of_correction(books, corrects)
    subscribers = books.database.subscribers
    now, wanted = books.now(), segment_of(segment)
    counts, new = subscribers.audience_counts(now, wanted), incoming.new if incoming else 0
    audience = subscribers.audience(now, wanted, books.settings.house.merge_fields)
    members = (each for each in audience if each.suppressed_because is None)
    first = [_recipient(each) for each in islice(members, SHOWN)]
    newcomers = incoming.newcomers if incoming else ()
    first += [
        Recipient(address=row.address, fields={"first_name": row.first_name})
        for row in newcomers[: SHOWN - len(first)]
    ]
    return AudiencePlan(
        due=counts.owed + new,
        suppressed=counts.suppressed,
        first=tuple(first),
        segment=segment,
        everybody=subscribers.audience_counts(now).owed if segment else 0,
        groups=_groups(books, wanted, incoming),
    )


def _groups(books: Books, wanted: Segment | None, incoming: ImportPlan | None) -> Counter[str]:
    """It goes through the list, and so only where there are groups."""
    settings = books.settings
    if not settings.limits.domains:
        return Counter()
    people = books.database.subscribers.audience(books.now(), wanted)
    owed = (each.address for each in people if each.suppressed_because is None)
    coming = (row.address for row in incoming.newcomers) if incoming else ()
    return count_groups(chain(owed, coming), settings)


def plan_slot(slot: Slot, books: Books) -> Timetable:
    """Who would be done when of the people that a slot reaches by the list of today.

    Raises NewsletterError where there is no transport.
    """
    audience = plan_audience(books, None, None, segment=slot.segment)
    transport = books.publication.open_transport()
    return forecast(audience.by_group, books, transport, slot_instant(slot))


def plan_tests(addresses: Sequence[AddrSpec]) -> AudiencePlan:
    """Whom tests go to, whoever is on the list."""
    first = tuple(Recipient(address=address, fields={}) for address in addresses)
    return AudiencePlan(due=len(first), suppressed={}, first=first)


def _of_run(books: Books, run: Run, incoming: ImportPlan | None) -> AudiencePlan:
    database = books.database
    balance = database.runs.balance(run.id)
    is_resent = books.settings.limits.resends_doubts
    doubts = balance[DeliveryState.IN_DOUBT] if is_resent else 0
    return AudiencePlan(
        due=sum(balance[state] for state in UNFINISHED) + doubts,
        suppressed=database.statistics.suppressed(run.id),
        first=tuple(
            Recipient(address=address, fields=fields)
            for address, fields in database.audiences.first_due(run.id, SHOWN)
        ),
        accepted=balance[DeliveryState.ACCEPTED],
        settled=sum(balance[state] for state in NEEDS_PERSON) - doubts,
        newcomers=database.audiences.newcomers(run.id, books.now())
        + (incoming.new if incoming else 0),
        segment=run.segment,
        groups=_groups_of_run(books, run),
    )


def _groups_of_run(books: Books, run: Run) -> Mapping[str, int]:
    if not books.settings.limits.domains:
        return {}
    left = books.database.runs.groups_left(run.id)
    return {each.group: each.unfinished for each in left}


def _of_correction(books: Books, first: Run) -> AudiencePlan:
    shown: list[Recipient] = []
    suppressed: Counter[str] = Counter()
    groups: Counter[str] = Counter()
    due = 0
    for member in books.database.audiences.accepted(first.issue):
        if member.suppressed_because is not None:
            suppressed[member.suppressed_because] += 1
            continue
        due += 1
        groups.update(count_groups([member.address], books.settings))
        if len(shown) < SHOWN:
            shown.append(_recipient(member))
    return AudiencePlan(
        due=due, suppressed=dict(suppressed), first=tuple(shown), groups=dict(groups)
    )


def _recipient(member: AudienceMember) -> Recipient:
    return Recipient(address=member.address, fields=member.fields)
