"""The agenda in the words of `newsletter/cli`: a sentence and a command for each kind of thing."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from newsletter.cli.agenda_words import command, rest_line, sentence, slot_line
from newsletter.errors import Act, Remedy
from newsletter.publishing.agenda import Agenda, Facts, Item, Kind, NextSlot, Urgency

NOW = datetime(2026, 11, 26, 9, 12, tzinfo=UTC)
SLOT = NextSlot(
    day=date(2026, 11, 27),
    time=time(7, 0),
    zone="Europe/London",
    at=NOW + timedelta(hours=21, minutes=48),
    issue="2026-11-27",
)
AGENDA = Agenda(name="The Friday Five", made_at=NOW, next_slot=SLOT, items=[])
LEFT: Facts = {"left": 1_200, "audience": 3_400}
SAID: list[tuple[Kind, Facts, str]] = [
    (Kind.DOUBTS, {"people": 1}, "x: 1 person is in doubt: sent, and no reply came."),
    (Kind.DOUBTS, {"people": 2_000}, "x: 2,000 people are in doubt"),
    (Kind.INTERRUPTED, LEFT, "x was interrupted: 1,200 of 3,400 still have to get it."),
    (Kind.INTERRUPTED, {"left": 0, "audience": 0}, "x was interrupted: nobody has it yet."),
    (
        Kind.WAITING,
        {**LEFT, "until": NOW + timedelta(days=1), "why": "the limit of 500 a day is reached"},
        "x can go on from Friday 09:12 (the limit of 500 a day is reached): 1,200 of 3,400",
    ),
    (Kind.OVERDUE, {"at": NOW - timedelta(minutes=5)}, "x was due 5 min ago"),
    (Kind.FINDINGS, {"errors": 1, "warnings": 2}, "x: 1 error, 2 warnings."),
    (Kind.FINDINGS, {"errors": 0, "warnings": 1}, "x: 1 warning."),
    (
        Kind.CAME_BACK,
        {
            "since": NOW - timedelta(days=6),
            "refused": 2,
            "failed": 0,
            "left": 3,
            "complaints": 1,
            "bounces": 0,
            "suppressed_by_hand": 0,
        },
        "Since x (20 November): 2 refused, 3 unsubscribed, 1 complaint.",
    ),
]


@pytest.mark.parametrize(("kind", "facts", "words"), SAID)
def test_sentence_is_of_its_numbers(kind: Kind, facts: Facts, words: str) -> None:
    item = Item(kind=kind, urgency=Urgency.NEXT, issue="x", facts=facts)

    assert sentence(item, AGENDA).startswith(words)


def test_next_slot_is_said_by_its_own_clocks() -> None:
    assert "Friday 27 November, 07:00 Europe/London, in 21 h 48 min: 2026-11-27" == slot_line(
        SLOT, AGENDA
    )
    assert "Nothing to do until Friday 27 November, 07:00, when 2026-11-27 goes out." == rest_line(
        AGENDA
    )


@pytest.mark.parametrize(
    ("files", "begins"),
    [
        ((".env.example",), "cp .env.example .env && chmod 600 .env"),
        ((".env", ".env.example"), "python3 -c "),
        ((), "python3 -c "),
    ],
)
def test_key_is_made_in_a_file_that_only_its_owner_reads(
    files: tuple[str, ...], begins: str
) -> None:
    said = command(Item(kind=Kind.NO_KEY, urgency=Urgency.NEXT, facts={"files": files}))

    assert said.startswith(begins)
    assert ".env" in files or said.endswith("chmod 600 .env")


def test_command_is_quoted_for_a_shell() -> None:
    remedy = Remedy(Act.CHECK, "issues/my issue.md")

    assert "newsletter check 'issues/my issue.md'" == command(
        Item(kind=Kind.FINDINGS, urgency=Urgency.NEXT, remedy=remedy)
    )
