"""What comes back of a real run: taken in, acted on where it is proven, and nowhere else."""

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from newsletter.books import ReturnEffect, ReturnKind, Wanted
from newsletter.publishing.bouncing import MOST_KEPT, Arrival, Taken, take_in, throw_away_old
from newsletter.subscribers import PersonEventKind, SubscriberState, SuppressionKind
from tests.integration.publishing.conftest import World
from tests.returned_mail import (
    SentMail,
    complaint,
    out_of_office,
    report,
    sent_mails,
    unsubscribe_mail,
)

READER = "reader1@example.com"


@pytest.fixture
def sent(ready_world: World) -> World:
    assert "finished" in ready_world.events(transport=f"maildir:{ready_world.folder}/mail")
    return ready_world


def mail_of(world: World, recipient: str = READER) -> SentMail:
    return sent_mails(world.folder / "mail")[recipient]


def take(world: World, raw: bytes, recipient: str = "") -> Taken:
    return take_in(Arrival(raw=raw, source="a test", recipient=recipient), world.books())


def effects(taken: Taken) -> list[ReturnEffect]:
    return [each.effect for each in taken.told]


def suppressed(world: World) -> dict[str, SuppressionKind]:
    return {each.address_key: each.kind for each in world.database.suppressions.all()}


def left(world: World) -> list[str]:
    people = world.database.subscribers.members(None, SubscriberState.UNSUBSCRIBED)
    return [str(one.address) for one in people]


def test_hard_bounce_suppresses_once_and_is_undone_for_good(sent: World) -> None:
    raw = report(mail_of(sent))

    first = take(sent, raw)

    assert [ReturnEffect.SUPPRESSED] == effects(first)
    assert {READER: SuppressionKind.BOUNCE} == suppressed(sent)
    assert not take(sent, raw).is_new
    sent.database.suppressions.lift(READER, "mended", sent.now, by="keeper")
    again = take(sent, report(mail_of(sent), serial=2))
    assert [ReturnEffect.REPEATED] == effects(again)
    assert {} == suppressed(sent)


@pytest.mark.parametrize("copy", [True, False])
def test_reverse_path_is_enough_whatever_else_there_is(sent: World, copy: bool) -> None:
    mail = mail_of(sent)
    raw = report(mail, copy=copy, recipient="somebody@behind.example", to="x@example.net")

    taken = take(sent, raw, recipient=mail.reverse_path.upper())

    assert [ReturnEffect.SUPPRESSED] == effects(taken)
    assert {READER: SuppressionKind.BOUNCE} == suppressed(sent)


def test_several_behind_one_reader_count_once(sent: World) -> None:
    mail = mail_of(sent)
    first = report(mail, recipient="one@behind.example")
    fields = b"Final-Recipient: rfc822; one@behind.example"
    second = first.replace(
        fields,
        fields.replace(b"one@", b"two@") + b"\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n" + fields,
    )

    taken = take(sent, second)

    assert [ReturnEffect.SUPPRESSED, ReturnEffect.REPEATED] == effects(taken)
    events = sent.database.person_files.of(READER).events
    assert 1 == [each.kind for each in events].count(PersonEventKind.CAME_BACK)


def test_message_id_in_the_copy_is_enough(sent: World) -> None:
    taken = take(sent, report(mail_of(sent), to="bounces@news.example.com"))

    assert [ReturnEffect.SUPPRESSED] == effects(taken)
    assert "message-id" in taken.told[0].how


def test_soft_ones_count_over_issues_and_a_delay_does_not(sent: World) -> None:
    mail = mail_of(sent)
    full = partial(report, mail, status="4.2.2", said="452 4.2.2 mailbox full")

    delay = take(sent, full(action="delayed"))
    counted = take(sent, full())

    assert [ReturnEffect.NOTED] == effects(delay)
    assert [ReturnEffect.COUNTED] == effects(counted)
    assert {} == suppressed(sent)


def test_block_is_never_held_against_the_reader(sent: World) -> None:
    said = "550 5.7.1 message rejected as spam, see https://example.net/blocked"

    taken = take(sent, report(mail_of(sent), status="5.7.1", said=said))

    assert [(ReturnKind.BLOCKED, ReturnEffect.NOTED)] == [(e.kind, e.effect) for e in taken.told]
    assert {} == suppressed(sent)


def test_complaint_suppresses_though_the_reader_is_not_named(sent: World) -> None:
    taken = take(sent, complaint(mail_of(sent)))

    assert [ReturnEffect.SUPPRESSED] == effects(taken)
    assert {READER: SuppressionKind.COMPLAINT} == suppressed(sent)


