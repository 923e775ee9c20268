"""Pictures in the message: as Python's email package reads them, signed, and scanned."""

import email.policy
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path

import dkim  # type: ignore[import-untyped]
import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.errors import MessageError
from newsletter.message import (
    Algorithm,
    Composer,
    Reader,
    RelatedPicture,
    RenderedIssue,
    Sender,
    Signer,
    new_key,
    read_key,
    scan_message,
)
from newsletter.message.composer import MAX_MESSAGE
from newsletter.message.related import file_name
from tests.pictures import moving_gif, photo, saved

DOMAIN = "news.example.com"


def picture(at: int, octets: bytes, media_type: str, name: str = "tram.jpg") -> RelatedPicture:
    return RelatedPicture(
        content_id=f"{at:032x}@{DOMAIN}", name=name, media_type=media_type, octets=octets
    )


PICTURES = (
    picture(1, saved(photo(60, 40), "JPEG"), "image/jpeg", 'a "tram"\r\nBcc: x@y.example.JPEG'),
    picture(2, saved(photo(6, 4), "PNG"), "image/png", "../Zürich 1.png"),
    picture(3, moving_gif(), "image/gif", "电车.gif"),
)


@pytest.fixture(scope="session")
def illustrated(rendered: RenderedIssue) -> RenderedIssue:
    shown = "".join(f'<img src="cid:{one.content_id}" alt="A tram">\n' for one in PICTURES)
    return replace(rendered, html=rendered.html + shown, pictures=PICTURES)


