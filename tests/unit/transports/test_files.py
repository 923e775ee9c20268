"""The transports that write to disk, and the one that writes to a screen."""

import asyncio
import io
import mailbox
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.clock import now
from newsletter.errors import RelayFault
from newsletter.transports import Envelope, Reply, Stage, open_transport
from newsletter.transports.directory import eml_name
from tests.full_disk import full_disk_after

ADA = Envelope(reverse_path="bounce@example.com", recipient="ada@example.com")
CONTENT = b"Subject: News\r\n\r\n.Hello\r\n..\r\n"


async def nothing() -> None:
    return None


def deliver(
    url: str, *contents: bytes, envelope: Envelope = ADA, stdout: TextIO | None = None
) -> list[Reply]:
    async def scenario() -> list[Reply]:
        clock = lambda: datetime(2021, 11, 26, 7, tzinfo=UTC)  # noqa: E731
        async with open_transport(url, clock=clock, stdout=stdout) as transport:
            session = await transport.open()
            replies = [
                await session.deliver(envelope, content, before_content=nothing)
                for content in contents
            ]
            await session.close()
            return replies

    return asyncio.run(scenario())


def test_directory_writes_the_content_octet_for_octet(tmp_path: Path) -> None:
    [reply] = deliver(f"directory:{tmp_path}/outbox/", CONTENT)

    [path] = (tmp_path / "outbox").iterdir()
    assert CONTENT == path.read_bytes()
    assert path.name.startswith("ada@example.com-")
    assert ".eml" == path.suffix
    assert (250, "2.0.0", f"written to {path}", Stage.FINAL_DOT) == (
        reply.code,
        reply.enhanced_code,
        reply.text,
        reply.stage,
    )


def test_directory_keeps_every_message_also_the_same_one_twice(tmp_path: Path) -> None:
    """A message that was sent twice must be seen to have been."""
    deliver(f"directory:{tmp_path}", CONTENT, CONTENT, CONTENT + b"more\r\n")

    assert [
        CONTENT,
        CONTENT,
        CONTENT + b"more\r\n",
    ] == sorted(path.read_bytes() for path in tmp_path.glob("*.eml"))


@pytest.mark.parametrize(
    "recipient",
    [
        "../../etc/passwd@example.com",
        "/etc/passwd@example.com",
        ".hidden@example.com",
        "-rf@example.com",
        "a\\b:c|d*e?f@example.com",
        "zoë@example.com",
        "x" * 240 + "@example.com",
        "~root@example.com",
        "%2e%2e%2f@example.com",
        "con@example.com",
    ],
)
def test_directory_makes_a_plain_file_name_of_any_recipient(tmp_path: Path, recipient: str) -> None:
    folder = tmp_path / "outbox"

    deliver(
        f"directory:{folder}",
        CONTENT,
        envelope=Envelope(reverse_path="b@example.com", recipient=recipient),
    )

    [path] = folder.iterdir()
    assert path.is_file()
    assert not path.name.startswith((".", "-"))
    assert [folder] == list(tmp_path.iterdir())


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_eml_name_is_always_a_plain_file_name(recipient: str) -> None:
    name = eml_name(recipient, b"")

    assert Path(name).name == name
    assert name.isascii()
    assert len(name) <= 120
    assert not set(name) & set('/\\:*?"<>| \0')


def test_eml_name_differs_where_the_safe_form_does_not() -> None:
    assert eml_name("a/b@example.com", b"") != eml_name("a:b@example.com", b"")


@pytest.mark.parametrize("scheme", ["directory", "maildir"])
def test_a_full_disk_is_our_fault_and_leaves_no_half_message(tmp_path: Path, scheme: str) -> None:
    with full_disk_after(1000), pytest.raises(RelayFault) as caught:
        deliver(f"{scheme}:{tmp_path}/box", CONTENT + b"x" * 70 + b"\r\n" + b"y\r\n" * 1000)

    assert "cannot be written to: File too large" == caught.value.what
    assert str(tmp_path) in caught.value.where
    assert "make room" in caught.value.next_step
    assert [] == [path for path in tmp_path.rglob("*") if path.is_file()]


