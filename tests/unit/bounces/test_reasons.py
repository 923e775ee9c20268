"""Why somebody was not reached: in the server's words, never in those below its message."""

from pathlib import Path

from newsletter.books import ReturnKind
from newsletter.bounces import understand

SAMPLES = Path(__file__).parent / "samples"
REPORT = """Return-Path: <>
From: MAILER-DAEMON@mx.example.net
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b
Content-Type: text/plain

{words}
--b
Content-Type: message/delivery-status

Final-Recipient: rfc822; ada@example.org
Action: failed
{status}
--b--
"""


def reason(words: str, status: str = "Status: 5.0.0") -> tuple[ReturnKind, str]:
    (ada,) = understand(REPORT.format(words=words, status=status).encode()).recipients
    return ada.kind, ada.reason


def test_a_footer_is_no_reason_and_no_kind() -> None:
    footers = (
        "-- \nOur users are unknown to spam. Does not exist? Ask help@example.net",
        "________________\n**** Scanned for viruses by Acme ****",
        "This e-mail is confidential. If it is not intended for you, any use is prohibited.",
        "=====================\nUser unknown",
    )
    for footer in footers:
        assert (ReturnKind.SOFT, "") == reason(f"Failed:\n\n   ada@example.org\n\n\n{footer}\n")


def test_words_on_the_line_and_below_it_are_the_reason() -> None:
    assert (ReturnKind.SOFT, "the moon is full") == reason("<ada@example.org>: the moon is full\n")
    assert (ReturnKind.HARD, "no such user here") == reason(
        "ada@example.org\n\nno such user here\n"
    )


def test_the_intended_recipient_is_no_footer() -> None:
    words = "ada@example.org\n\nThe message did not reach its intended recipient: user unknown\n"

    assert ReturnKind.HARD is reason(words)[0]


def test_a_code_without_a_word_is_told_by_the_standard() -> None:
    assert (ReturnKind.SOFT, "5.2.2, mailbox full") == reason("Failed.", "Status: 5.2.2")
    assert (ReturnKind.SOFT, "") == reason("Failed.", "Status: 5.9.9")


def test_a_report_of_rfc_6533_is_called_so() -> None:
    raw = (SAMPLES / "dsn-international.eml").read_bytes()

    assert understand(raw).how == "RFC 6533"


def test_a_report_is_believed_whatever_its_subject_answers() -> None:
    head = "Subject: Re: Tides\nIn-Reply-To: <a@b.example>\nFrom: gate@mx.example.net\n"
    report = REPORT.format(words="x", status="Status: 5.1.1").partition("\n")[2]
    raw = head + report.replace("From: MAILER-DAEMON@mx.example.net\n", "")
    mixed = raw.replace("multipart/report; report-type=delivery-status;", "multipart/mixed;")

    assert ReturnKind.HARD is understand(raw.encode()).kind
    assert ReturnKind.HARD is understand(mixed.encode()).kind


def test_whom_the_subject_alone_names_is_the_recipient() -> None:
    subject = "Undelivered Mail to ada@example.org"
    raw = (
        f"Return-Path: <>\nFrom: MAILER-DAEMON@mx.example.net\nSubject: {subject}\n\nNo such user."
    )
    (ada,) = understand(raw.encode()).recipients

    assert ("ada@example.org", ReturnKind.HARD) == (ada.address, ada.kind)


def test_whoever_can_be_asked_was_not_the_recipient() -> None:
    words = "One address is invalid: user unknown. In case of questions contact help@example.net."
    raw = f"Return-Path: <>\nFrom: MAILER-DAEMON@mx.example.net\nSubject: Failed\n\n{words}\n"

    assert [""] == [each.address for each in understand(raw.encode()).recipients]
