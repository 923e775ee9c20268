"""A mailbox of a real Dovecot: read on from where it was left, and nothing in it changed."""

import socket
import threading
from collections.abc import Iterator

import pytest

from newsletter.books import MailboxMark
from newsletter.bounces.read import open_mailbox, parse_source
from newsletter.errors import MailboxError
from tests.dovecot import PASSWORD, Dovecot, dovecot
from tests.pace import patience


@pytest.fixture(scope="module")
def running() -> Iterator[Dovecot]:
    with dovecot() as server:
        yield server


@pytest.fixture
def server(running: Dovecot) -> Dovecot:
    for part in ("new", "cur"):
        for each in (running.mail / part).iterdir():
            each.unlink()
    return running


def put(server: Dovecot, name: str, text: str) -> None:
    made = server.mail / "tmp" / name
    made.write_bytes(text.replace("\n", "\r\n").encode())
    made.rename(server.mail / "new" / name)


def contents(server: Dovecot, mark: MailboxMark | None) -> list[tuple[bytes, MailboxMark]]:
    with open_mailbox(parse_source(server.source()), PASSWORD) as mailbox:
        found = [(each.raw, each.mark) for each in mailbox.since(mark)]
    return [(raw, mark) for raw, mark in found if mark is not None]


def test_mailbox_is_read_on_and_left_as_it_was(server: Dovecot) -> None:
    put(server, "1.one", "Subject: one\n\nfirst\n")
    put(server, "2.two", "Subject: two\n\nsecond\n")

    both = contents(server, None)
    put(server, "3.three", "Subject: three\n\nthird\n")
    rest = contents(server, both[-1][1])

    assert [b"Subject: one\r\n\r\nfirst\r\n", b"Subject: two\r\n\r\nsecond\r\n"] == [
        raw for raw, _ in both
    ]
    assert [b"Subject: three\r\n\r\nthird\r\n"] == [raw for raw, _ in rest]
    assert [] == contents(server, rest[-1][1])
    assert ["", "", ""] == [name.partition(":2,")[2] for name in server.flags()]


def test_mailbox_numbered_anew_is_read_from_the_start(server: Dovecot) -> None:
    put(server, "4.four", "Subject: four\n\n")
    [(_, mark)] = contents(server, None)

    again = contents(server, MailboxMark(validity=mark.validity + 1, uid=mark.uid + 99))

    assert len(again) == 1


def test_new_mail_is_heard_of_without_asking(server: Dovecot) -> None:
    with open_mailbox(parse_source(server.source()), PASSWORD) as mailbox:
        timer = threading.Timer(0.5, put, (server, "5.five", "Subject: five\n\n"))
        timer.start()

        assert mailbox.wait(patience(), lambda: False)
        timer.join()
        assert [b"Subject: five\r\n\r\n"] == [each.raw for each in mailbox.since(None)]


def test_waiting_ends_when_it_is_over(server: Dovecot) -> None:
    with open_mailbox(parse_source(server.source()), PASSWORD) as mailbox:
        assert not mailbox.wait(10 * patience(), lambda: True)


def test_tls_is_asked_for_where_it_does_not_begin_with_it(server: Dovecot) -> None:
    put(server, "6.six", "Subject: six\n\n")
    source = f"imap://bounces@localhost:{server.plain}/INBOX?ca={server.ca}"

    with open_mailbox(parse_source(source), PASSWORD) as mailbox:
        assert len(list(mailbox.since(None))) == 1


@pytest.mark.parametrize(
    ("source", "password", "words"),
    [
        ("imaps://bounces@localhost:{port}/INBOX?ca={ca}", "wrong", "refuses the login"),
        ("imaps://bounces@localhost:{port}/Nowhere?ca={ca}", PASSWORD, "'Nowhere' cannot be read"),
        ("imaps://bounces@localhost:{port}/INBOX", PASSWORD, "certificate"),
        ("imaps://bounces@localhost:1/INBOX", PASSWORD, "cannot be reached"),
    ],
)
def test_what_is_wrong_is_said_without_the_password(
    server: Dovecot, source: str, password: str, words: str
) -> None:
    text = source.format(port=server.port, ca=server.ca)

    with pytest.raises(MailboxError) as raised, open_mailbox(parse_source(text), password):
        pass

    assert words in str(raised.value)
    assert password not in str(raised.value)


def test_no_password_goes_out_where_there_is_no_tls() -> None:
    """A server that offers no STARTTLS is not logged in to."""
    heard: list[bytes] = []

    def serve(listener: socket.socket) -> None:
        client, _ = listener.accept()
        with client:
            client.sendall(b"* OK ready\r\n")
            while line := client.recv(4096):
                heard.append(line)
                tag = line.split()[0]
                if b"CAPABILITY" in line.upper():
                    client.sendall(b"* CAPABILITY IMAP4rev1\r\n" + tag + b" OK done\r\n")
                elif b"LOGOUT" in line.upper():
                    client.sendall(b"* BYE\r\n" + tag + b" OK bye\r\n")
                    return
                else:
                    client.sendall(tag + b" BAD what\r\n")

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve, args=(listener,))
        thread.start()
        port = listener.getsockname()[1]
        with (
            pytest.raises(MailboxError),
            open_mailbox(parse_source(f"imap://bounces@127.0.0.1:{port}/INBOX"), PASSWORD),
        ):
            pass
        thread.join(patience())

    assert b"LOGIN" not in b"".join(heard)
    assert PASSWORD.encode() not in b"".join(heard)
