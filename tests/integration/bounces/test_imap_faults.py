"""IMAP servers that misbehave: a message that is not given, a connection that is cut."""

import re
import socket
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest
import trustme

from newsletter.books import MailboxMark
from newsletter.bounces.read import Found, open_mailbox, parse_source
from newsletter.errors import MailboxError
from tests.pace import patience

REFUSED, CUT = b"refused", b"cut"
GREETING = b"* OK [CAPABILITY IMAP4rev1 IDLE] ready\r\n"
EXAMINED = b"* OK [UIDVALIDITY %d] valid\r\n* %d EXISTS\r\n"


class Server:
    """One that holds so many messages by UID, each with its bytes, REFUSED or CUT."""

    capabilities = b"* CAPABILITY IMAP4rev1 IDLE\r\n"
    last_words = b"* BYE going down\r\n"

    def __init__(self, messages: Mapping[int, bytes], validity: int = 7) -> None:
        self.messages, self.validity = messages, validity

    def serve(self, client: ssl.SSLSocket) -> None:
        client.sendall(GREETING)
        with client.makefile("rb") as lines:
            for line in lines:
                tag, _, command = line.strip().partition(b" ")
                if not self.answer(client, tag, command):
                    return

    def answer(self, client: ssl.SSLSocket, tag: bytes, command: bytes) -> bool:
        """False where the connection ends."""
        name, ok = command.upper(), tag + b" OK done\r\n"
        if name.startswith(b"EXAMINE"):
            ok = EXAMINED % (self.validity, len(self.messages)) + ok
        elif name.startswith(b"CAPABILITY"):
            ok = self.capabilities + ok
        elif name.startswith(b"UID SEARCH"):
            ok = b"* SEARCH " + b" ".join(b"%d" % uid for uid in self.messages) + b"\r\n" + ok
        elif asked := re.match(rb"UID FETCH (\d+)", name):
            return self.give(client, tag, int(asked[1]))
        elif name.startswith(b"IDLE"):
            client.sendall(b"+ idling\r\n" + self.last_words)
            return False
        client.sendall(ok)
        return not name.startswith(b"LOGOUT")

    def give(self, client: ssl.SSLSocket, tag: bytes, uid: int) -> bool:
        content = self.messages[uid]
        if content == REFUSED:
            client.sendall(tag + b" NO [SERVERBUG] it is damaged\r\n")
            return True
        begin = b"* 1 FETCH (UID %d BODY[]<0> {%d}\r\n" % (uid, len(content))
        if content == CUT:
            client.sendall(begin + b"c")
            return False
        client.sendall(begin + content + b")\r\n" + tag + b" OK done\r\n")
        return True


@contextmanager
def running(server: Server, folder: Path) -> Iterator[str]:
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    authority.cert_pem.write_to_path(str(folder / "ca.pem"))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(patience())

        def serve() -> None:
            client, _ = listener.accept()
            with context.wrap_socket(client, server_side=True) as safe:
                server.serve(safe)

        thread = threading.Thread(target=serve)
        thread.start()
        port = listener.getsockname()[1]
        yield f"imaps://bounces@localhost:{port}/INBOX?ca={folder}/ca.pem"
        thread.join()


def read(
    messages: Mapping[int, bytes], folder: Path, mark: MailboxMark | None = None
) -> tuple[list[Found], str]:
    found: list[Found] = []
    with running(Server(messages), folder) as source:
        try:
            with open_mailbox(parse_source(source), "secret") as mailbox:
                found.extend(mailbox.since(mark))
        except MailboxError as error:
            return found, str(error)
    return found, ""


def test_a_message_that_the_server_does_not_give_blocks_none(tmp_path: Path) -> None:
    """It has no mark of its own, so that a server that gives none for a while loses none."""
    found, fault = read({1: b"one", 2: REFUSED, 3: b"three"}, tmp_path)

    assert "" == fault
    assert [b"one", b"", b"three"] == [each.raw for each in found]
    assert [1, None, 3] == [each.mark.uid if each.mark else None for each in found]
    assert "it is damaged" in found[1].fault


def test_a_connection_that_is_cut_leaves_what_was_read(tmp_path: Path) -> None:
    found, fault = read({1: b"one", 2: CUT, 3: b"three"}, tmp_path)

    assert [b"one"] == [each.raw for each in found]
    assert "the mailbox cannot be read" in fault


def test_a_mark_of_another_numbering_is_none(tmp_path: Path) -> None:
    later = MailboxMark(validity=7, uid=2)
    found, _ = read({1: b"one", 2: b"two", 3: b"three"}, tmp_path, later)
    anew, _ = read({1: b"one", 2: b"two"}, tmp_path, MailboxMark(validity=6, uid=99))

    assert [b"three"] == [each.raw for each in found]
    assert [b"one", b"two"] == [each.raw for each in anew]


def test_a_server_that_goes_down_while_we_wait_is_a_fault(tmp_path: Path) -> None:
    with (
        running(Server({}), tmp_path) as source,
        pytest.raises(MailboxError, match="connection was lost"),
        open_mailbox(parse_source(source), "secret") as mailbox,
    ):
        mailbox.wait(60, lambda: False)


def test_a_connection_that_is_gone_while_we_wait_is_noticed_at_once(tmp_path: Path) -> None:
    server, asked = Server({}), list[int]()
    server.last_words = b""

    def is_over() -> bool:
        asked.append(1)
        return len(asked) > 50

    with (
        running(server, tmp_path) as source,
        pytest.raises(MailboxError, match="connection was lost"),
        open_mailbox(parse_source(source), "secret") as mailbox,
    ):
        mailbox.wait(60, is_over)

    assert 10 > len(asked), "it is not asked in a circle"


def test_an_answer_over_which_the_library_stumbles_is_a_fault_of_the_mailbox(
    tmp_path: Path,
) -> None:
    server = Server({1: b"one"})
    server.capabilities = b""
    with (
        running(server, tmp_path) as source,
        pytest.raises(MailboxError),
        open_mailbox(parse_source(source), "secret") as mailbox,
    ):
        list(mailbox.since(None))
