"""What a reader chooses for themselves, and what they are shown of what is held about them."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from newsletter.publishing.publication import Books
from newsletter.schedule import instant, next_slot_date
from newsletter.store import BY_THEMSELVES, Preferences
from newsletter.subscribers import PersonFile, Subscriber


@dataclass(frozen=True, kw_only=True, slots=True)
class Chosen:
    """A form of preferences as it was filled in. `pause` is in weeks, None for what it is now."""

    first_name: str
    topics: frozenset[str]
    pause: int | None


def prefer(
    address_key: str, choice: Chosen, topics: Collection[str], books: Books
) -> Subscriber | None:
    """The member as they are now; None for who is not on the list.

    `topics` are the tags that may be chosen; other tags stay as they are. The name is taken as
    looked at (`joining.is_first_name`).
    """
    now = books.now()
    member = books.database.subscribers.find([address_key]).get(address_key)
    if member is None:
        return None
    paused = member.paused_until
    if choice.pause is not None:
        paused = paused_until(choice.pause, books, now) if choice.pause else None
    wanted = Preferences(
        first_name=choice.first_name,
        topics=choice.topics,
        choosable=frozenset(topics),
        paused_until=paused,
    )
    return books.database.membership.prefer(address_key, wanted, now)


def paused_until(weeks: int, books: Books, now: datetime) -> datetime:
    """The beginning of the day so many weeks from now, by the publication's clocks."""
    zone = books.settings.schedule.zone
    day = now.astimezone(zone).date() + timedelta(weeks=weeks)
    return instant(day, time(0, 0), zone)


def first_issue_after(moment: datetime, books: Books) -> date:
    """The day of the first issue that somebody gets again whose pause ends then."""
    return next_slot_date(books.settings.schedule, moment)


def erase(address_key: str, books: Books) -> bool:
    """Everything but the hash that keeps the address off the list; False where nothing is held."""
    return books.database.person_files.forget(address_key, books.now(), by=BY_THEMSELVES)


def held_about(address_key: str, books: Books) -> bytes:
    """All that is held about somebody, as JSON for themselves (GDPR, articles 15 and 20)."""
    found = books.database.person_files.of(address_key)
    told = {"address": address_key, **_told(found)}
    return json.dumps(told, indent=2, ensure_ascii=False, default=_as_text).encode() + b"\n"


def _told(found: PersonFile) -> Mapping[str, Any]:
    member, suppression = found.subscriber, found.suppression
    return {
        "subscriber": None
        if member is None
        else {
            "address": str(member.address),
            "first_name": member.first_name,
            "state": member.state.value,
            "since": member.created_at,
            "tags": member.tags,
            "attributes": member.attributes,
            "consent": {"source": member.consent.source, "at": member.consent.at},
            "paused_until": member.paused_until,
        },
        "suppression": None
        if suppression is None
        else {"kind": suppression.kind.value, "since": suppression.created_at},
        "events": [
            {"at": event.at, "what": event.kind.value, "detail": event.detail}
            for event in found.events
        ],
        "issues": [
            {"issue": receipt.issue, "at": receipt.at, "state": receipt.state}
            for receipt in found.receipts
        ],
    }


def _as_text(value: object) -> str:
    assert isinstance(value, date | datetime)
    return value.isoformat()
