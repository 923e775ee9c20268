"""What a relay is told of a message before its content: RFC 5321, 4.1.1; RFC 3461, 4."""

import pytest

from newsletter.transports import Envelope
from newsletter.transports.smtp_command import Extensions, mail_command, packet, rcpt_command

DSN: Extensions = {"pipelining": "", "size": "1000", "dsn": ""}
PLAIN: Extensions = {"pipelining": "", "size": "1000"}


def named(recipient: str = "ada@example.com", envelope_id: str = "mzxw6") -> Envelope:
    return Envelope(
        reverse_path="bounces+mzxw6@example.com", recipient=recipient, envelope_id=envelope_id
    )


def test_reports_are_asked_for_where_the_relay_knows_of_them() -> None:
    mail = b"MAIL FROM:<bounces+mzxw6@example.com> RET=HDRS ENVID=mzxw6\r\n"
    rcpt = b"RCPT TO:<ada@example.com> NOTIFY=FAILURE ORCPT=rfc822;ada@example.com\r\n"

    assert mail == mail_command(named(), DSN)
    assert rcpt == rcpt_command(named(), DSN)
    assert mail + rcpt + b"DATA\r\n" == packet(named(), DSN)


@pytest.mark.parametrize(
    ("envelope", "extensions"),
    [(named(), PLAIN), (named(), {}), (named(envelope_id=""), DSN)],
)
def test_reports_are_not_spoken_of_where_they_are_not_offered_or_not_wanted(
    envelope: Envelope, extensions: Extensions
) -> None:
    expected = b"MAIL FROM:<bounces+mzxw6@example.com>\r\nRCPT TO:<ada@example.com>\r\nDATA\r\n"

    assert expected == packet(envelope, extensions)


@pytest.mark.parametrize(
    ("recipient", "original"),
    [
        ("ada+news@example.com", b"ada+2Bnews@example.com"),
        ("a=b@example.com", b"a+3Db@example.com"),
        ('"a b"@example.com', b'"a+20b"@example.com'),
    ],
)
def test_an_original_recipient_is_written_as_xtext(recipient: str, original: bytes) -> None:
    assert rcpt_command(named(recipient), DSN).endswith(b" ORCPT=rfc822;" + original + b"\r\n")


def test_an_original_recipient_that_is_not_ascii_is_left_out() -> None:
    expected = "RCPT TO:<zoë@example.com> NOTIFY=FAILURE\r\n".encode()

    assert expected == rcpt_command(named("zoë@example.com"), DSN)


def test_size_and_reports_stand_beside_each_other() -> None:
    expected = b"MAIL FROM:<bounces+mzxw6@example.com> SIZE=5 RET=HDRS ENVID=mzxw6\r\n"

    assert expected == mail_command(named(), DSN, size=5)
