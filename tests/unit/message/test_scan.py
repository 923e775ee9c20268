import pytest

from newsletter.addresses import AddrSpec
from newsletter.errors import MessageError
from newsletter.message import scan_message
from newsletter.message.scan import MAX_LINE, scan_field, scan_letter, scan_value

ADA = AddrSpec("ada", "example.org")
CTE = "Content-Transfer-Encoding: quoted-printable\r\n"
GOOD = """\
From: Friday Five <editor@news.example.com>
To: "Lovelace, Ada" <ada@example.org>
Subject: =?utf-8?q?Caf=C3=A9?= =?utf-8?b?IQ==?=
Date: Fri, 26 Nov 2021 07:00:00 +0000
Message-ID: <9f86d081@news.example.com>
List-Id: Friday Five <friday-five.news.example.com>
List-Unsubscribe: <https://news.example.com/u/t>,
 <mailto:leave@news.example.com?subject=unsubscribe%20t>
List-Unsubscribe-Post: List-Unsubscribe=One-Click
MIME-Version: 1.0
Content-Type: multipart/alternative; boundary="=_b"

--=_b
Content-Type: text/plain; charset=utf-8; format=flowed; delsp=no
Content-Transfer-Encoding: quoted-printable

Hello
--=_b
Content-Type: text/html; charset=utf-8
Content-Transfer-Encoding: quoted-printable

<p>Hello
--=_b--
""".replace("\n", "\r\n")


def test_scan_message_passes_a_message_that_is_right() -> None:
    scan_message(GOOD.encode(), recipient=ADA)


