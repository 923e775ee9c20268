"""What is told of what came back: in the report, over several issues, and to the team."""

import asyncio
import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from newsletter.publishing.blocked import blocked_of, tell_blocked
from newsletter.publishing.bouncing import Arrival, take_in
from newsletter.publishing.refusing import FEW, suppress_refused
from newsletter.reports import (
    gather,
    mail_report,
    over,
    over_records,
    page_over,
    page_report,
    text_over,
    text_report,
)
from newsletter.subscribers import SuppressionKind
from tests.integration.publishing.conftest import World, with_transport
from tests.people import bring
from tests.returned_mail import SentMail, complaint, report, sent_mails

ISSUE = "2026-11-27"
SPAM = {"status": "5.7.1", "said": "550 5.7.1 refused as spam by rule 77"}


@pytest.fixture
def sent(ready_world: World) -> World:
    more = "email\n" + "".join(f"a{n}@gmail.com\n" for n in range(20))
    bring(ready_world.database, more, ready_world.now)
    assert "finished" in ready_world.events(transport=f"maildir:{ready_world.folder}/mail")
    return ready_world


def mails(world: World) -> dict[str, SentMail]:
    return sent_mails(world.folder / "mail")


def take(world: World, *messages: bytes) -> None:
    for raw in messages:
        take_in(Arrival(raw=raw, source="a test"), world.books())


def text_of(world: World) -> str:
    run = world.database.runs.find(ISSUE)
    assert run is not None
    return "\n".join(text_report(gather(world.database, run, world.now), ()))


def test_report_has_what_came_back_and_its_books_balance(sent: World) -> None:
    found = mails(sent)
    full = report(found["a1@gmail.com"], status="4.2.2", said="452 4.2.2 mailbox full")
    take(sent, report(found["a0@gmail.com"]), full, complaint(found["reader1@example.com"]))
    sent.database.membership.leave("a3@gmail.com", sent.now)

    text = text_of(sent)

    assert "The books balance: 24 = 24." in text
    assert "  2 accepted, later returned" in text
    assert "2  returned (8.3 % of those accepted)" in text
    assert "1  hard: no such mailbox" in text
    assert "1  soft: full, or away for a while" in text
    assert "1  complaint (4.17 %: above 0.3 %, at which Gmail and Yahoo turn senders away)" in text
    assert "gmail        1 hard, 1 soft" in text
    assert "example.com  1 complaint" in text


def test_page_and_mail_say_the_same(sent: World) -> None:
    take(sent, report(mails(sent)["a0@gmail.com"]))
    run = sent.database.runs.find(ISSUE)
    assert run is not None
    gathered, theme = gather(sent.database, run, sent.now), sent.settings.theme

    for html in ("".join(page_report(gathered, (), theme)), mail_report(gathered, (), theme)):
        assert "What came back" in html
        assert "returned (4.1 % of those accepted)" in html.replace("4.2 %", "4.1 %")
        assert "hard: no such mailbox" in html


def test_report_of_what_nothing_came_back_of_is_as_it_was(sent: World) -> None:
    text = text_of(sent)

    assert "What came back" not in text
    assert "later returned" not in text


def test_issues_stand_beside_each_other(sent: World) -> None:
    take(sent, report(mails(sent)["a0@gmail.com"]))

    rows = over(sent.database, 12, sent.now + timedelta(days=9))
    text = "\n".join(text_over(rows))
    page = "".join(page_over(rows, "The <Friday> Five", sent.settings.theme))

    assert [ISSUE] == [row.issue for row in rows]
    assert [ISSUE, "24", "0", "4.2", "%", "0.00", "%"] == text.splitlines()[1].split()[:7]
    assert "█" * 20 in text
    [record] = json.loads(json.dumps(over_records(rows)))
    assert (ISSUE, 24, 1) == (record["issue"], record["accepted"], record["returned"])
    assert "<svg" in page
    assert "The &lt;Friday&gt; Five" in page
    assert "No issue has been sent" in "".join(text_over(()))


def test_receiver_that_blocks_is_told_of_once_with_its_words(sent: World) -> None:
    found = mails(sent)
    said = [report(found[f"a{n}@gmail.com"], **SPAM) for n in range(4)]  # type: ignore[arg-type]
    run = sent.database.runs.find(ISSUE)
    assert run is not None

    take(sent, *said[:2])
    assert [] == list(blocked_of(run, sent.books()))
    take(sent, *said[2:])
    [worst] = blocked_of(run, sent.books())
    asyncio.run(tell_blocked(sent.books()))
    asyncio.run(tell_blocked(sent.books()))

    assert ("gmail", 4, 20) == (worst.receiver, worst.count, worst.accepted)
    [told] = sent.mails("desk@example.com")
    text = told.read_text()
    assert "is blocked by gmail: 4 of 20 readers" in text
    assert "refused as spam" in text
    assert "Nobody was taken off the list" in text
    assert not list(sent.database.suppressions.all())


@contextmanager
def refusing(whom: frozenset[str]) -> Iterator[str]:
    """The URL of a relay that knows none of them."""

    class Refusing:
        async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
            self, server: Any, session: Any, envelope: Any, address: str, options: Any
        ) -> str:
            del server, session, options
            if address in whom:
                return "550 5.1.1 no such user"
            envelope.rcpt_tos.append(address)
            return "250 2.1.5 OK"

    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(Refusing(), hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield f"smtp://127.0.0.1:{port}?tls=none&connections=1"
    finally:
        controller.stop()


def test_who_is_refused_as_unknown_is_not_tried_again(ready_world: World) -> None:
    with refusing(frozenset({"reader1@example.com"})) as url:
        ready_world.tick(transport=url)
    run = ready_world.database.runs.find(ISSUE)
    assert run is not None

    found = {each.address_key: each for each in ready_world.database.suppressions.all()}

    assert ["reader1@example.com"] == list(found)
    suppression = found["reader1@example.com"]
    assert suppression.kind is SuppressionKind.BOUNCE
    assert suppression.reason == "refused: 550 5.1.1 no such user"
    ready_world.database.suppressions.lift("reader1@example.com", "x", ready_world.now, by="k")
    assert suppress_refused(run, ready_world.books()) == 0


def test_where_too_many_are_refused_a_person_has_to_look(ready_world: World) -> None:
    gone = frozenset(f"g{n}@x{n}.example.com" for n in range(FEW + 1))
    people = "email\n" + "".join(f"{each}\n" for each in sorted(gone))
    bring(ready_world.database, people, ready_world.now)
    settings = ready_world.settings
    with refusing(gone) as url:
        ready_world.settings = with_transport(settings, url)
        ready_world.tick(transport=url)

    assert not list(ready_world.database.suppressions.all())


def test_publication_may_wait_for_more_than_one_issue(ready_world: World) -> None:
    bounces = ready_world.settings.bounces
    rules = replace(bounces.rules, hard_issues=2)
    ready_world.settings = replace(ready_world.settings, bounces=replace(bounces, rules=rules))
    with refusing(frozenset({"reader1@example.com"})) as url:
        ready_world.tick(transport=url)

    assert not list(ready_world.database.suppressions.all())
