"""The whole circle with real servers: sent over Postfix or Exim, returned by it, read, acted on.

Three readers' mailboxes refuse when the relay comes; one reader presses “junk”, one is away, one
asks by mail to leave; and somebody forges a bounce. All of it lies in one Maildir, which is read as
it is, or from a real Dovecot by IMAP. Then the next issue goes to whom it should.
"""

import json
import smtplib
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from tests.acceptance.publication import Publication, clean_environment
from tests.acceptance.schedule_world import issue_text
from tests.dovecot import PASSWORD, dovecot
from tests.real_relays import RealRelay
from tests.returned_mail import SentMail, complaint, out_of_office, report, unsubscribe_mail
from tests.returning_relays import returning_relay

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

DOMAIN = "reader.example.com"
GONE, FULL, BLOCKED = f"gone@{DOMAIN}", f"full@{DOMAIN}", f"blocked@{DOMAIN}"
JUNK, AWAY, LEAVING, FINE = (f"{name}@{DOMAIN}" for name in ("junk", "away", "leaving", "fine"))
READERS = (GONE, FULL, BLOCKED, JUNK, AWAY, LEAVING, FINE)
REFUSALS = {
    GONE: "550 5.1.1 no such user here",
    FULL: "552 5.2.2 mailbox full",
    BLOCKED: "554 5.7.1 message refused as spam",
}
FIRST = "2021-11-26"
NEXT = (datetime.now(UTC) + timedelta(days=30)).date().isoformat()


@dataclass
class Readers:
    """The server behind the relay, at which the readers have their mailboxes."""

    arrived: dict[str, SentMail] = field(default_factory=dict)

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        del server, session, options
        if address in REFUSALS:
            return REFUSALS[address]
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        del server, session
        for recipient in envelope.rcpt_tos:
            self.arrived[recipient] = SentMail(
                reverse_path=envelope.mail_from,
                recipient=recipient,
                content=envelope.original_content,
            )
        return "250 2.0.0 taken"


@contextmanager
def readers_server() -> Iterator[tuple[Readers, int]]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    readers = Readers()
    controller = Controller(readers, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield readers, port
    finally:
        controller.stop()


def laid_out_with(folder: Path, relay: RealRelay) -> Publication:
    environment = clean_environment() | {
        "NEWSLETTER_TRANSPORT": f"smtp://127.0.0.1:{relay.port}?tls=none&connections=1",
        "NEWSLETTER_BOUNCES_PASSWORD": PASSWORD,
    }
    publication = Publication(folder, environment)
    publication.lay_out()
    people = "email\n" + "".join(f"{reader}\n" for reader in READERS)
    (folder / "people.csv").write_text(people)
    (folder / f"issues/{NEXT}.md").write_text(issue_text(date=NEXT), encoding="utf-8")
    for arguments in (
        ("subscribers", "import", "people.csv", "--yes", "--consent", "a test"),
        ("send", FIRST, "--yes"),
    ):
        done = publication.run(*arguments)
        assert 0 == done.status, done
    return publication


def answer(relay: RealRelay, raw: bytes, *recipients: str) -> None:
    """A message from the world outside to one of our addresses, through the relay."""
    with smtplib.SMTP("127.0.0.1", relay.port) as session:
        session.sendmail("", list(recipients), raw)


def json_of(publication: Publication, *arguments: str) -> Any:
    done = publication.run(*arguments, "--format", "json")
    assert 0 == done.status, done
    return json.loads(done.out)


def read(publication: Publication, relay: RealRelay, way: str) -> dict[str, Any]:
    if way == "maildir":
        found: dict[str, Any] = json_of(publication, "bounces", "read", f"maildir:{relay.mail}")
        return found
    with dovecot(relay.mail) as server:
        before = server.flags()
        found = json_of(publication, "bounces", "read", server.source())
        assert before == [name.partition(":")[0] for name in server.flags()]
    return found


@pytest.mark.parametrize(
    ("kind", "way"), [("postfix", "maildir"), ("exim", "imap"), ("postfix", "imap")]
)
def test_the_list_knows_what_came_back(kind: str, way: str, tmp_path: Path) -> None:
    with readers_server() as (readers, port), returning_relay(kind, port) as relay:
        publication = laid_out_with(tmp_path, relay)
        relay.messages(len(REFUSALS))
        own = "bounces@news.example.com"
        mails = readers.arrived
        answer(relay, complaint(mails[JUNK]), own)
        answer(relay, out_of_office(mails[AWAY]), mails[AWAY].reverse_path)
        answer(relay, unsubscribe_mail(mails[LEAVING]), "unsubscribe@news.example.com")
        answer(relay, report(mails[FINE], to=own, copy=False), own)
        relay.messages(len(REFUSALS) + 4)

        reading = read(publication, relay, way)
        again = read(publication, relay, way)

        assert (7, 0) == (reading["new"], again["new"])
        assert {"suppressed": 2, "unsubscribed": 1, "counted": 1, "noted": 2, "shown": 1} == (
            reading["effects"]
        )
        _assert_list(publication)
        _assert_report(publication)
        readers.arrived.clear()
        done = publication.run("send", NEXT, "--yes", "--date-is-right")
        assert 0 == done.status, done
        relay.messages(7 + 2)  # the full and the blocked one are tried, and come back

    assert {AWAY, FINE} == set(readers.arrived)


def _assert_list(publication: Publication) -> None:
    made = {
        each["reader"]: (each["kind"], each["effect"])
        for each in json_of(publication, "bounces", "list")
    }
    assert {
        GONE: ("hard", "suppressed"),
        FULL: ("soft", "counted"),
        BLOCKED: ("blocked", "noted"),
        JUNK: ("complaint", "suppressed"),
        AWAY: ("auto-reply", "noted"),
        LEAVING: ("unsubscribe", "unsubscribed"),
        None: ("hard", "shown"),
    } == made
    for reader, words in ((GONE, "no such user"), (FULL, "mailbox full"), (BLOCKED, "as spam")):
        shown = publication.run("subscribers", "show", reader).out
        assert "came back" in shown
        assert words in shown
    assert "came back" not in publication.run("subscribers", "show", FINE).out


def _assert_report(publication: Publication) -> None:
    found = json_of(publication, "report", FIRST)
    assert (7, True, {"accepted": 7}) == (found["frozen"], found["balanced"], found["counts"])
    returned = found["returned"]
    assert (3, 1) == (returned["returned"], returned["left"])
    kinds = {"hard": 1, "soft": 1, "blocked": 1, "complaint": 1, "auto-reply": 1}
    assert kinds == returned["kinds"]  # a wish to leave is no issue's
    text = publication.run("report", FIRST).out
    assert "3 accepted, later returned" in text
    assert "above 0.3 %" in text
