"""Maildirs, mboxes and the ways to name them."""

import os
import threading
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter.books import MailboxMark
from newsletter.bounces.read import (
    MAX_OCTETS,
    Found,
    SourceKind,
    open_mailbox,
    parse_source,
)
from newsletter.errors import MailboxError
from tests.pace import patience


def maildir(folder: Path) -> Path:
    for part in ("cur", "new", "tmp"):
        (folder / part).mkdir(parents=True)
    return folder


def put(folder: Path, name: str, content: bytes, part: str = "new") -> Path:
    (folder / "tmp" / name).write_bytes(content)
    return (folder / "tmp" / name).rename(folder / part / name)


def read(path: Path, mark: MailboxMark | None = None) -> list[Found]:
    with open_mailbox(parse_source(str(path))) as mailbox:
        return list(mailbox.since(mark))


def mbox(*contents: bytes) -> bytes:
    return b"".join(
        b"From daemon Fri Nov 27 07:00:00 2026\n" + each.replace(b"\nFrom ", b"\n>From ") + b"\n"
        for each in contents
    )


def test_maildir_is_read_in_the_order_of_arrival_and_left_alone(tmp_path: Path) -> None:
    folder = maildir(tmp_path / "mail")
    put(folder, "9.first", b"one")
    put(folder, "1.second:2,S", b"two", "cur")

    found = read(folder)

    assert [b"one", b"two"] == [each.raw for each in found]
    assert ["9.first"] == [each.name for each in (folder / "new").iterdir()]
    assert ["1.second:2,S"] == [each.name for each in (folder / "cur").iterdir()]


def test_maildir_with_an_old_file_put_in_it_is_read_on(tmp_path: Path) -> None:
    """By what nobody can set back: a copy that keeps its times is new all the same."""
    folder = maildir(tmp_path / "mail")
    put(folder, "1", b"one")
    [one] = read(folder)
    assert one.mark is not None
    later = MailboxMark(validity=0, uid=one.mark.uid + 600_000_001)
    assert [] == read(folder, later)

    os.utime(put(folder, "0", b"old"), (1, 1))

    assert b"old" in [each.raw for each in read(folder, one.mark)]


def test_message_that_cannot_be_read_blocks_none(tmp_path: Path) -> None:
    folder = maildir(tmp_path / "mail")
    put(folder, "1", b"one")
    (folder / "new" / "2").symlink_to(tmp_path / "nowhere")
    (folder / "new" / "3").mkdir()
    put(folder, "4", b"four")

    assert [b"one", b"four"] == [each.raw for each in read(folder)]


def test_links_pipes_and_odd_names_block_none(tmp_path: Path) -> None:
    """A link is no delivery: where it leads to is nobody's mail to be kept and shown."""
    folder = maildir(tmp_path / "mail")
    put(folder, "1", b"one")
    secret = tmp_path / "secret"
    secret.write_bytes(b"secret")
    (folder / "new" / "2").symlink_to(secret)
    (folder / "new" / "3").symlink_to("3")
    os.mkfifo(folder / "cur" / "4")
    (folder / "new" / os.fsdecode(b"5\xff\n\x1b[1m:2,S")).write_bytes(b"five")

    found = read(folder)

    assert [b"one", b"five"] == [each.raw for each in found]
    assert ["1", "5???[1m:2,S"] == [each.place for each in found]


def test_folder_that_is_no_maildir_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MailboxError, match="no Maildir"), open_mailbox(parse_source(str(tmp_path))):
        pass


def test_mbox_is_read_on_from_its_mark(tmp_path: Path) -> None:
    path = tmp_path / "mail"
    path.write_bytes(mbox(b"Subject: one\n\nFrom here\nFrom there\n", b"Subject: two\n\n"))

    both = read(path)
    with path.open("ab") as file:
        file.write(mbox(b"Subject: three\n\n"))

    assert b"Subject: one\n\nFrom here\nFrom there\n\n" == both[0].raw
    assert [b"Subject: three\n\n\n"] == [each.raw for each in read(path, both[-1].mark)]
    assert len(read(path, both[0].mark)) == 2
    assert b"Subject: one" in path.read_bytes()


