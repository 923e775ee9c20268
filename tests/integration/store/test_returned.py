"""What came back, over both databases, beside a neighbour: kept once, acted on once, erased."""

from dataclasses import replace
from datetime import datetime, timedelta

from newsletter.addresses import parse_addr_spec
from newsletter.books import (
    MailboxMark,
    NewMessage,
    NewReturn,
    ReturnEffect,
    ReturnKind,
    Wanted,
)
from newsletter.store import Database
from newsletter.subscribers import Consent, PersonEventKind, SubscriberState, SuppressionKind

ADA = "ada@example.com"
HARD = NewReturn(
    kind=ReturnKind.HARD,
    effect=ReturnEffect.SUPPRESSED,
    how="delivery status",
    delivery_id=7,
    issue="friday",
    recipient_key=ADA,
    named=ADA,
    code=550,
    enhanced_code="5.1.1",
    reason="no such user",
)


def message(digest: str, content: bytes = b"From: mailer\r\n\r\nno such user\r\n") -> NewMessage:
    return NewMessage(
        digest=digest, source="maildir", subject="Returned", size=len(content), content=content
    )


def join(database: Database, now: datetime) -> None:
    consent = Consent(source="by telephone", at=now)
    assert database.membership.add(parse_addr_spec(ADA), "Ada", consent, now, by="keeper")


def told(database: Database, effect: ReturnEffect, issue: str, now: datetime) -> None:
    soft = replace(HARD, kind=ReturnKind.SOFT, effect=effect, issue=issue)
    assert database.returns.add(message(f"{effect} {issue}"), [soft], now, by="bounces")


def test_return_suppresses_and_is_in_the_history(database: Database, now: datetime) -> None:
    join(database, now)

    number = database.returns.add(message("one"), [HARD], now, by="bounces")

    assert number is not None
    found = database.suppressions.find(ADA)
    assert found is not None
    assert (SuppressionKind.BOUNCE, HARD.words) == (found.kind, found.reason)
    kinds = [each.kind for each in database.person_files.of(ADA).events]
    assert [PersonEventKind.CAME_BACK, PersonEventKind.SUPPRESSED] == kinds[-2:]
    assert ["an address: bounce"] == [each.detail for each in database.audit.entries()][-1:]


def test_message_read_twice_changes_nothing(database: Database, now: datetime) -> None:
    join(database, now)
    database.returns.add(message("one"), [HARD], now, by="bounces")
    database.suppressions.lift(ADA, "mended", now, by="keeper")

    assert database.returns.add(message("one"), [HARD], now, by="bounces") is None
    assert database.returns.is_known("one")
    assert not database.returns.is_known("two")
    assert database.suppressions.find(ADA) is None
    assert len(database.returns.list(Wanted())) == 1


def test_complaint_and_unsubscribing_do_as_they_say(database: Database, now: datetime) -> None:
    join(database, now)
    complaint = replace(HARD, kind=ReturnKind.COMPLAINT)
    leaving = replace(HARD, kind=ReturnKind.UNSUBSCRIBE, effect=ReturnEffect.UNSUBSCRIBED)

    database.returns.add(message("one"), [complaint], now, by="bounces")
    database.returns.add(message("two"), [leaving], now, by="bounces")

    found, file = database.suppressions.find(ADA), database.person_files.of(ADA)
    assert found is not None
    assert found.kind is SuppressionKind.COMPLAINT
    assert file.subscriber is not None
    assert file.subscriber.state is SubscriberState.UNSUBSCRIBED


def test_what_nothing_proves_is_kept_and_touches_nobody(database: Database, now: datetime) -> None:
    join(database, now)
    forged = replace(
        HARD, effect=ReturnEffect.SHOWN, delivery_id=None, issue="", recipient_key="", how="words"
    )

    database.returns.add(message("one"), [forged], now, by="bounces")

    assert database.suppressions.find(ADA) is None
    assert database.returns.idle(now - timedelta(seconds=1)) == 1
    assert database.returns.idle(now) == 0
    assert PersonEventKind.CAME_BACK not in {e.kind for e in database.person_files.of(ADA).events}