def test_max_line_is_that_of_rfc_5322() -> None:
    assert 998 == MAX_LINE


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        pytest.param("Hello\r\n", "Hello\n", "bare CR, bare LF or NUL", id="C02-bare-lf"),
        pytest.param("Hello\r\n", "Hel\rlo\r\n", "bare CR, bare LF or NUL", id="C02-bare-cr"),
        pytest.param("Hello", "Hel\0lo", "bare CR, bare LF or NUL", id="C02-nul"),
        pytest.param("Hello", "x" * 999, "a line of 999 octets", id="C02-long-line"),
        pytest.param("Hello", "Hallå", "the body is not seven-bit", id="C02-eight-bit-body"),
        pytest.param("Friday Five", "Fünf", "not seven-bit", id="C02-eight-bit-header"),
        pytest.param("--=_b--\r\n", "--=_b--", "last line has no end", id="no-last-end"),
        pytest.param("\r\n\r\n", "\r\n", "no empty line", id="no-body"),
        pytest.param("To: ", "Bcc: x@y.example\r\nTo: ", "bcc is not on the list", id="C01-bcc"),
        pytest.param("To: ", "Sender: x@y.example\r\nTo: ", "sender is not", id="C01-sender"),
        pytest.param("To: ", "X-Evil: 1\r\nTo: ", "x-evil is not on the list", id="C44-unknown"),
        pytest.param("To: ", "Ev il: 1\r\nTo: ", "is not a header field", id="C44-name"),
        pytest.param("To: ", "évil: 1\r\nTo: ", "is not a header field", id="C44-name-utf-8"),
        pytest.param("To: ", "nothing\r\nTo: ", "is not a header field", id="C44-no-colon"),
        pytest.param("To: ", "subject: x\r\nTo: ", "subject is there twice", id="C01-twice"),
        pytest.param("Date:", "List-Post:", "missing: date", id="C01-missing"),
        pytest.param("From: Friday", " x\r\nFrom: Friday", "continues nothing", id="folded-first"),
        pytest.param(",\r\n <mail", ",\r\n \r\n <mail", "continues nothing", id="folded-empty"),
        pytest.param("Five <edi", "Fi\vve <edi", "a control character", id="vt"),
        pytest.param("news.example.com/u/t>,", "x/=?u?q?t?=>,", "encoded-word in", id="C04-word"),
        pytest.param("/u/t>,", "/u/\r\n t>,", "not a list of URIs", id="C04-broken-uri"),
        pytest.param("<https:", "<http:", "exactly one https URI", id="C04-http"),
        pytest.param("<mailto:", "<https://b.example/", "exactly one https", id="C04-two-https"),
        pytest.param("<mailto:", "<javascript:", "exactly one https", id="C04-other-scheme"),
        pytest.param("=One-Click", "=one-click", "list-unsubscribe-post is not", id="C05-value"),
        pytest.param("List-Unsubscribe-Post", "List-Post", "missing: list-unsub", id="C05-gone"),
        pytest.param("<friday-five.news", "<friday five.news", "list-id is malf", id="C10-form"),
        pytest.param("<friday-five.", f"<{'x' * 250}.", "list-id is too long", id="C10-length"),
        pytest.param("MIME-", "List-Post: <x>\r\nMIME-", "list-post is not NO", id="C11-post"),
        pytest.param("MIME-", "List-Help: x\r\nMIME-", "list-help is not one URI", id="C11-help"),
        pytest.param("<9f86d081@", "<9f 86@", "message-id is malformed", id="C12-form"),
        pytest.param("<9f86d081@", "<ada@example.org@", "message-id is malf", id="C12-address"),
        pytest.param("<9f86d081@", f"<{'x' * 240}@", "message-id is too long", id="C12-length"),
        pytest.param("+0000", "GMT", "date is malformed", id="C13-zone"),
        pytest.param("=C3=A9", "=C3", "is damaged", id="C14-split-character"),
        pytest.param("=C3=A9", "a" * 70, "is damaged", id="C14-76-characters"),
        pytest.param("IQ==", "IQ=", "is damaged", id="C14-base64"),
        pytest.param("?= =?", "?==?", "is damaged", id="C14-two-in-one"),
        pytest.param("Lovelace, Ada", "=?utf-8?q?x?=", "is damaged", id="C14-quoted-string"),
        pytest.param('"Lovelace, Ada"', '" =?utf-8?q?x?= "', "quoted-string", id="C14-in-quotes"),
        pytest.param("<ada@", "<=?utf-8?q?x?=@", "is damaged", id="C14-addr-spec"),
        pytest.param("ada@example.org", "eve@example.org", "To is not the recipient", id="to"),
        pytest.param("<ada@example.org>", "<ada@example.org>, <b@c.de>", "one mailbox", id="to-2"),
        pytest.param('"Lovelace, Ada"', "Lovelace, Ada", "one mailbox", id="unquoted-comma"),
        pytest.param('"Lovelace, Ada"', "evil@b.example>, x", "one mailbox", id="gh-121284"),
        pytest.param("alternative", "mixed", "not multipart/alternative", id="C17-type"),
        pytest.param("text/plain", "text/html", "no part of text/plain", id="C17-order"),
        pytest.param("utf-8; f", "latin-1; f", "no part of text/plain", id="C17-charset"),
        pytest.param("utf-8\r\n", "latin-1\r\n", "no part of text/html", id="C17-charset-html"),
        pytest.param("; format=flowed", "", "no part of text/plain", id="flowed"),
        pytest.param("\r\nHello", "", "the part of text/plain is empty", id="C17-empty"),
        pytest.param("Hello", "Hello\r\n--=_b\r\n", "not two parts", id="C17-third-part"),
        pytest.param("--=_b--\r\n", "--=_b--\r\nmore\r\n", "after the last", id="C17-epilogue"),
        pytest.param("1.0", "1.1", "mime-version is not 1.0", id="mime-version"),
    ],
)
def test_scan_message_refuses_a_message_with_one_fault(old: str, new: str, why: str) -> None:
    assert old in GOOD
    damaged = GOOD.replace(old, new) if old == "\r\n\r\n" else GOOD.replace(old, new, 1)

    with pytest.raises(MessageError, match=why):
        scan_message(damaged.encode(), recipient=ADA)


TEXT = """\
From: Friday Five <editor@news.example.com>
To: ada@example.org, eve@example.org
Subject: It is late
Date: Fri, 26 Nov 2021 07:00:00 +0000
Message-ID: <9f86d081@news.example.com>
Auto-Submitted: auto-generated
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: quoted-printable
MIME-Version: 1.0

Hello
""".replace("\n", "\r\n")
BOTH = (
    TEXT.partition("Content-Type")[0]
    + "MIME-Version: 1.0\r\nContent-Type"
    + GOOD.partition("Content-Type")[2].replace("; format=flowed; delsp=no", "")
)


@pytest.mark.parametrize("letter", [TEXT, BOTH])
def test_scan_letter_passes_a_letter_that_is_right(letter: str) -> None:
    scan_letter(letter.encode(), recipients=[ADA, AddrSpec("eve", "example.org")])