@pytest.mark.parametrize("scheme", ["directory", "maildir"])
def test_a_folder_that_cannot_be_made_is_our_fault(tmp_path: Path, scheme: str) -> None:
    (tmp_path / "file").write_text("in the way")

    with pytest.raises(RelayFault, match="Not a directory"):
        deliver(f"{scheme}:{tmp_path}/file/outbox", CONTENT)


def test_a_folder_that_was_taken_away_is_our_fault(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with open_transport(f"directory:{tmp_path}/outbox", clock=now) as transport:
            session = await transport.open()
            (tmp_path / "outbox").rmdir()
            await session.deliver(ADA, CONTENT, before_content=nothing)

    with pytest.raises(RelayFault, match="No such file"):
        asyncio.run(scenario())


def test_maildir_is_one_that_a_mail_reader_understands(tmp_path: Path) -> None:
    deliver(f"maildir:{tmp_path}/box", CONTENT, CONTENT)

    box = mailbox.Maildir(tmp_path / "box", create=False)
    messages = [box.get_message(key) for key in box.keys()]  # noqa: SIM118 - no mapping, a mailbox

    assert 2 == len(messages)
    for message in messages:
        assert ("<bounce@example.com>", "ada@example.com", "News", "new") == (
            message["Return-Path"],
            message["Delivered-To"],
            message["Subject"],
            message.get_subdir(),
        )
        assert ".Hello\n..\n" == message.get_payload()


def test_maildir_puts_the_envelope_on_top_and_ends_lines_in_lf(tmp_path: Path) -> None:
    deliver(f"maildir:{tmp_path}", CONTENT)

    [path] = (tmp_path / "new").iterdir()
    trace = b"Return-Path: <bounce@example.com>\nDelivered-To: ada@example.com\n"
    assert trace + b"Subject: News\n\n.Hello\n..\n" == path.read_bytes()


def test_maildir_names_begin_with_the_moment_and_never_come_twice(tmp_path: Path) -> None:
    """The clock here stands still."""
    deliver(f"maildir:{tmp_path}", *[CONTENT] * 5)

    names = [path.name for path in (tmp_path / "new").iterdir()]

    assert 5 == len(set(names))
    assert all(name.startswith("1637910000.M000000P") for name in names)
    assert [] == list((tmp_path / "tmp").iterdir())


def test_console_shows_envelope_subject_and_text_part() -> None:
    content = (
        b"Subject: =?utf-8?q?N=C3=A4chste_Woche?=\r\nMIME-Version: 1.0\r\n"
        b"Content-Type: multipart/alternative; boundary=b\r\n\r\n"
        b"--b\r\nContent-Type: text/plain; charset=utf-8\r\n"
        b"Content-Transfer-Encoding: quoted-printable\r\n\r\nGr=C3=BC=C3=9Fe\r\n"
        b"--b\r\nContent-Type: text/html\r\n\r\n<p>HTML\r\n--b--\r\n"
    )
    stream = io.StringIO()

    deliver("console:", content, stdout=stream)

    expected = (
        "MAIL FROM  <bounce@example.com>\n"
        "RCPT TO    <ada@example.com>\n"
        "Subject    Nächste Woche\n"
        "\n"
        "Grüße\n" + "-" * 72 + "\n"
    )
    assert expected == stream.getvalue()


@pytest.mark.parametrize(
    ("part", "shown"),
    [
        (b"Content-Type: text/html\r\n\r\n<p>Hello\r\n", "(no text part)"),
        (b"Content-Type: text/plain; charset=x-unheard\r\n\r\nHello\r\n", "Hello"),
        (b"Content-Type: text/plain\r\n\r\nred \x1b[31mink\x07\r\n", "red \ufffd[31mink\ufffd"),
    ],
)
def test_console_shows_odd_messages_without_harm(part: bytes, shown: str) -> None:
    stream = io.StringIO()

    deliver("console:", b"Subject: x\r\n" + part, stdout=stream)

    assert shown == stream.getvalue().split("\n\n")[1].split("\n")[0]


def test_console_that_cannot_be_written_to_is_our_fault() -> None:
    with (
        io.TextIOWrapper(Path("/dev/full").open("wb", buffering=0), write_through=True) as stream,
        pytest.raises(RelayFault, match="No space left"),
    ):
        deliver("console:", CONTENT, stdout=stream)
