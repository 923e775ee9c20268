import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.errors import MessageError
from newsletter.transports import Envelope
from newsletter.transports.admission import admit
from newsletter.transports.smtp_command import stuffed
from newsletter.transports.smtp_content import MAX_CHANGING, Contents

ADA = Envelope(reverse_path="b@example.com", recipient="ada@example.com")
ZOE = Envelope(reverse_path="b@example.com", recipient="zoë@example.com")
BODY = b".first\r\n" + b"the same for all\r\n" * 300 + b"..\r\n"


def letter(name: bytes, more: bytes = b"") -> bytes:
    return b"To: " + name + b"\r\n\r\n" + BODY + b"Dear " + name + b",\r\n" + more + b".\r\nbye\r\n"


LINES = st.sampled_from(
    [b"a", b"b", b".", b".a", b"", b"x" * 998, b"x" * 999, b"\xc3\xab", b"\0", b"a\rb", b"a\nb"]
)
CONTENTS = st.lists(LINES, min_size=1, max_size=5).map(b"\r\n".join)
ENDS = st.sampled_from([b"\r\n", b"\r\n", b"\r\n", b"", b"\n", b"\r", b"\r\n."])


@given(st.lists(st.tuples(st.sampled_from([ADA, ZOE]), CONTENTS, ENDS), max_size=12))
def test_admitted_is_what_a_look_at_each_content_by_itself_would_say(
    letters: list[tuple[Envelope, bytes, bytes]],
) -> None:
    contents = Contents()
    for envelope, start, end in letters:
        content = start + end
        try:
            admit(envelope, content)
        except MessageError:
            with pytest.raises(MessageError):
                contents.admitted(envelope, content)
            continue

        assert stuffed(content) == contents.admitted(envelope, content)


@pytest.mark.parametrize(
    "name",
    [
        b"Ada\rBcc: all",
        b"Ada\nBcc: all",
        b"Ada\0",
        b"x" * 999,
        b"Zo\xc3\xab",
        b"Ada\r\n.\r\nDATA\n",
    ],
)
def test_admitted_lets_no_damage_pass_in_a_line_that_is_known_to_change(name: bytes) -> None:
    contents = Contents()
    for sound in (b"Ada", b"Bob", b"Eve"):
        contents.admitted(ADA, letter(sound))

    with pytest.raises(MessageError):
        contents.admitted(ADA, letter(name))


def test_admitted_doubles_a_dot_in_a_line_that_is_known_to_change() -> None:
    contents = Contents()
    for sound in (b"Ada", b"Bob", b"Eve"):
        contents.admitted(ADA, letter(sound, more=sound + b"\r\n"))

    assert b"\r\n..Ada\r\n" in contents.admitted(ADA, letter(b"Ada", more=b".Ada\r\n"))


def test_admitted_looks_at_whole_contents_only_until_it_knows_what_changes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    looked_at = []

    def counted(envelope: Envelope, content: bytes) -> None:
        looked_at.append(content)
        admit(envelope, content)

    monkeypatch.setattr("newsletter.transports.smtp_content.admit", counted)
    contents = Contents()
    for number in range(50):
        contents.admitted(ADA, letter(b"Reader %d" % number))

    assert 2 == len(looked_at)


def test_admitted_starts_afresh_when_contents_have_nothing_in_common() -> None:
    contents = Contents()
    for number in range(4):
        content = b"".join(b"%d %d\r\n" % (number, line) for line in range(MAX_CHANGING + 1))

        assert content == contents.admitted(ADA, content)
