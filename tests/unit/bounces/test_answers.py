"""Answers of machines and people beside bounces: neither is ever taken for the other."""

import pytest

from newsletter.books import ReturnKind
from newsletter.bounces import understand

AWAY, NOTHING = ReturnKind.AUTO_REPLY, ReturnKind.UNKNOWN
LEAVES, CHALLENGE, SOFT = ReturnKind.UNSUBSCRIBE, ReturnKind.CHALLENGE, ReturnKind.SOFT

BOB = "From: Bob <bob@example.org>\nReturn-Path: <>\nTo: bounces@news.example.com\n"
ANN = "From: Ann <ann@example.org>\nReturn-Path: <ann@example.org>\n"
ANSWER = "In-Reply-To: <a@b.example>\n"
AUTOMATIC = "Auto-Submitted: auto-replied\n"
DAEMON = "From: MAILER-DAEMON@mx.example.net\n"
QUOTED = (
    "> This is the mail system at host mx.example.net.\n> <ada@example.org>: 550 no such user\n"
)

MESSAGES = [
    (AWAY, f"{BOB}{AUTOMATIC}{ANSWER}Subject: Undelivered parcels", "Ask ann."),
    (AWAY, f"{BOB}{AUTOMATIC}Subject: Re: Tides", "It could not be delivered: ann@example.org"),
    (AWAY, f"{BOB}Subject: Out of Office Re: Tides", "I am away. In urgent cases: ann@example.org"),
    (AWAY, f"{BOB}Subject: Automatic reply: Tides", "This mailbox does not exist. ann@example.org"),
    (AWAY, f"{DAEMON}{AUTOMATIC}Subject: Automatic reply: Tides", "The office is closed."),
    (AWAY, f"{BOB}{AUTOMATIC}Subject: Holiday", "Back soon."),
    (AWAY, f"{BOB}{ANSWER}Auto-Submitted: auto-generated\nSubject: [Ticket#7]", "We have it."),
    (NOTHING, f"{BOB}Subject: Re: Holiday reading", "Nice one!"),
    (NOTHING, f"{BOB}Subject: Re: Tides", f"I got this:\n{QUOTED}"),
    (NOTHING, f"{ANN}{ANSWER}Subject: Re: Undeliverable goods", f"Fine!\n{QUOTED}"),
    (NOTHING, f"{ANN}{ANSWER}Subject: Re: Tides", "What?\n\nFinal-Recipient: ann@example.org\n"),
    (NOTHING, f"{DAEMON}Subject: Successful Mail Delivery Report", "<ada@example.org>: done"),
    (AWAY, f"{BOB}Subject: Please note", "My e-mail address has changed.\n> user unknown"),
    (NOTHING, f"{BOB}Subject: Delivery of the goods", "When will it come? Ask ann@example.org"),
    (NOTHING, f"{BOB}Subject: unsubscribe rates are rising", "A piece for you."),
    (LEAVES, f"{BOB}Subject: Re: Unsubscribe", ""),
    (LEAVES, f"{BOB}Subject: Re: Tides", "Unsubscribe\n\nOn Friday, The Harbour wrote:\n> Tides\n"),
    (LEAVES, f"{BOB}Subject: Tides", "Please unsubscribe me from this list.\n-- \nBob\n"),
    (LEAVES, f"{ANN}{ANSWER}Subject: Re: Tides", "Bitte melden Sie mich ab.\n\n> Tides"),
    (LEAVES, f"{ANN}{ANSWER}Subject: Re: Tides", "Take me off this list.\n\nThanks\n> Tides"),
    (NOTHING, f"{ANN}{ANSWER}Subject: Re: Tides", "Please do not take me off this list."),
    (CHALLENGE, f"{ANN}Subject: Please confirm your message", "Click to confirm you are human."),
    (CHALLENGE, "From: <challenge@example.net>\nSubject: Please verify your message", "Held."),
    (SOFT, f"{DAEMON}{AUTOMATIC}Subject: Undelivered Mail", "<ada@example.org>: mailbox full"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "head", "words"), MESSAGES)
def test_an_answer_is_no_bounce_and_a_bounce_no_answer(
    kind: ReturnKind, head: str, words: str
) -> None:
    assert kind is understand(f"{head}\n\n{words}\n".encode()).kind


def test_a_delay_in_words_is_not_final() -> None:
    words = (
        "This is a warning message only. You do not need to resend your message.\n\n"
        "   ----- The following addresses had transient non-fatal errors -----\n"
        "<ada@example.org>\n\n"
        "   ----- Transcript of session follows -----\n"
        "<ada@example.org>... Deferred: Connection timed out\n"
        "Will keep trying until message is 5 days old\n"
    )
    subject = "Warning: could not send message for past 4 hours"
    (ada,) = understand(f"{DAEMON}Subject: {subject}\n\n{words}".encode()).recipients

    assert ("ada@example.org", SOFT, False) == (ada.address, ada.kind, ada.is_final)


@pytest.mark.parametrize(
    ("subject", "words"),
    [
        (
            "Delayed Mail (still being retried)",
            "It could not be delivered for more than 4 hour(s). It will be retried for 5 days.",
        ),
        ("Entrega retrasada", "La entrega se ha retrasado y se seguirá intentando."),
        ("Consegna ritardata", "Verranno effettuati altri tentativi."),
        ("配信遅延", "引き続き配信を試みます。"),
    ],
)
def test_a_delay_is_one_in_other_words_too(subject: str, words: str) -> None:
    raw = f"{DAEMON}Subject: {subject}\n\n{words}\n\n<ada@example.org>: timed out\n"
    (ada,) = understand(raw.encode()).recipients

    assert ("ada@example.org", SOFT, False) == (ada.address, ada.kind, ada.is_final)


def test_what_could_not_be_delivered_for_days_is_final() -> None:
    words = "<ada@example.org>: it could not be delivered for 5 days"
    (ada,) = understand(f"{DAEMON}Subject: Delayed Mail\n\n{words}\n".encode()).recipients

    assert ada.is_final