def parsed(content: bytes) -> EmailMessage:
    message = email.message_from_bytes(content, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    return message


def test_message_has_the_text_then_the_html_with_its_pictures(
    illustrated: RenderedIssue, sender: Sender, reader: Reader
) -> None:
    message = parsed(Composer(illustrated, sender).compose(reader))
    related = message.get_body(("related",))
    assert isinstance(related, EmailMessage)
    html, *pictures = related.iter_parts()

    assert [
        "multipart/alternative",
        "text/plain",
        "multipart/related",
        "text/html",
        "image/jpeg",
        "image/png",
        "image/gif",
    ] == [part.get_content_type() for part in message.walk()]
    assert [] == [defect for part in message.walk() for defect in part.defects]
    assert "text/html" == related.get_param("type")
    assert "Hello Ada" in html.get_content()
    assert [one.octets for one in PICTURES] == [part.get_content() for part in pictures]
    assert [f"<{one.content_id}>" for one in PICTURES] == [part["Content-ID"] for part in pictures]
    assert {"inline"} == {part.get_content_disposition() for part in pictures}
    assert ["a-tram-Bcc-x-y-example.jpg", "Zurich-1.png", "picture.gif"] == [
        part.get_filename() for part in pictures
    ]
    assert re.findall(r'cid:([^"]+)', html.get_content()) == [one.content_id for one in PICTURES]


def test_size_counts_the_pictures(
    illustrated: RenderedIssue, rendered: RenderedIssue, sender: Sender, reader: Reader
) -> None:
    with_pictures, without = Composer(illustrated, sender), Composer(rendered, sender)
    same = replace(illustrated, pictures=())
    message = with_pictures.compose(reader)
    alone = Composer(same, sender)

    assert 0 == without.part_sizes.pictures
    assert with_pictures.size == alone.size + with_pictures.part_sizes.pictures
    assert len(message) == len(alone.compose(reader)) + with_pictures.part_sizes.pictures
    assert with_pictures.part_sizes.pictures > sum(len(one.octets) for one in PICTURES) * 4 / 3


def test_message_is_the_same_each_time_and_seven_bit(
    illustrated: RenderedIssue, sender: Sender, reader: Reader
) -> None:
    first, second = (Composer(illustrated, sender).compose(reader) for _ in range(2))

    assert first == second
    assert first.isascii()
    assert max(map(len, first.split(b"\r\n"))) <= 78
    assert b"\n" not in first.replace(b"\r\n", b"")


def test_dkimpy_verifies_a_message_with_pictures(
    illustrated: RenderedIssue, sender: Sender, reader: Reader, tmp_path: Path
) -> None:
    path = tmp_path / "r1.pem"
    path.touch(0o600)
    path.write_bytes(new_key(Algorithm.RSA))
    key = read_key(path, selector="r1", algorithm=Algorithm.RSA)
    content = Composer(illustrated, sender, signer=Signer(DOMAIN, [key])).compose(reader)
    changed = content.replace(b'filename="Zurich', b'filename="Zugrich', 1)

    def look_up(name: bytes, timeout: int = 5) -> bytes:
        return key.record.encode()

    assert dkim.verify(content, dnsfunc=look_up)
    assert not dkim.verify(changed, dnsfunc=look_up)


EVIL = "x>\r\nBcc: evil@example.com"


@pytest.mark.parametrize(
    "odd", [replace(PICTURES[0], content_id=EVIL), replace(PICTURES[0], media_type=EVIL)]
)
def test_picture_that_no_header_may_hold_is_refused(
    odd: RelatedPicture, illustrated: RenderedIssue, sender: Sender
) -> None:
    issue = replace(illustrated, pictures=(odd, *PICTURES[1:]))

    with pytest.raises(MessageError, match="cannot go in a message"):
        Composer(issue, sender)


def test_message_that_few_servers_would_take_is_refused(
    rendered: RenderedIssue, sender: Sender
) -> None:
    large = picture(1, b"\xff\xd8\xff" + bytes(MAX_MESSAGE * 3 // 4), "image/jpeg")
    html = f'{rendered.html}<img src="cid:{large.content_id}" alt="A tram">'

    with pytest.raises(MessageError, match=r"the message has 10\.\d MB"):
        Composer(replace(rendered, html=html, pictures=(large,)), sender)


@given(st.text(max_size=120))
def test_file_name_is_one_name_of_plain_letters(name: str) -> None:
    made = file_name(picture(1, b"", "image/png", name))

    assert re.fullmatch(r"[A-Za-z0-9_-]{1,60}\.png", made)


REFUSED = [
    (b'type="text/html"', b'type="text/xxxx"', "the head of the related part is odd"),
    (b"Content-ID: <", b"Content-XX: <", "the head of a picture is odd"),
    (b"Content-Type: image/png", b"Content-Type: image/svg", "the head of a picture is odd"),
    (b"Content-Type: image/png", b"Content-Type: image/gif", "is not image/gif in base64"),
    (b'filename="Zurich-1', b'filename="../rich-1', "the head of a picture is odd"),
    (b"Disposition: inline", b"Disposition: attach", "the head of a picture is odd"),
    (b"base64\r\nContent-ID", b"binary\r\nContent-ID", "the head of a picture is odd"),
    (f"<{2:032x}".encode(), f"<{1:032x}".encode(), "are not those that its HTML shows"),
    (f"<{2:032x}".encode(), f"<{9:032x}".encode(), "are not those that its HTML shows"),
    (b"\r\nR0lGOD", b"\r\n!0lGOD", "is not image/gif in base64"),
    (b"\r\nR0lGOD", b"\r\nAAAAAA", "is not image/gif in base64"),
    (b"\r\nR0lGOD", b"\r\nR0lGOD=", "is not image/gif in base64"),
]


@pytest.mark.parametrize(("old", "new", "why"), REFUSED)
def test_scanner_refuses_pictures_that_are_not_right(
    old: bytes,
    new: bytes,
    why: str,
    illustrated: RenderedIssue,
    sender: Sender,
    reader: Reader,
) -> None:
    good = Composer(illustrated, sender).compose(reader)
    scan_message(good, recipient=reader.address)
    assert old in good

    with pytest.raises(MessageError, match=re.escape(why)):
        scan_message(good.replace(old, new, 1), recipient=reader.address)


def without_end(content: bytes, inner: bytes) -> bytes:
    return content.replace(b"\r\n--" + inner + b"--", b"", 1)


def with_preamble(content: bytes, inner: bytes) -> bytes:
    return content.replace(b"\r\n--" + inner + b"\r\n", b"\r\nHello\r\n--" + inner + b"\r\n", 1)


def with_epilogue(content: bytes, inner: bytes) -> bytes:
    return content.replace(b"--" + inner + b"--", b"--" + inner + b"--\r\nHello", 1)


def without_pictures(content: bytes, inner: bytes) -> bytes:
    head, html, *_ = content.split(b"--" + inner)
    return head + b"--" + inner + html + b"--" + inner + content.rpartition(b"--" + inner)[2]


@pytest.mark.parametrize("damage", [without_end, with_preamble, with_epilogue, without_pictures])
def test_scanner_refuses_a_related_part_that_is_not_whole(
    damage: Callable[[bytes, bytes], bytes],
    illustrated: RenderedIssue,
    sender: Sender,
    reader: Reader,
) -> None:
    good = Composer(illustrated, sender).compose(reader)
    inner = re.findall(rb'boundary="(=_r[0-9a-f]+)"', good)[0]

    with pytest.raises(MessageError, match=r"related part|no part of text/html"):
        scan_message(damage(good, inner), recipient=reader.address)


@given(at=st.integers(0, 10_000), new=st.binary(min_size=1, max_size=4))
def test_scanner_reads_any_damage_without_a_fault_of_its_own(
    at: int, new: bytes, illustrated: RenderedIssue, sender: Sender, reader: Reader
) -> None:
    good = Composer(illustrated, sender).compose(reader)
    start = good.index(b"Content-Type: multipart/related") + at % (len(good) // 2)
    damaged = good[:start] + new + good[start + len(new) :]

    with suppress(MessageError):
        scan_message(damaged, recipient=reader.address)
