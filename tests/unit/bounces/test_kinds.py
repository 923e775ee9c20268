"""Kinds by words and codes: a table of what servers say, and what is made of it."""

import pytest

from newsletter.books import ReturnKind
from newsletter.bounces.kinds import MAX_REASON, codes_in, kind_of, one_line

HARD, SOFT, BLOCKED = ReturnKind.HARD, ReturnKind.SOFT, ReturnKind.BLOCKED

WORDS = [
    (HARD, "550 5.1.1 <ada@example.org>: User unknown in local recipient table"),
    (HARD, "550-5.1.1 The email account that you tried to reach does not exist."),
    (HARD, "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found"),
    (HARD, "550 5.2.1 The email account that you tried to reach is disabled."),
    (HARD, "550 5.4.1 Recipient address rejected: Access denied. [XX1EUR.outlook.com]"),
    (HARD, "550 Requested action not taken: mailbox unavailable"),
    (HARD, "554 5.7.1 Unable to deliver: user unknown"),
    (HARD, "554 delivery error: dd This user doesn't have an example.com account"),
    (HARD, "550 sorry, no mailbox here by that name (#5.1.1 - chkusr)"),
    (HARD, "550 unknown or illegal alias: ada@example.org"),
    (HARD, "553 5.3.0 <ada@example.org>... No such user here"),
    (HARD, "550 Mailbox is frozen."),
    (HARD, "Name service error for name=example.org type=A: Host not found"),
    (HARD, "556 5.1.10 Domain does not accept mail (nullMX)"),
    (HARD, "Unrouteable address"),
    (HARD, "550 5.1.1 Adresse d au moins un destinataire invalide. OFR_416 [416]"),
    (HARD, "550-5.1.1 Empfänger unbekannt"),
    (HARD, "550 Benutzer existiert nicht"),
    (HARD, "550 El usuario no existe"),
    (HARD, "550 usuário inexistente"),
    (HARD, "550 Пользователь не найден"),
    (HARD, "550 用户不存在"),
    (HARD, "550 5.1.6 recipient no longer on server"),
    (SOFT, "552 5.2.2 <ada@example.org>... Mailbox Full"),
    (SOFT, "550 5.2.2 user over quota"),
    (SOFT, "552 sorry, mailbox ada@example.org is over quota temporarily (#5.1.1)"),
    (SOFT, "522 5.2.0 Delivery failed: Over quota"),
    (SOFT, "Das Postfach des Empfängers ist voll"),
    (SOFT, "450 4.1.1 <ada@example.org>: Recipient address rejected: User unknown"),
    (SOFT, "450 4.2.0 <ada@example.org>: Recipient address rejected: Greylisted"),
    (SOFT, "connect to mail.example.org[192.0.2.1]:25: Connection timed out"),
    (SOFT, "554 5.4.6 Too many hops 26 (25 max)"),
    (SOFT, "552 5.3.4 Message size exceeds fixed limit"),
    (SOFT, "550-5.2.1 The user you are trying to contact is receiving mail at a rate"),
    (SOFT, "550 Something that nobody has ever said"),
    (SOFT, ""),
    (BLOCKED, "550-5.7.26 This mail has been blocked because the sender is unauthenticated."),
    (BLOCKED, "550 5.7.515 Access denied, sending domain does not meet our level"),
    (BLOCKED, "421-4.7.28 Our system has detected an unusual rate of unsolicited mail"),
    (BLOCKED, "554 5.7.1 Client host [192.0.2.10] blocked using zen.spamhaus.org"),
    (BLOCKED, "550 5.7.606 Access denied, banned sending IP [192.0.2.10]"),
    (BLOCKED, "550 5.1.8 Access denied, bad outbound sender"),
    (BLOCKED, "554 5.7.1 <ada@example.org>: Relay access denied"),
    (BLOCKED, "553 sorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)"),
    (BLOCKED, "554 5.7.9 Message not accepted for policy reasons."),
    (BLOCKED, "550 5.7.1 Message rejected as spam by Content Filtering."),
    (BLOCKED, "550 <news@example.com>: Sender address rejected: Domain not found"),
    (BLOCKED, "550 5.7.1 SPF check failed"),
    (BLOCKED, "550 user invalid: listed in the blocklist"),
    (BLOCKED, "450 4.7.1 Client host rejected: cannot find your reverse hostname, [192.0.2.10]"),
    (BLOCKED, "554 5.6.0 Message contains a virus"),
    (BLOCKED, "SMTP error after MAIL FROM:<a@example.com>: 553 5.1.0 example.com does not exist"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "words"), WORDS)
def test_words_and_codes_say_the_kind(kind: ReturnKind, words: str) -> None:
    assert kind is kind_of(words, *codes_in(words))


@pytest.mark.parametrize(
    ("kind", "code", "enhanced_code"),
    [
        (HARD, 550, "5.1.1"),
        (HARD, None, "5.1.2"),
        (HARD, None, "5.1.10"),
        (HARD, 550, "5.2.1"),
        (SOFT, None, "5.0.0"),
        (SOFT, 550, ""),
        (SOFT, 552, "5.2.2"),
        (SOFT, 450, "5.1.1"),
        (SOFT, None, "4.4.7"),
        (BLOCKED, 550, "5.7.1"),
        (BLOCKED, 421, "4.7.28"),
        (BLOCKED, 550, "5.1.8"),
    ],
)
def test_codes_decide_where_no_words_do(
    kind: ReturnKind, code: int | None, enhanced_code: str
) -> None:
    assert kind is kind_of("", code, enhanced_code)


def test_addresses_links_and_hosts_decide_nothing() -> None:
    words = "550 no-such-user@spam.example.org at virus.example.org, https://example.org/blocked"

    assert SOFT is kind_of(words, 550)


@pytest.mark.parametrize(
    ("words", "codes"),
    [
        ("550 5.1.1 no", (550, "5.1.1")),
        ("550-5.7.26 no 550 5.7.26 no", (550, "5.7.26")),
        ("sorry (#5.1.1)", (None, "5.1.1")),
        ("5.1.0 - Unknown address error 550-'5.7.1 denied'", (550, "5.7.1")),
        ("host 192.0.2.1[192.0.2.1]:25 said: 554 no", (554, "")),
        ("after 550 seconds", (None, "")),
        ("version 5.1.1.2", (None, "")),
        ("smtp; 450 4.0.0 then 4.2.2", (450, "4.0.0")),
        ("", (None, "")),
    ],
)
def test_codes_are_found_in_words(words: str, codes: tuple[int | None, str]) -> None:
    assert codes == codes_in(words)


def test_a_reason_is_one_short_line() -> None:
    assert "550 no such user" == one_line("  550\r\n\tno\x00such\u2028 user ")
    assert MAX_REASON == len(one_line("x" * 5000))