def test_soft_ones_count_by_issue(database: Database, now: datetime) -> None:
    day = timedelta(days=1)
    told(database, ReturnEffect.COUNTED, "one", now - 9 * day)
    told(database, ReturnEffect.COUNTED, "two", now - 2 * day)
    told(database, ReturnEffect.NOTED, "three", now - day)

    assert database.returns.counted_issues(ADA, ReturnKind.SOFT, now - 5 * day) == {"two"}
    assert database.returns.counted_issues(ADA, ReturnKind.SOFT, None) == {"one", "two"}
    assert database.returns.was_told(ADA, "one", ReturnKind.SOFT)
    assert not database.returns.was_told(ADA, "one", ReturnKind.HARD)
    assert not database.returns.was_told(ADA, "four", ReturnKind.SOFT)


def test_a_delivery_counts_once_for_each_kind(database: Database, now: datetime) -> None:
    other = replace(HARD, delivery_id=8, recipient_key="bob@example.com")
    soft = replace(HARD, kind=ReturnKind.SOFT, effect=ReturnEffect.COUNTED)
    delay = replace(other, kind=ReturnKind.SOFT, effect=ReturnEffect.NOTED, is_final=False)
    complaint = replace(other, kind=ReturnKind.COMPLAINT, delivery_id=9)
    shown = replace(HARD, effect=ReturnEffect.SHOWN, delivery_id=None, issue="")

    for n, each in enumerate([HARD, HARD, other, soft, delay, complaint, shown]):
        database.returns.add(message(f"m{n}"), [each], now, by="bounces")

    figures = database.returns.figures("friday")
    assert figures.returned == 2
    expected = {ReturnKind.HARD: 2, ReturnKind.SOFT: 1, ReturnKind.COMPLAINT: 1}
    assert expected == figures.kinds
    hard = database.returns.of_issue("friday", [ReturnKind.HARD])
    assert [7, 7, 8] == [each.told.delivery_id for each in hard]


def test_message_is_shown_until_it_is_thrown_away(database: Database, now: datetime) -> None:
    number = database.returns.add(message("one", b"\x00\xff raw"), [HARD], now, by="bounces")
    assert number is not None

    shown = database.returns.show(number)
    assert shown is not None
    assert (b"\x00\xff raw", [HARD]) == (shown.content, [each.told for each in shown.returns])
    assert database.returns.throw_away(now + timedelta(days=1)) == 1
    assert database.returns.throw_away(now + timedelta(days=1)) == 0
    shown = database.returns.show(number)
    assert shown is not None
    assert shown.content is None
    assert database.returns.show(number + 1_000) is None


def test_list_is_what_was_meant(database: Database, now: datetime) -> None:
    soft = replace(HARD, kind=ReturnKind.SOFT, effect=ReturnEffect.COUNTED, issue="monday")
    database.returns.add(message("one"), [HARD], now, by="bounces")
    database.returns.add(message("two"), [soft], now + timedelta(hours=1), by="bounces")

    def kinds(wanted: Wanted) -> list[ReturnKind]:
        return [each.told.kind for each in database.returns.list(wanted)]

    assert [ReturnKind.SOFT, ReturnKind.HARD] == kinds(Wanted())
    assert [ReturnKind.SOFT] == kinds(Wanted(most=1))
    assert [ReturnKind.HARD] == kinds(Wanted(kinds=[ReturnKind.HARD]))
    assert [ReturnKind.SOFT] == kinds(Wanted(effects=[ReturnEffect.COUNTED]))
    assert [ReturnKind.HARD] == kinds(Wanted(issue="friday", recipient_key=ADA))
    assert [ReturnKind.SOFT] == kinds(Wanted(since=now))


def test_who_is_erased_is_in_no_return(database: Database, now: datetime) -> None:
    join(database, now)
    number = database.returns.add(message("one"), [HARD], now, by="bounces")
    assert number is not None

    assert database.person_files.forget(ADA, now, by="keeper")

    shown = database.returns.show(number)
    assert shown is not None
    [left] = shown.returns
    assert shown.content is None
    assert ("", "", "") == (left.told.recipient_key, left.told.named, left.told.reason)
    assert database.returns.figures("friday").kinds == {ReturnKind.HARD: 1}


def test_mailbox_is_read_on_from_its_mark(database: Database) -> None:
    assert database.returns.mark("imaps://mx.example/INBOX") is None

    database.returns.set_mark("imaps://mx.example/INBOX", MailboxMark(validity=9, uid=4))
    database.returns.set_mark("imaps://mx.example/INBOX", MailboxMark(validity=9, uid=2**32))

    mark = database.returns.mark("imaps://mx.example/INBOX")
    assert mark == MailboxMark(validity=9, uid=2**32)
    assert database.returns.mark("other") is None