def test_mbox_begun_anew_is_read_from_the_start(tmp_path: Path) -> None:
    path = tmp_path / "mail"
    path.write_bytes(mbox(b"Subject: one\n\n", b"Subject: two\n\n"))
    mark = read(path)[-1].mark

    path.write_bytes(b"From other Sat Nov 28 07:00:00 2026\nSubject: new\n\n\n")

    assert [b"Subject: new\n\n\n"] == [each.raw for each in read(path, mark)]
    path.write_bytes(b"")
    assert [] == read(path, mark)


def test_mbox_of_another_kind_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "mail"
    path.write_bytes(b"Subject: one\n\n")

    with pytest.raises(MailboxError, match="no mbox"), open_mailbox(parse_source(f"mbox:{path}")):
        pass


@pytest.mark.parametrize(
    "begin", ["From - Fri Nov 27 07:00:00 2026", "From ada@example.org  Fri Nov  6 7:00:00 2026"]
)
def test_a_line_of_a_text_that_begins_with_from_ends_no_message(tmp_path: Path, begin: str) -> None:
    path = tmp_path / "box"
    path.write_text(f"{begin}\nSubject: a\n\nFrom all of us, on Friday.\n\n{begin}\nSubject: b\n\n")

    assert [b"Subject: a\n\nFrom all of us, on Friday.\n\n", b"Subject: b\n\n"] == [
        each.raw for each in read(path)
    ]


def test_message_without_end_is_cut(tmp_path: Path) -> None:
    path = tmp_path / "mail"
    path.write_bytes(mbox(b"x" * (MAX_OCTETS + 5_000_000), b"Subject: two\n\n"))

    first, second = read(path)

    assert len(first.raw) <= MAX_OCTETS
    assert second.raw == b"Subject: two\n\n\n"


@given(st.lists(st.binary(max_size=200).map(lambda raw: raw.replace(b"\r", b"")), max_size=5))
@settings(max_examples=50)
def test_mbox_gives_what_was_put_in(contents: list[bytes]) -> None:
    import tempfile

    whole = [b"Subject: x\n\n" + each.replace(b"\n>", b"\n ") + b"\n" for each in contents]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "mail"
        path.write_bytes(mbox(*whole))

        assert [each + b"\n" for each in whole] == [each.raw for each in read(path)]


@pytest.mark.parametrize("kind", list(SourceKind)[:2])
def test_new_mail_is_waited_for(tmp_path: Path, kind: SourceKind) -> None:
    if kind is SourceKind.MAILDIR:
        path = maildir(tmp_path / "mail")
        arrive = threading.Timer(0.2, put, (path, "1", b"one"))
    else:
        path = tmp_path / "mail"
        path.write_bytes(b"")
        arrive = threading.Timer(0.2, path.write_bytes, (mbox(b"one"),))
    with open_mailbox(parse_source(f"{kind}:{path}")) as mailbox:
        arrive.start()

        assert mailbox.wait(patience(), lambda: False)
        assert not mailbox.wait(0.1, lambda: False)
        assert not mailbox.wait(10 * patience(), lambda: True)
    arrive.join()


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("maildir:/var/mail/b", "maildir:/var/mail/b"),
        ("mbox:mail/b", "mbox:/pub/mail/b"),
        ("imaps://bounces@mx.example", "imaps://bounces@mx.example/INBOX"),
        ("imaps://b%40x.example@mx.example:1993/A%20B", "imaps://b@x.example@mx.example:1993/A B"),
        ("imap://b@[::1]/INBOX", "imap://b@[::1]/INBOX"),
    ],
)
def test_source_has_a_name(text: str, name: str) -> None:
    assert name == parse_source(text, Path("/pub")).name


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "is no mailbox"),
        ("/nowhere/at/all", "is no mailbox"),
        ("pop3://b@mx.example", "is no mailbox"),
        ("imaps://b:secret@mx.example/INBOX", "has a password in it"),
        ("imaps://mx.example/INBOX", "names no user"),
        ("imaps://b@/INBOX", "names no host"),
        ("imaps://b@mx.example/INBOX?tls=none", "'tls'"),
        ("imaps://b@mx.example:99999/INBOX", "port"),
    ],
)
def test_what_is_no_source_is_said_in_words(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words) as raised:
        parse_source(text)

    assert "secret" not in str(raised.value)