def test_out_of_office_changes_nothing(sent: World) -> None:
    taken = take(sent, out_of_office(mail_of(sent)))

    assert [(ReturnKind.AUTO_REPLY, ReturnEffect.NOTED)] == [
        (each.kind, each.effect) for each in taken.told
    ]
    assert {} == suppressed(sent)


def test_mail_with_the_token_unsubscribes_whoever_wrote_it(sent: World) -> None:
    taken = take(sent, unsubscribe_mail(mail_of(sent), author="ada@elsewhere.example"))

    assert [ReturnEffect.UNSUBSCRIBED] == effects(taken)
    assert [READER] == left(sent)


def test_mail_without_a_token_is_shown_unless_our_server_vouches(sent: World) -> None:
    plain = unsubscribe_mail(mail_of(sent), token="")
    vouched = b"Authentication-Results: mx.example.com; dkim=pass header.d=example.com\r\n" + plain
    forged = vouched.replace(b"mx.example.com", b"evil.example.net")
    other = vouched.replace(b"header.d=example.com", b"header.d=example.org")

    assert [ReturnEffect.SHOWN] == effects(take(sent, plain))
    assert [ReturnEffect.SHOWN] == effects(take(sent, vouched))
    bounces = replace(sent.settings.bounces, authserv_id="mx.example.com")
    sent.settings = replace(sent.settings, bounces=bounces)
    assert [ReturnEffect.SHOWN] == effects(take(sent, forged))
    assert [ReturnEffect.SHOWN] == effects(take(sent, other))
    assert [] == left(sent)
    assert [ReturnEffect.UNSUBSCRIBED] == effects(take(sent, vouched + b"please\r\n"))
    assert [READER] == left(sent)


def test_forgeries_change_nothing(sent: World) -> None:
    mail, own = mail_of(sent), "bounces@news.example.com"
    token = mail.reverse_path.partition("+")[2].partition("@")[0]
    stranger = replace(mail, recipient="stranger@example.com", reverse_path=own)
    flipped = token[:-1] + ("a" if token[-1] != "a" else "b")
    forged = [
        report(replace(mail, reverse_path=own), copy=False),
        report(stranger, copy=False),
        report(mail, to=mail.reverse_path.replace(token, flipped), copy=False),
        report(mail, to=mail.reverse_path.replace("news.", "other."), copy=False),
        report(mail, to=f"bounces+{token}x@news.example.com", copy=False),
        complaint(mail, copy=False),
        unsubscribe_mail(mail, token=mail.unsubscribe_token[:-2] + "AA"),
        unsubscribe_mail(mail, token=token),
    ]

    for raw in forged:
        assert [ReturnEffect.SHOWN] == effects(take(sent, raw)), raw.decode()

    assert ({}, []) == (suppressed(sent), left(sent))


def test_flood_fills_no_disk(sent: World) -> None:
    bounces = replace(sent.settings.bounces, unproven_per_day=10)
    sent.settings = replace(sent.settings, bounces=bounces)
    mail = replace(mail_of(sent), reverse_path="bounces@news.example.com")

    taken = [take(sent, report(mail, copy=False, serial=n)) for n in range(40)]

    assert sum(each.number is not None for each in taken) == 10
    assert len(sent.database.returns.list(Wanted(most=1_000))) == 10
    real = take(sent, report(mail_of(sent, "reader2@example.com")))
    assert [ReturnEffect.SUPPRESSED] == effects(real)


def test_replays_of_a_true_one_fill_no_disk_either(sent: World) -> None:
    bounces = replace(sent.settings.bounces, unproven_per_day=5)
    sent.settings = replace(sent.settings, bounces=bounces)

    taken = [take(sent, report(mail_of(sent), serial=n)) for n in range(20)]

    assert sum(each.number is not None for each in taken) == 6


def test_everything_is_in_the_history(sent: World) -> None:
    take(sent, report(mail_of(sent)))

    events = sent.database.person_files.of(READER).events
    kinds = [each.kind for each in events]

    assert [PersonEventKind.CAME_BACK, PersonEventKind.SUPPRESSED] == kinds[-2:]
    assert "hard: 550 5.1.1 no such user (2026-11-27)" in events[-2].detail


def test_message_is_kept_for_a_while(sent: World) -> None:
    taken = take(sent, report(mail_of(sent)) + b"x" * (2 * MOST_KEPT))
    assert taken.number is not None
    shown = sent.database.returns.show(taken.number)
    assert shown is not None
    assert shown.content is not None
    assert len(shown.content) == MOST_KEPT

    sent.now += timedelta(days=31)

    assert throw_away_old(sent.books()) == 1


@pytest.mark.parametrize("raw", [b"", b"\x00\xff\xfe", b"\r\n\r\n", b"x: y", b"From \n" * 1000])
def test_anything_at_all_is_taken_in(sent: World, raw: bytes) -> None:
    assert take(sent, raw).told
