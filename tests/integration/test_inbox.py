"""The local inbox, spoken to by our own transport and by the standard library."""

import asyncio
import smtplib
import socket
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path

import pytest

from newsletter.clock import now
from newsletter.errors import MissingExtraError, TransportError
from newsletter.inbox import open_inbox
from newsletter.transports import Envelope, Reply, open_transport
from tests.pace import patience

CONTENT = b"Subject: News\r\n\r\n.\r\n..dots\r\nno end is lost\r\n"


async def nothing() -> None:
    return None


def deliver(url: str, *recipients: str, content: bytes = CONTENT) -> list[Reply]:
    async def scenario() -> list[Reply]:
        async with open_transport(url, clock=now) as transport:
            session = await transport.open()
            return [
                await session.deliver(
                    Envelope(reverse_path="b@example.com", recipient=recipient),
                    content,
                    before_content=nothing,
                )
                for recipient in recipients
            ]

    return asyncio.run(scenario())


def test_inbox_keeps_every_message_octet_for_octet(tmp_path: Path) -> None:
    with open_inbox(tmp_path / "inbox") as inbox:
        assert f"smtp://127.0.0.1:{inbox.port}?tls=none" == inbox.url
        replies = deliver(inbox.url, "ada@example.com", "bob@example.com")

        assert 2 == inbox.count

    assert [250, 250] == [reply.code for reply in replies]
    assert [
        "ada@example.com.eml",
        "bob@example.com.eml",
    ] == sorted(path.name for path in (tmp_path / "inbox").iterdir())
    assert {CONTENT} == {path.read_bytes() for path in (tmp_path / "inbox").iterdir()}


def test_inbox_keeps_what_was_there_before(tmp_path: Path) -> None:
    for number in range(2):
        with open_inbox(tmp_path) as inbox:
            deliver(inbox.url, "ada@example.com", content=CONTENT + b"%d\r\n" % number)

    assert CONTENT + b"0\r\n" == (tmp_path / "ada@example.com.eml").read_bytes()
    assert CONTENT + b"1\r\n" == (tmp_path / "ada@example.com.2.eml").read_bytes()


@pytest.mark.parametrize(
    "recipient",
    [
        "../../x@example.com",
        "/etc/x@example.com",
        ".x@example.com",
        "zoë@example.com",
        "-x@example.com",
    ],
)
def test_inbox_makes_a_plain_file_name_of_any_recipient(tmp_path: Path, recipient: str) -> None:
    with open_inbox(tmp_path / "in") as inbox:
        deliver(inbox.url, recipient)

    [path] = (tmp_path / "in").iterdir()
    assert path.is_file()
    assert not path.name.startswith((".", "-"))
    assert [tmp_path / "in"] == list(tmp_path.iterdir())


def test_inbox_counts_without_a_folder() -> None:
    with open_inbox(None) as inbox:
        deliver(inbox.url, "ada@example.com", "ada@example.com")

        assert 2 == inbox.count


def test_inbox_takes_several_clients_at_once() -> None:
    with open_inbox(None) as inbox:

        def send() -> None:
            with smtplib.SMTP("127.0.0.1", inbox.port) as client:
                for _ in range(5):
                    client.sendmail("b@example.com", ["ada@example.com"], CONTENT)

        threads = [threading.Thread(target=send) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert 20 == inbox.count


def test_inbox_says_so_when_it_cannot_keep_a_message(tmp_path: Path) -> None:
    folder = tmp_path / "inbox"
    with open_inbox(folder) as inbox:
        folder.rmdir()
        [reply] = deliver(inbox.url, "ada@example.com")

        assert 0 == inbox.count

    assert (452, "4.3.1") == (reply.code, reply.enhanced_code)
    assert "No such file" in reply.text


def test_inbox_closes_while_somebody_is_connected() -> None:
    with open_inbox(None) as inbox:
        client = socket.create_connection(("127.0.0.1", inbox.port))
        client.settimeout(patience())
        assert client.recv(1000).startswith(b"220")
    with client, suppress(ConnectionResetError):  # as good a farewell as an orderly one
        assert b"" == client.recv(1000)
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", inbox.port))


def test_inbox_ends_also_when_its_block_raises() -> None:
    with pytest.raises(ZeroDivisionError), open_inbox(None) as inbox:
        raise ZeroDivisionError
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", inbox.port))


def test_inbox_listens_on_the_port_that_was_asked_for() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with (
            pytest.raises(TransportError, match=f"127.0.0.1:{port}.*choose another port"),
            open_inbox(None, port=port),
        ):
            pass
    with open_inbox(None, port=port) as inbox:
        assert port == inbox.port


def test_inbox_says_so_when_its_folder_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")

    with pytest.raises(TransportError, match="Not a directory"), open_inbox(tmp_path / "file/in"):
        pass


def test_inbox_names_its_extra_when_that_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    """None in `sys.modules` is how Python says that there is no such module."""
    monkeypatch.setitem(sys.modules, "aiosmtpd.smtp", None)

    with pytest.raises(MissingExtraError, match="extra “inbox”"), open_inbox(None):
        pass


def test_inbox_module_is_imported_without_aiosmtpd() -> None:
    code = "import sys, newsletter.inbox; print('aiosmtpd' in sys.modules)"

    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert "False" == found.stdout.strip()


def test_inbox_keeps_messages_for_the_owner_alone_and_through_no_link(tmp_path: Path) -> None:
    victim, folder = tmp_path / "victim", tmp_path / "inbox"
    with open_inbox(folder) as inbox:
        (folder / "ada@example.com.eml").symlink_to(victim)
        deliver(inbox.url, "ada@example.com")

    kept = folder / "ada@example.com.2.eml"
    assert CONTENT == kept.read_bytes()
    assert not victim.exists()
    assert (0o700, 0o600) == (folder.stat().st_mode & 0o777, kept.stat().st_mode & 0o777)
