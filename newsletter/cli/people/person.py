"""What is known of one person, as lines for a terminal and as data for programs."""

import sys
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from textwrap import wrap
from typing import Any

from newsletter.books import in_time, minute
from newsletter.cli.columns import cells, set_out
from newsletter.cli.console import bad, columns_of, faint, good, strong, warning
from newsletter.publishing.people.finding import kept_from_issues, stands_since
from newsletter.subscribers import (
    Consent,
    PersonFile,
    Subscriber,
    SubscriberState,
    Suppression,
)

_LABEL = 13
_LEAST_ROOM = 20
"""Cells, for a column that is told in several lines."""


def person_lines(address: str, file: PersonFile, now: datetime) -> Iterator[str]:
    """Everything on one page: how they stand, what has happened, and every issue."""
    yield strong(address)
    yield from _standing(file, now)
    yield from _table("What has happened", _events(file), "Nothing is written down.")
    yield from _table("Issues", _receipts(file), "No issue was ever planned for them.")


def _standing(file: PersonFile, now: datetime) -> Iterator[str]:
    member = file.subscriber
    if member is None:
        yield _row("State", "not on the list")
    else:
        yield from _member(member, stands_since(file), now)
    if file.suppression is not None:
        yield _row("Suppressed", bad(_suppression(file.suppression)))
    because = kept_from_issues(file, now)
    yield _row(
        "Next issue", warning(f"not sent: {because}") if because else good("is sent to them")
    )


def _member(member: Subscriber, since: datetime | None, now: datetime) -> Iterator[str]:
    is_confirmed = member.state is SubscriberState.CONFIRMED
    paint = good if is_confirmed else warning
    when = f", since {minute(since)}" if since else ""
    yield _row("State", f"{paint(member.state.value)}{when}")
    yield _row("On the list", f"since {minute(member.created_at)}")
    yield _row("First name", member.first_name or faint("none"))
    yield _row("Consent", _consent(member.consent))
    yield _row("Tags", ", ".join(member.tags) or faint("none"))
    for name, value in member.attributes.items():
        yield _row(
            "Attributes" if name == next(iter(member.attributes)) else "", f"{name}: {value}"
        )
    if member.paused_until is not None and member.is_paused(now):
        until = f"until {minute(member.paused_until)}, {in_time(member.paused_until, now)}"
        yield _row("Paused", warning(until))


def _consent(consent: Consent) -> str:
    if not consent.source:
        return faint("nobody wrote down how it was given")
    when = f", {minute(consent.at)}" if consent.at else ", nobody wrote down when"
    return f"{consent.source}{when}"


def _suppression(found: Suppression) -> str:
    by_hash = "; by the hash of the address" if found.is_hash else ""
    return f"{found.words}, since {minute(found.created_at)}{by_hash}"


def _events(file: PersonFile) -> list[list[str]]:
    return [
        [minute(event.at), event.kind.value, f"by {event.by}" if event.by else "", event.detail]
        for event in file.events
    ]


def _receipts(file: PersonFile) -> list[list[str]]:
    return [
        [minute(each.at), each.issue, each.state.replace("_", " "), each.reply]
        for each in file.receipts
    ]


def _table(title: str, rows: Sequence[Sequence[str]], nothing: str) -> Iterator[str]:
    yield ""
    yield strong(title)
    if not rows:
        yield faint(f"  {nothing}")
        return
    width = columns_of(sys.stdout)
    for *head, last in set_out(rows, None):
        yield from _hanging(f"  {''.join(head)}", last, width)


def _hanging(head: str, last: str, width: int | None) -> Iterator[str]:
    """The last column is told whole, in as many lines as it takes, each under its first."""
    begin = cells(head)
    room = None if width is None else width - begin
    is_short = room is None or room < _LEAST_ROOM or cells(last) <= room
    first, *others = [last] if is_short or room is None else wrap(last, room)
    yield f"{head}{first}".rstrip()
    for each in others:
        yield f"{'':{begin}}{each}"


def _row(label: str, text: str) -> str:
    return f"  {faint(f'{label:<{_LABEL}}')}{' '.join(text.split())}"


def person_data(address: str, file: PersonFile, now: datetime) -> dict[str, Any]:
    """The same for programs; moments in ISO 8601."""
    return {
        "address": address,
        "subscriber": member_data(file.subscriber) if file.subscriber else None,
        "state_since": _iso(stands_since(file)),
        "suppression": _suppression_data(file.suppression) if file.suppression else None,
        "kept_from_issues": kept_from_issues(file, now) or None,
        "events": list(_event_data(file)),
        "issues": [
            {"issue": each.issue, "state": each.state, "at": _iso(each.at), "reply": each.reply}
            for each in file.receipts
        ],
    }


def member_data(member: Subscriber) -> dict[str, Any]:
    return {
        "address": str(member.address),
        "first_name": member.first_name,
        "state": member.state.value,
        "created_at": _iso(member.created_at),
        "updated_at": _iso(member.updated_at),
        "consent": {"source": member.consent.source, "at": _iso(member.consent.at)},
        "tags": list(member.tags),
        "attributes": dict(member.attributes),
        "paused_until": _iso(member.paused_until),
    }


def _suppression_data(found: Suppression) -> dict[str, Any]:
    return {
        "kind": found.kind.value,
        "reason": found.reason,
        "since": _iso(found.created_at),
        "by_hash": found.is_hash,
    }


def _event_data(file: PersonFile) -> Iterable[dict[str, Any]]:
    for event in file.events:
        yield {
            "at": _iso(event.at),
            "kind": event.kind.value,
            "by": event.by,
            "detail": event.detail,
        }


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
