import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.errors import MessageError
from newsletter.transports import Envelope
from newsletter.transports.admission import MAX_LINE, admit

HEAD = b"Subject: x\r\n\r\n"


def envelope(recipient: str = "ada@example.com", reverse_path: str = "b@example.com") -> Envelope:
    return Envelope(reverse_path=reverse_path, recipient=recipient)


@pytest.mark.parametrize(
    ("recipient", "reverse_path"),
    [
        ("ada@example.com", ""),
        ("o'neill+news@example.com", "bounce+1.2@example.com"),
        ("zoë@example.com", "b@example.com"),
        ('"ada"@example.com', "b@example.com"),
        ("a" * 242 + "@example.com", "b@example.com"),
    ],
)
def test_admit_lets_a_sound_envelope_pass(recipient: str, reverse_path: str) -> None:
    admit(envelope(recipient, reverse_path), HEAD)


def test_admit_names_the_recipient_and_the_fault() -> None:
    with pytest.raises(MessageError) as caught:
        admit(envelope(), b"Subject: x\n\n")

    assert "ada@example.com" == caught.value.where
    assert "a bare CR or LF" in caught.value.what


def test_admit_shows_a_hostile_address_in_ascii_on_one_line() -> None:
    with pytest.raises(MessageError) as caught:
        admit(envelope("ada@example.com\r\nDATA\u202e"), HEAD)

    assert str(caught.value).isascii()
    assert "\n" not in str(caught.value)


def test_admit_lets_a_line_of_998_octets_pass_and_no_longer_one() -> None:
    for before in (b"", b"y\r\n", b"y" * 998 + b"\r\n"):
        admit(envelope(), HEAD + before + b"x" * MAX_LINE + b"\r\n")
        with pytest.raises(MessageError, match="longer than 998"):
            admit(envelope(), HEAD + before + b"x" * (MAX_LINE + 1) + b"\r\n")


def test_admit_lets_octets_above_127_pass_only_where_an_address_has_some() -> None:
    content = "To: zoë@example.com\r\n\r\n".encode()

    admit(envelope("zoë@example.com"), content)
    with pytest.raises(MessageError, match="above 127"):
        admit(envelope(), content)


def is_canonical(content: bytes) -> bool:
    """The rule said plainly: lines end in CRLF and hold at most 998 octets, none a CR, LF, NUL."""
    *lines, rest = content.split(b"\r\n")
    forbidden = (b"\r", b"\n", b"\0")
    return (
        not rest
        and all(
            len(line) <= MAX_LINE and line.isascii() and not any(mark in line for mark in forbidden)
            for line in lines
        )
        and bool(lines)
    )


PIECES = st.sampled_from(
    [
        b"\r\n",
        b"\r",
        b"\n",
        b"\0",
        b".",
        b"a",
        b"\xe9",
        b"x" * 500,
        b"x" * 998,
        b"x" * 999,
        b"\r\n\r\n",
    ]
)


@given(st.lists(PIECES, max_size=12).map(b"".join))
def test_admit_agrees_with_the_rule_said_plainly(content: bytes) -> None:
    try:
        admit(envelope(), content)
    except MessageError:
        assert not is_canonical(content)
    else:
        assert is_canonical(content)


@given(st.text(st.characters(exclude_categories=[])))
def test_admit_lets_no_address_pass_that_could_end_a_command(address: str) -> None:
    try:
        admit(envelope(address), HEAD)
    except MessageError as error:
        shown = str(error)
    else:
        shown = address

    assert not set(shown) & set("\r\n\0")
    if shown == address:
        assert not set(address) & set("<> \t")
        assert len(f"<{address}>".encode()) <= 256
