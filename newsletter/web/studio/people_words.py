"""People in the words of the pages: the list in numbers, one person, and what came of an act."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from newsletter.books import minute
from newsletter.publishing.people.counting import Counts
from newsletter.publishing.people.finding import Found, kept_from_issues, stands_since
from newsletter.publishing.people.keeping import Left, Lifted, Return
from newsletter.subscribers import (
    Consent,
    PersonFile,
    Subscriber,
    SubscriberState,
    Suppression,
    Week,
)
from newsletter.web.studio.people_chart import WeekChart, week_chart

Facts = Sequence[tuple[str, str]]


@dataclass(frozen=True, kw_only=True, slots=True)
class ListInNumbers:
    """`counts` are rows of words and figures, each with whether it begins a new group."""

    heading: str
    words: str
    states: Facts
    suppressed: Facts
    chart: WeekChart | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    address: str
    state: str
    name: str
    tags: str


@dataclass(frozen=True, kw_only=True, slots=True)
class FoundRows:
    rows: Sequence[Row]
    more: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Person:
    """`acts` are the names of those that can be done; `next` says whether the next issue comes."""

    address: str
    next: str
    gets_it: bool
    facts: Facts
    events: Sequence[Sequence[str]]
    issues: Sequence[Sequence[str]]
    acts: Sequence[str]


def list_of(counts: Counts, weeks: Sequence[Week]) -> ListInNumbers:
    confirmed = counts.states[SubscriberState.CONFIRMED]
    left_out = [
        f"{number:,} {words}"
        for number, words in (
            (counts.paused, "pause"),
            (counts.confirmed_and_suppressed, "are suppressed"),
        )
        if number
    ]
    whom = "person is" if counts.owed == 1 else "people are"
    others = f"; of them {' and '.join(left_out)}" if left_out else ""
    return ListInNumbers(
        heading=f"{counts.owed:,} {whom} sent the next issue.",
        words=f"{confirmed:,} are confirmed{others}.",
        states=[(state.value, f"{number:,}") for state, number in counts.states.items()],
        suppressed=[(kind.value, f"{number:,}") for kind, number in counts.suppressions.items()],
        chart=week_chart(weeks),
    )


def found_of(found: Found, now: datetime) -> FoundRows:
    rows = [
        Row(
            address=str(member.address),
            state="paused" if member.is_paused(now) else member.state.value,
            name=member.first_name,
            tags=", ".join(member.tags),
        )
        for member in found.people
    ]
    more = f"… and {found.more:,} more of {found.total:,}: say more" if found.more else ""
    return FoundRows(rows=rows, more=more)


def person_of(address: str, file: PersonFile, now: datetime, zone: ZoneInfo) -> Person:
    because = kept_from_issues(file, now)
    return Person(
        address=address,
        next=f"The next issue is not sent to them: {because}."
        if because
        else "The next issue is sent to them.",
        gets_it=not because,
        facts=list(_facts(file, now, zone)),
        events=[
            (
                _moment(each.at, zone),
                each.kind.value,
                each.detail,
                f"by {each.by}" if each.by else "",
            )
            for each in reversed(file.events)
        ],
        issues=[
            (_moment(each.at, zone), each.issue, each.state.replace("_", " "), each.reply)
            for each in reversed(file.receipts)
        ],
        acts=list(_acts(file)),
    )


def now_suppressed(address: str, before: Suppression | None, *, is_stranger: bool) -> str:
    if before is not None:
        said = f"{before.words}, since {minute(before.created_at)}"
        return f"{address} was already suppressed ({said}); nothing has changed."
    more = " It is not on the list, and no import will put it there." if is_stranger else ""
    return f"{address} is now suppressed.{more}"


def lifted(address: str, done: Lifted) -> str:
    if done.suppression is None:
        return f"{address} is not suppressed; nothing has changed."
    now = f"{address} is no longer suppressed."
    if done.member is None:
        return f"{now} They are not on the list; if they ask to be, add them."
    if done.member.state is SubscriberState.CONFIRMED:
        return f"{now} They are on the list, and are sent the next issue."
    state = done.member.state
    return f"{now} They are {state}, so nothing is sent; bring them back if they ask for it."


def unsubscribed(address: str, left: Left) -> str:
    return {
        Left.LEFT: f"{address} is unsubscribed; an issue that is being sent leaves them out too.",
        Left.STRANGER: f"{address} was not on the list, and is suppressed now: no import adds it.",
        Left.ALREADY: f"{address} had left already; nothing has changed.",
    }[left]


def returned(address: str, done: Return) -> str:
    if not done.is_new:
        return f"{address} is on the list already; nothing has changed."
    back = f"{address} is on the list again."
    if done.suppression is not None:
        return f"{back} Nothing is sent to them: they are suppressed ({done.suppression.words})."
    return back


def _facts(file: PersonFile, now: datetime, zone: ZoneInfo) -> Iterator[tuple[str, str]]:
    member = file.subscriber
    if member is None:
        yield "State", "not on the list"
    else:
        yield from _member(member, stands_since(file), now, zone)
    if (barred := file.suppression) is not None:
        by_hash = "; by the hash of the address" if barred.is_hash else ""
        yield "Suppressed", f"{barred.words}, since {_moment(barred.created_at, zone)}{by_hash}"


def _member(
    member: Subscriber, since: datetime | None, now: datetime, zone: ZoneInfo
) -> Iterator[tuple[str, str]]:
    yield "State", member.state.value + (f", since {_moment(since, zone)}" if since else "")
    yield "On the list", f"since {_moment(member.created_at, zone)}"
    yield "First name", member.first_name or "none"
    yield "Consent", _consent(member.consent, zone)
    yield "Tags", ", ".join(member.tags) or "none"
    yield from member.attributes.items()
    if member.paused_until is not None and member.is_paused(now):
        yield "Paused", f"until {_moment(member.paused_until, zone)}"


def _consent(consent: Consent, zone: ZoneInfo) -> str:
    if not consent.source:
        return "nobody wrote down how it was given"
    return consent.source + (
        f", {_moment(consent.at, zone)}" if consent.at else ", nobody wrote down when"
    )


def _acts(file: PersonFile) -> Iterator[str]:
    """Those that would change something."""
    member = file.subscriber
    if member is not None and member.state is not SubscriberState.CONFIRMED:
        yield "resubscribe"
    if member is not None and member.state is not SubscriberState.UNSUBSCRIBED:
        yield "unsubscribe"
    if file.suppression is None:
        yield "suppress"
    else:
        yield "unsuppress"


def _moment(moment: datetime, zone: ZoneInfo) -> str:
    local = moment.astimezone(zone)
    return f"{local.day} {local:%b %Y, %H:%M}"