@pytest.mark.parametrize(
    ("letter", "old", "new", "why"),
    [
        pytest.param(TEXT, "Hello\r\n", "Hello\n", "bare CR, bare LF or NUL", id="bare-lf"),
        pytest.param(TEXT, "Hello", "Hallå", "the body is not seven-bit", id="eight-bit-body"),
        pytest.param(TEXT, "Hello", "a  b", "white space that DKIM would", id="white-space"),
        pytest.param(TEXT, "Hello", "", "the text is empty", id="empty"),
        pytest.param(TEXT, "To: ", "Bcc: x@y.example\r\nTo: ", "bcc is not on the list", id="bcc"),
        pytest.param(TEXT, "MIME", "List-Id: <a.b>\r\nMIME", "missing: list-unsub", id="list"),
        pytest.param(TEXT, "Date:", "Dated:", "dated is not on the list", id="unknown"),
        pytest.param(TEXT, "MIME-Version: 1.0\r\n", "", "missing: mime-version", id="missing"),
        pytest.param(TEXT, "auto-gen", "no, auto-gen", "auto-submitted has no", id="auto"),
        pytest.param(TEXT, ", eve@", ", bob@", "To is not the recipients", id="to"),
        pytest.param(TEXT, "Friday Five", "Friday, Five", "from is not exactly", id="from"),
        pytest.param(TEXT, "+0000", "GMT", "date is malformed", id="date"),
        pytest.param(TEXT, "quoted-printable", "8bit", "an odd encoding", id="encoding"),
        pytest.param(TEXT, "text/plain", "text/html", "an odd encoding", id="html-alone"),
        pytest.param(BOTH, "MIME", f"{CTE}MIME", "an odd encoding", id="two-encodings"),
        pytest.param(BOTH, "text/plain", "text/html", "no part of text/plain", id="order"),
        pytest.param(BOTH, "<p>Hello", "", "the part of text/html is empty", id="empty-html"),
    ],
)
def test_scan_letter_refuses_a_letter_with_one_fault(
    letter: str, old: str, new: str, why: str
) -> None:
    assert old in letter
    damaged = letter.replace(old, new, 1)

    with pytest.raises(MessageError, match=why):
        scan_letter(damaged.encode(), recipients=[ADA, AddrSpec("eve", "example.org")])


def test_scan_message_lets_utf_8_into_to_when_the_recipient_needs_it() -> None:
    data = GOOD.replace("ada@example.org", "ådå@example.org").encode()

    scan_message(data, recipient=AddrSpec("ådå", "example.org"))
    with pytest.raises(MessageError, match="to is not seven-bit"):
        scan_message(data, recipient=ADA)


def test_scan_message_refuses_octets_in_to_that_are_not_utf_8() -> None:
    data = GOOD.encode().replace(b"ada@", b"\xe5d\xe5@")

    with pytest.raises(MessageError, match="To is not UTF-8"):
        scan_message(data, recipient=AddrSpec("ådå", "example.org"))


@pytest.mark.parametrize("value", [b"", b"Ada", b"Zo=C3=AB=20", b"x" * 75 + b"=\r\ny"])
def test_scan_value_passes_quoted_printable(value: bytes) -> None:
    scan_value(value, where="here")


@pytest.mark.parametrize(
    "value", [b"a=b", b"a\r\nb", b"a\n", b"\r", b"\0", b"\xc3\xab", b"=c3", b"=_x", b"x" * 77]
)
def test_scan_value_refuses_what_would_leave_its_place(value: bytes) -> None:
    with pytest.raises(MessageError, match=r"^here: the scanner refuses the message: a merged"):
        scan_value(value, where="here")


@pytest.mark.parametrize(
    "field", [b"To: a@b.example\r\n", b"To: x\r\n <a@b.example>\r\n", "To: å@b.c\r\n".encode()]
)
def test_scan_field_passes_one_whole_field(field: bytes) -> None:
    scan_field(field, where="here")


@pytest.mark.parametrize(
    "field",
    [
        b"To: a\r\nBcc: b\r\n",
        b"To: a\r\n\r\n",
        b"To: a\r\n \r\n",
        b"To: a\r\n  x\r\n",
        b"To: a\n",
        b"To: a",
        b"To: a\r\nb\r\n",
        b"To: a\0\r\n",
        b"To:\r\n",
        b"T o: a\r\n",
        b"To: " + b"x" * 999 + b"\r\n",
    ],
)
def test_scan_field_refuses_anything_else(field: bytes) -> None:
    with pytest.raises(MessageError, match=r"^here: the scanner refuses the message: a merged"):
        scan_field(field, where="here")
