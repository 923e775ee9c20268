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
    (HARD, "550 5.4.1 All recipient addresses rejected : Access denied"),
    (HARD, "550 Requested action not taken: mailbox unavailable"),
    (HARD, "554 5.7.1 Unable to deliver: user unknown"),
    (HARD, "554 delivery error: dd This user doesn't have an example.com account"),
    (HARD, "550 sorry, no mailbox here by that name (#5.1.1 - chkusr)"),
    (HARD, "550 unknown or illegal alias: ada@example.org"),
    (HARD, "553 5.3.0 <ada@example.org>... No such user here"),
    (HARD, "550 Mailbox is frozen."),
    (HARD, "Name service error for name=example.org type=A: Host not found"),
    (HARD, "521 Server does not accept mail"),
    (BLOCKED, "521 5.2.1 : AOL will not accept delivery of this message."),
    (BLOCKED, "521 we do not accept mail from 192.0.2.10, see our block list"),
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
    (HARD, "550 5.1.1 RESOLVER.ADR.ExRecipNotFound; not found"),
    (HARD, "550 5.2.1 The email account that you tried to reach is inactive."),
    (HARD, "552 1 Requested mail action aborted, mailbox not found"),
    (HARD, "550 5.1.1 <ada@example.org> recipient does not exist here"),
    (HARD, "550 Invalid Recipient - https://community.example.org/docs#550"),
    (HARD, "550 No such user - psmtp"),
    (HARD, "550 Recipient Rejected: No account by that name here"),
    (HARD, "550 ada@example.org No such user here"),
    (HARD, "550 No Such User Here"),
    (HARD, "550 5.1.1 sorry, no mailbox here by that name (chkuser)"),
    (HARD, "511 sorry, no mailbox here by that name (#5.1.1 - chkuser)"),
    (HARD, "550 5.1.1 User unknown; rejecting"),
    (HARD, "550 5.1.0 Address rejected ada@example.org"),
    (HARD, "550 User ada not known here"),
    (HARD, "550 unknown user <ada@example.org>"),
    (HARD, "550 5.0.0 <ada@example.org>... User unknown"),
    (HARD, "553 sorry, no mailbox here by that name. (#5.7.1)"),
    (HARD, "550 Account not available"),
    (HARD, "550 ** No mail box available for this user **"),
    (HARD, "550 BAD_RECIPIENT - see our page"),
    (HARD, "550 5.1.0 Recipient rejected: <ada@example.org>"),
    (HARD, "Requested action not taken: mailbox unavailable. [SMTP Error Code 550]"),
    (HARD, "Esta casilla ha expirado por falta de uso."),
    (HARD, "550 La casilla no existe"),
    (HARD, "550 Boîte aux lettres inexistante"),
    (HARD, "550 Mottagaren finns inte"),
    (HARD, "550 Vastaanottajaa ei löydy"),
    (HARD, "550 Böyle bir kullanıcı yok"),
    (HARD, "550 The person no longer works here"),
    (HARD, "DNS type 'mx' lookup of example.org responded with code NXDOMAIN (4.0.0)"),
    (SOFT, "450 Requested mail action not taken: mailbox unavailable"),
    (SOFT, "550 Benutzer hat zuviele Mails auf dem Server. / User has too many messages on it"),
    (SOFT, "550 User has too many messages on the server."),
    (SOFT, "534 SIZE=Message too big. (in reply to MAIL FROM command)"),
    (SOFT, "552 5.3.4 Message size exceeds fixed maximum (in reply to MAIL FROM command)"),
    (SOFT, "550 account temporarily disabled, try later"),
    (SOFT, "This mail message has exceeded the maximum incoming message size."),
    (BLOCKED, "450 too many messages, slow down"),
    (BLOCKED, "550 Your server requires confirmation."),
    (BLOCKED, "550 This account has been configured to reject your mail"),
    (BLOCKED, "550 5.1.7 The sender's address was invalid"),
    (BLOCKED, "550 HELO: invalid hostname does not exist"),
    (BLOCKED, "550 Your domain does not exist"),
    (BLOCKED, "550 MX record of your domain not found"),
    (BLOCKED, "550 We are not accepting mail with attachments"),
    (BLOCKED, "550-The domain may not exist, they may be blacklisted. Sender verify failed"),
    (HARD, "554 5.2.1 mailbox disabled, not accepting messages"),
    (HARD, "550 5.7.1 Recipient does not exist on this system"),
    (HARD, "550 [SUSPEND] Mailbox currently suspended - Please contact correspondent directly"),
    (HARD, "550 5.1.1 ada@example.org user does not exist"),
    (HARD, "550 5.1.6 The recipient address is no longer valid"),
    (HARD, "5.4.310 DNS domain example.org does not exist [Message=InfoDomainNonexistent]"),
    (HARD, "550 5.1.2 Host unknown (Name server: example.org: host not found)"),
    (HARD, "DNS Error: DNS type 'mx' lookup of example.org responded with code NXDOMAIN"),
    (HARD, "550 Mailbox does not exist!"),
    (HARD, "550 sorry, this account is closed"),
    (HARD, "550 Benutzer hat das Postfach geschlossen"),
    (HARD, "550 5.1.1 Adresse unbekannt"),
    (HARD, "all relevant MX records point to non-existent hosts"),
    (HARD, "Recipient address rejected: User unknown in virtual mailbox table"),
    (HARD, "user not found"),
    (HARD, "550 RCPT (ada@example.org) dosn't exist"),
    (HARD, "5.1.1 smtp;550 5.1.1 ada@example.org"),
    (SOFT, "452 4.2.2 The email account that you tried to reach is over quota"),
    (SOFT, "552-5.2.2 The email account that you tried to reach is over quota and inactive."),
    (SOFT, "550 5.2.2 Requested mail action aborted: exceeded storage allocation"),
    (SOFT, "554 5.2.2 mailbox full;STOREDRV.Deliver.Exception:QuotaExceededException"),
    (SOFT, "554 5.7.0 Recipient mailbox is full"),
    (SOFT, "retry timeout exceeded"),
    (SOFT, "550 4.4.7 QUEUE.Expired; message expired"),
    (SOFT, "Message could not be delivered for 5 days"),
    (SOFT, "554 5.4.6 Hop count exceeded - possible mail loop ETR0101"),
    (SOFT, "550 5.3.4 SMTPSEND.OverAdvertisedSize; message too large for this recipient"),
    (SOFT, "451 4.7.1 Greylisting in action, please come back later"),
    (SOFT, "5.4.0 Error: too many hops"),
    (SOFT, "Connection refused"),
    (SOFT, "421 4.3.2 Service shutting down"),
    (SOFT, "delivery temporarily suspended: Host not found, try again"),
    (SOFT, "Inbox full"),
    (SOFT, "550 Quota exceeded"),
    (SOFT, "552 Message size exceeds maximum permitted"),
    (BLOCKED, "550 5.7.1 Unable to relay"),
    (BLOCKED, "550 5.7.1 Our system has detected that this message is likely unsolicited mail."),
    (BLOCKED, "554 5.7.1 [HM08] Message rejected due to local policy."),
    (BLOCKED, "554 Message not allowed - [PH01] Email not accepted for policy reasons."),
    (BLOCKED, "550 5.7.1 Service unavailable, Client host [192.0.2.10] blocked using Spamhaus."),
    (BLOCKED, "550 5.7.133 RESOLVER.RST.SenderNotAuthenticatedForGroup; authentication required"),
    (BLOCKED, "550 5.7.1 RESOLVER.RST.AuthRequired; authentication required"),
    (BLOCKED, "550 5.7.1 Your email was rejected because it was identified as spam"),
    (BLOCKED, "571 Email from 192.0.2.10 is currently blocked by our anti-spam system."),
    (BLOCKED, "554 Denied [CS] [f0b2]"),
    (BLOCKED, "554 refused mailfrom because of SPF policy"),
    (BLOCKED, "550 Administrative prohibition"),
    (BLOCKED, "554 mail server permanently rejected message (#5.3.0)"),
    (BLOCKED, "521 5.2.1 :  (CON:B1)  https://postmaster.example.com/error-codes"),
    (BLOCKED, "550 High probability of spam"),
    (BLOCKED, "550 5.7.350 Remote server returned message detected as spam -> 550"),
    (BLOCKED, "550 permanent failure for one or more recipients (ada@example.org:blocked)"),
    (BLOCKED, "550 Envelope blocked - User Entry"),
    (BLOCKED, "550 Rejected by header based Anti-Spoofing policy"),
    (BLOCKED, "553 5.7.1 rejected, message looks like spam."),
    (BLOCKED, "550 5.7.1 Message content rejected, UBE, id=1"),
    (BLOCKED, "554 5.7.1 This message has been blocked because it contains a banned attachment"),
    (BLOCKED, "554 Transaction failed. Reject due to policy restrictions."),
    (BLOCKED, "550 5.7.0 Message rejected per DMARC policy"),
    (BLOCKED, "5.1.0 Sender denied as sender's email address is on SenderFilterConfig list"),
    (BLOCKED, "550 DY-001 Mail rejected by Windows Live Hotmail for policy reasons."),
    (BLOCKED, "450 4.7.25 Client host rejected: cannot find your hostname"),
]  # fmt: skip


NOT_THE_READER = [
    "550 Message-ID is invalid",
    "550 invalid IP address in HELO",
    "550 your account has been suspended for sending spam",
    "550 5.0.0 failed, reason unknown",
    "TLS server certificate expired",
    "550 5.7.1 Sender IP reverse lookup rejected: address not found",
    "451 4.1.8 Domain of sender address does not resolve",
    "550 5.7.1 Recipient address rejected: Please see http://www.openspf.net/Why",
    "554 5.7.1 Recipient address rejected: Access denied",
]


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


@pytest.mark.parametrize("words", NOT_THE_READER)
def test_what_is_said_of_the_sender_is_never_hard(words: str) -> None:
    assert HARD is not kind_of(words, *codes_in(words))


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
