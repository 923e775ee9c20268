"""The letters that a sign-up owes: signed, with nothing of the form in them, and never lost.

Who asked for them did so at `newsletter/web/public/signing_up.py`.
"""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import dkim  # type: ignore[import-untyped]
import pytest

from newsletter.books import LETTER_LEASE
from newsletter.clock import now
from newsletter.errors import NewsletterError
from newsletter.message import Algorithm, new_key, read_key
from newsletter.publishing.publication import Books
from newsletter.publishing.readers import send_letters
from newsletter.transports import open_transport
from tests.integration.transports.conftest import OpenPeer
from tests.integration.transports.conftest import open_peer as open_peer
from tests.integration.web.conftest import HOME, MakeWorld, World

WHO = "new@example.com"
AT_ONCE = timedelta()
LATER = timedelta(hours=1)


def sent(world: World) -> list[bytes]:
    return [path.read_bytes() for path in sorted((world.folder / "sent").glob("*.eml"))]


def parsed(content: bytes) -> EmailMessage:
    found = message_from_bytes(content, policy=policy.default)
    assert isinstance(found, EmailMessage)
    return found


def send(world: World, later: timedelta = AT_ONCE) -> int:
    """What is due then goes out; the number that the relay took."""
    return asyncio.run(send_letters(_books(world, later)))


async def send_over(world: World, url: str, later: timedelta = AT_ONCE) -> None:
    """The same over another transport, whatever comes of it."""
    transport = open_transport(url, password="pw" if "@" in url else None, clock=now)
    books = _books(world, later)
    publication = replace(books.publication, open_transport=lambda: transport)
    with suppress(NewsletterError):
        await send_letters(replace(books, publication=publication))


def _books(world: World, later: timedelta) -> Books:
    moment = now() + later
    return replace(world.books, publication=replace(world.publication, clock=lambda: moment))


@pytest.mark.parametrize("name", ["You won 1,210,926 USD", "Eve", "O'Brien <b>"])
def test_the_letter_holds_nothing_of_the_form(world: World, name: str) -> None:
    """A-SUB-04: a name that is none is not even taken; the others stay out of the letter."""
    world.sign_up(WHO, name, Host="evil.example")

    assert 1 == send(world)
    letter = parsed(sent(world)[0])
    assert [WHO] == [each.addr_spec for each in letter["To"].addresses]
    assert name.encode() not in sent(world)[0]
    assert "evil.example" not in letter.as_string()
    assert f"{HOME}/confirm/" in letter.get_content()
    assert ("auto-replied", None) == (letter["Auto-Submitted"], letter["List-Unsubscribe"])


def test_the_letter_is_signed_like_the_issues(make_world: MakeWorld, tmp_path: Path) -> None:
    """As dkimpy sees it."""
    path = tmp_path / "rsa.pem"
    path.write_bytes(new_key(Algorithm.RSA))
    path.chmod(0o600)
    record = read_key(path, selector="n1", algorithm=Algorithm.RSA).record.encode()
    section = '[dkim]\ndomain = "news.example.com"\nselector = "n1"\nkey = "rsa.pem"'
    world = make_world({"[dkim]": section})
    world.sign_up(WHO)
    send(world)
    content = sent(world)[0]

    assert dkim.verify(content, dnsfunc=lambda *_, **__: record)
    assert not dkim.verify(
        content.replace(b"/confirm/", b"/elsewhere/"), dnsfunc=lambda *_, **__: record
    )


REFUSALS: Mapping[str, Mapping[str, Any]] = {
    "for now": {"RCPT": b"451 4.7.1 later\r\n"},
    "busy": {"": b"421 4.3.2 busy\r\n"},
    "its login": {"EHLO": b"250-peer\r\n250 AUTH PLAIN\r\n", "AUTH": b"535 5.7.8 no\r\n"},
    "in the middle": {"RCPT": "drop"},
    "after the content": {".": "drop"},
}


@pytest.mark.parametrize("why", REFUSALS)
def test_a_letter_that_the_relay_does_not_take_stays_owed(
    make_world: MakeWorld, open_peer: OpenPeer, why: str
) -> None:
    """And is taken when the relay is well again, with the link that it had."""

    async def against(answers: Mapping[str, Any], later: timedelta) -> list[bytes]:
        async with open_peer(answers) as peer:
            user = "ada@" if "AUTH" in answers else ""
            await send_over(world, f"smtp://{user}127.0.0.1:{peer.port}?tls=none", later)
            return peer.contents

    world = make_world()
    assert 200 == world.sign_up(WHO).status_code

    asyncio.run(against(REFUSALS[why], AT_ONCE))

    assert 1 == world.database.letters.owed()
    taken = asyncio.run(against({}, LATER))
    assert [True] == [b"/confirm/" in content for content in taken]
    assert 0 == world.database.letters.owed()


def test_a_letter_that_the_relay_refuses_for_good_is_not_tried_again(
    make_world: MakeWorld, open_peer: OpenPeer
) -> None:
    world = make_world()
    world.sign_up(WHO)

    async def refused() -> None:
        async with open_peer({"RCPT": b"550 5.1.1 nobody\r\n"}) as peer:
            await send_over(world, f"smtp://127.0.0.1:{peer.port}?tls=none")

    asyncio.run(refused())

    assert 0 == world.database.letters.owed()


def test_one_address_that_the_relay_hangs_up_on_keeps_no_other_back(
    make_world: MakeWorld, open_peer: OpenPeer
) -> None:
    world = make_world()
    for address in ("poison@example.com", "a@example.com", "b@example.com"):
        world.sign_up(address)

    async def over() -> list[bytes]:
        async with open_peer() as peer:

            async def answer(writer: asyncio.StreamWriter) -> None:
                is_poison = "poison" in peer.heard[-1]
                if is_poison:
                    writer.transport.abort()
                else:
                    writer.write(b"250 2.1.5 ok\r\n")

            peer.answers = {**peer.answers, "RCPT": answer}
            for minutes in range(0, 60, 10):
                await send_over(
                    world, f"smtp://127.0.0.1:{peer.port}?tls=none", timedelta(minutes=minutes)
                )
            return peer.contents

    contents = asyncio.run(over())

    recipients = {parsed(content)["To"] for content in contents}
    assert {"a@example.com", "b@example.com"} <= {str(each) for each in recipients}


def test_a_letter_whose_sender_died_goes_out_again_as_the_same_message(world: World) -> None:
    world.sign_up(WHO)
    assert 1 == send(world)
    first = sent(world)[0]
    with world.database.letters._connections.writing() as connection:
        connection.exec_driver_sql("UPDATE letters SET state = 'claimed'")

    assert 0 == send(world)
    assert 1 == send(world, LETTER_LEASE)

    again = sent(world)
    assert {parsed(first)["Message-ID"]} == {parsed(each)["Message-ID"] for each in again}
    assert {first} == set(again)
