import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.transports.smtp_reply import MAX_REPLY_LINES, MAX_TEXT, WireReply, take_reply


def reply_of(data: bytes) -> WireReply:
    reply = take_reply(bytearray(data))
    assert reply is not None
    return reply


@pytest.mark.parametrize(
    ("data", "code", "enhanced_code", "text"),
    [
        (b"250 2.0.0 taken\r\n", 250, "2.0.0", "taken"),
        (b"250 taken\r\n", 250, "", "taken"),
        (b"250\r\n", 250, "", ""),
        (b"250 \r\n", 250, "", ""),
        (b"250 bare line feed\n", 250, "", "bare line feed"),
        (b"550-5.1.1 The user\r\n550 5.1.1 is not here\r\n", 550, "5.1.1", "The user is not here"),
        (b"550 5.1.1\r\n", 550, "5.1.1", ""),
        (b"550 4.1.1 odd\r\n", 550, "", "odd"),
        (b"550 5.1.1234 odd\r\n", 550, "", "5.1.1234 odd"),
        (b"550 5.1.1x odd\r\n", 550, "", "5.1.1x odd"),
        (b"550 nul \x00 and \x1b[31m red\r\n", 550, "", "nul and [31m red"),
        ("550 gibt’s nicht\r\n".encode(), 550, "", "gibt’s nicht"),
        (b"550 bad \xff octet\r\n", 550, "", "bad octet"),
    ],
)
def test_take_reply_reads_code_enhanced_code_and_text(
    data: bytes, code: int, enhanced_code: str, text: str
) -> None:
    reply = reply_of(data)

    assert (code, enhanced_code, text) == (reply.code, reply.enhanced_code, reply.text)


@pytest.mark.parametrize(
    "data", [b"", b"2", b"250", b"250 o", b"250 ok\r", b"250-a\r\n", b"250-a\r\n250"]
)
def test_take_reply_waits_for_the_whole(data: bytes) -> None:
    buffer = bytearray(data)

    assert take_reply(buffer) is None
    assert data == buffer


@pytest.mark.parametrize(
    "data",
    [
        b"\r\n",
        b"25\r\n",
        b"2500 ok\r\n",
        b"abc ok\r\n",
        b"150 ok\r\n",
        b"600 ok\r\n",
        b"250_ok\r\n",
        b" 250 ok\r\n",
        b"250-a\r\n251 b\r\n",
        b"250-a\r\nb\r\n",
        "٢٥٠ ok\r\n".encode(),
        b"250 a\rb\r\n",
    ],
)
def test_take_reply_refuses_what_is_no_reply(data: bytes) -> None:
    with pytest.raises(ValueError, match="repl"):
        take_reply(bytearray(data))


def test_take_reply_refuses_a_reply_without_end() -> None:
    with pytest.raises(ValueError, match="more than 128 lines"):
        take_reply(bytearray(b"250-a\r\n" * MAX_REPLY_LINES))
    with pytest.raises(ValueError, match="octets"):
        take_reply(bytearray(b"250 " + b"x" * 66_000))


def test_take_reply_leaves_what_follows() -> None:
    buffer = bytearray(b"250 one\r\n550 two\r\n")

    assert "one" == getattr(take_reply(buffer), "text", None)
    assert b"550 two\r\n" == buffer


def test_wire_reply_keeps_no_more_text_than_a_journal_wants() -> None:
    assert MAX_TEXT == len(reply_of(b"550 " + b"x" * 5000 + b"\r\n").text)


@given(st.binary(max_size=200), st.integers(0, 200))
def test_take_reply_does_not_care_how_octets_arrive(data: bytes, cut: int) -> None:
    """Octets in one piece or in two give the same reply, or the same refusal."""

    def outcome(pieces: list[bytes]) -> object:
        buffer = bytearray()
        for piece in pieces:
            buffer += piece
            try:
                reply = take_reply(buffer)
            except ValueError:
                return "refused"
            if reply is not None:
                return reply
        return None

    assert outcome([data]) == outcome([data[:cut], data[cut:]])


@given(
    st.lists(st.text(max_size=40), min_size=1, max_size=5), st.sampled_from([250, 354, 421, 550])
)
def test_wire_reply_text_is_on_one_line(texts: list[str], code: int) -> None:
    text = WireReply(code=code, lines=tuple(texts)).text

    assert [text] == (text.splitlines() or [""])
