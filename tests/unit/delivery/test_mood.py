"""Whose a refusal is: the recipient's, or the relay's against all of us (G9)."""

from collections.abc import Iterable

import pytest

from newsletter.addresses import AddrSpec
from newsletter.books import Delivery
from newsletter.delivery.mood import Judge, Mood
from newsletter.delivery.words import Hint, are_alike, cap_of, folded, hint_of
from newsletter.transports import Reply, Stage


def delivery(number: int = 0, *, attempts: int = 0, domain: str = "") -> Delivery:
    address = AddrSpec(f"r{number}", domain or f"d{number}.example")
    return Delivery(
        id=number,
        run_id=1,
        shard_id=1,
        epoch=1,
        issue="issue",
        recipient=address,
        recipient_key=str(address),
        fields={},
        subscriber_id=None,
        attempts=attempts,
    )


def reply(code: int, enhanced_code: str = "", text: str = "said the relay") -> Reply:
    return Reply(code=code, enhanced_code=enhanced_code, text=text, stage=Stage.RCPT)


def refusals_until_bad(judge: Judge, said: Iterable[Reply]) -> int:
    """How many recipients of different domains are refused until the relay is to blame."""
    for number, each in enumerate(said, start=1):
        judge.refuse(each, delivery(number))
        if judge.is_bad:
            return number
    return 0


@pytest.mark.parametrize(
    ("said", "mood"),
    [
        (reply(550, "5.4.5", "Daily user sending limit exceeded. id{} - gsmtp"), Mood.CAPPED),
        (reply(552, "", "Quota exceeded {}"), Mood.CAPPED),
        (reply(454, "", "Throttling failure: Maximum sending rate exceeded"), Mood.NOT_NOW),
        (reply(452, "4.3.1", "no room for {}"), Mood.NOT_NOW),
        (reply(451, "4.3.0", "try later"), Mood.NOT_NOW),
        (reply(550, "5.1.8", "Access denied, bad outbound sender"), Mood.AGAINST_US),
        (reply(554, "5.2.252", "SendAsDenied [Hostname=X{}]"), Mood.AGAINST_US),
        (reply(550, "5.1.1", "user unknown"), Mood.AGAINST_US),
        (reply(554, "", "no"), Mood.AGAINST_US),
    ],
)
def test_judge_blames_the_relay_that_refuses_everybody(said: Reply, mood: Mood) -> None:
    judge = Judge()
    judge.accept(delivery(1000))
    words = [reply(said.code or 0, said.enhanced_code, said.text.format(n)) for n in range(80)]

    count = refusals_until_bad(judge, words)

    assert 5 < count < (60 if "unknown" in said.text else 30)
    assert mood is judge.mood


def test_judge_never_blames_the_relay_for_a_dead_domain() -> None:
    judge = Judge()
    judge.accept(delivery(1000))
    for number in range(500):
        judge.refuse(reply(550, "5.1.2", "no such domain"), delivery(number, domain="gone.example"))

    assert not judge.is_suspicious


@pytest.mark.parametrize("domains", [1, 2, 3, 5])
@pytest.mark.parametrize("text", ["you are blocked", "rejected", "Transaction failed"])
def test_a_relay_that_takes_nobodys_is_known_however_few_the_domains_are(
    domains: int, text: str
) -> None:
    """That all of them are dead is less likely; a list may have one receiver, or two."""
    judge = Judge()
    for number in range(30):
        judge.refuse(reply(550, "", text), delivery(number, domain=f"d{number % domains}.example"))

    assert judge.is_bad


def test_two_dead_domains_of_many_are_no_relays_fault() -> None:
    judge = Judge()
    for number in range(6):
        judge.refuse(reply(550, "5.1.2", "no such domain"), delivery(number))
    judge.accept(delivery(1000))
    for number in range(100):
        gone = delivery(number, domain=f"gone{number % 2}.example")
        judge.refuse(reply(550, "5.1.2", "no such domain"), gone)

    assert not judge.is_bad


def test_domains_of_one_receiver_live_or_die_together() -> None:
    """It took a message of the smaller one before it turned on us."""
    judge = Judge(receivers={"gmail.com": "gmail", "googlemail.com": "gmail"})
    judge.accept(delivery(1000, domain="other.example"))
    judge.accept(delivery(1001, domain="googlemail.com"))
    for number in range(40):
        judge.refuse(reply(550, "", "rejected"), delivery(number, domain="gmail.com"))

    assert judge.is_bad


def test_judge_does_not_count_whom_it_knows_to_be_refused_while_others_were_accepted() -> None:
    judge = Judge()
    for number in range(30):
        judge.refuse(reply(550, "5.7.1", "blocked"), delivery(number, attempts=1))

    assert not judge.is_bad


def test_judge_learns_that_a_relay_defers_first_tries_and_takes_second_ones() -> None:
    judge = Judge()
    for number in range(5):
        judge.refuse(reply(451, "", "come back"), delivery(number))
    for number in range(5):
        judge.accept(delivery(number))
    for number in range(100, 400):
        judge.refuse(reply(451, "", "come back"), delivery(number))

    assert not judge.is_bad


def test_judge_is_well_again_after_an_acceptance() -> None:
    judge = Judge()
    refusals_until_bad(judge, [reply(550, "5.7.1", "blocked")] * 40)

    judge.accept(delivery(99))

    assert (False, False) == (judge.is_bad, judge.is_suspicious)


@pytest.mark.parametrize(
    ("said", "hint"),
    [
        (reply(550, "5.1.1", "no such user"), Hint.MAILBOX),
        (reply(452, "4.2.2", "mailbox full"), Hint.MAILBOX),
        (reply(451, "4.7.1", "Greylisted for 300 seconds"), Hint.GREYLIST),
        (reply(550, "5.7.0", "too many emails per second"), Hint.RATE),
        (reply(550, "5.1.90", "you've reached your daily limit"), Hint.CAP),
        (reply(550, "5.1.90", "no more of this"), Hint.POLICY),
        (reply(554, "", "said"), Hint.NONE),
    ],
)
def test_words_hint_at_whom_they_are_meant_for(said: Reply, hint: Hint) -> None:
    assert hint is hint_of(said)


def test_words_are_alike_whatever_ids_are_in_them() -> None:
    one = reply(552, "5.2.0", "Quota of <ada@example.com> exceeded (AS78) ref 0a7bX")
    other = reply(552, "5.2.0", "Quota of <bob@example.org> exceeded (AS9) ref 991c")

    assert are_alike(folded(one), folded(other))
    assert not are_alike(folded(one), folded(reply(550, "5.1.1", "no such user here")))


def test_words_say_how_long_a_cap_lasts() -> None:
    caps = [cap_of(reply(454, "", f"{word} limit exceeded")) for word in ("Daily", "Hourly")]

    assert [24.0, 1.0] == [cap.total_seconds() / 3600 for cap in caps if cap]
