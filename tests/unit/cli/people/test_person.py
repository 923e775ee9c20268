"""All that is known of one person, whatever others have written about them."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from newsletter.addresses import parse_addr_spec
from newsletter.cli.people import person
from newsletter.cli.people.person import person_data, person_lines
from newsletter.cli.shown import shown
from newsletter.subscribers import (
    Consent,
    PersonEvent,
    PersonEventKind,
    PersonFile,
    Receipt,
    Subscriber,
    SubscriberState,
    Suppression,
    SuppressionKind,
)

NOW = datetime(2026, 11, 27, 7, 0, tzinfo=UTC)
ADA = "ada@example.com"
EVIL = "a\x1b[2Jb\r\nc\u202ed"


def member(**changes: object) -> Subscriber:
    facts: dict[str, object] = {
        "id": 1,
        "address": parse_addr_spec(ADA),
        "first_name": "Ada",
        "state": SubscriberState.CONFIRMED,
        "created_at": NOW - timedelta(days=9),
        "updated_at": NOW,
        **changes,
    }
    return Subscriber(**facts)  # type: ignore[arg-type]


def file(subscriber: Subscriber | None, *, barred: str = "", reply: str = "ok") -> PersonFile:
    suppression = Suppression(
        address_key=ADA, kind=SuppressionKind.BY_HAND, reason=barred, created_at=NOW
    )
    event = PersonEvent(at=NOW, kind=PersonEventKind.RETURNED, by=reply, detail=reply)
    return PersonFile(
        subscriber=subscriber,
        suppression=suppression if barred else None,
        events=[event],
        receipts=[Receipt(issue="2026-11-20", state="in_doubt", at=NOW, reply=reply)],
    )


def page(found: PersonFile) -> str:
    return shown("\n".join(person_lines(ADA, found, NOW)))


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (file(member()), "Next issue   is sent to them"),
        (file(member(paused_until=NOW + timedelta(weeks=2))), "Next issue   not sent: paused"),
        (file(member(state=SubscriberState.PENDING)), "Next issue   not sent: pending"),
        (file(member(), barred="abuse"), "Next issue   not sent: suppressed"),
        (file(None), "Next issue   not sent: not on the list"),
        (file(member(attributes={"city": "Leeds", "job": "Editor"})), "Attributes   city: Leeds"),
        (file(member()), "Consent      nobody wrote down how it was given"),
        (file(member()), "State        confirmed, since 2026-11-27 07:00 UTC"),
        (file(member()), "2026-11-20  in doubt  ok"),
    ],
)
def test_page_says(monkeypatch: pytest.MonkeyPatch, found: PersonFile, words: str) -> None:
    monkeypatch.setenv("NO_COLOR", "1")

    assert words in page(found)


def test_page_keeps_every_fact_on_its_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    plain = page(file(member(first_name="x", consent=Consent(source="x")), barred="x", reply="x"))
    evil = file(
        member(first_name=EVIL, consent=Consent(source=EVIL), attributes={}),
        barred=EVIL,
        reply=EVIL,
    )

    assert plain.count("\n") == page(evil).count("\n")
    assert not {"\x1b", "\r", "\u202e"} & set(page(evil))
    assert EVIL == json.loads(json.dumps(person_data(ADA, evil, NOW)))["issues"][0]["reply"]


def test_what_a_relay_said_is_told_whole_in_a_narrow_terminal(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(person, "columns_of", lambda stream: 80)
    said = "550 5.1.1 " + " ".join(["no such mailbox"] * 6)
    lines = page(file(member(), reply=said)).split("Issues")[1].splitlines()

    assert all(len(line) <= 80 for line in lines)
    assert said in " ".join(" ".join(lines).split())
