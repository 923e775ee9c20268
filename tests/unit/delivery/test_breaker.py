"""Whose fault a refusal is: the recipient's, or the relay's policy against all of us (G9)."""

import pytest

from newsletter.addresses import AddrSpec
from newsletter.books import Delivery
from newsletter.delivery.breaker import POLICY_ROW, Breaker
from newsletter.transports import Reply, Stage


def delivery(number: int = 0, *, attempts: int = 0) -> Delivery:
    address = AddrSpec(f"r{number}", "example.com")
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


POLICY = reply(550, "5.7.26", "unauthenticated mail")
ACCEPTED = reply(250, "2.0.0", "taken")
UNKNOWN = reply(550, "5.1.1", "no such user")


@pytest.mark.parametrize("attempts", [0, 1])
@pytest.mark.parametrize("code", ["5.1.1", "5.2.2", "5.4.4", "5.6.0"])
def test_breaker_believes_what_is_plainly_the_recipients(code: str, attempts: int) -> None:
    breaker = Breaker("relay:25")
    refused = reply(550, code)

    assert all(breaker.hear(refused, delivery(number, attempts=attempts)) for number in range(50))
    assert breaker.fault(refused) is None


def test_breaker_does_not_believe_a_policy_at_first_even_amid_acceptances() -> None:
    breaker = Breaker("relay:25")
    breaker.hear(ACCEPTED, delivery(1))

    assert not breaker.hear(POLICY, delivery(2))


def test_breaker_believes_a_policy_heard_again_when_others_are_accepted() -> None:
    breaker = Breaker("relay:25")
    before = breaker.hear(POLICY, delivery(1, attempts=1))
    breaker.hear(ACCEPTED, delivery(2))

    assert not before
    assert breaker.hear(POLICY, delivery(1, attempts=1))


def test_breaker_believes_a_policy_heard_again_when_only_retries_are_left() -> None:
    """Else a dozen recipients behind a strict server would keep their run open for ever."""
    breaker = Breaker("relay:25", is_proven=True)

    believed = [breaker.hear(POLICY, delivery(n, attempts=1)) for n in range(20)]

    assert [True] * 20 == believed
    assert breaker.fault(POLICY) is None


def test_breaker_trips_at_a_row_of_policy_refusals_whatever_their_words() -> None:
    breaker = Breaker("relay:25")
    faults = []
    for number in range(POLICY_ROW):
        said = reply(550, f"5.7.{number}", f"reason {number}")
        assert not breaker.hear(said, delivery(number))
        faults.append(breaker.fault(said))

    assert [None] * (POLICY_ROW - 1) == faults[:-1]
    assert faults[-1] is not None
    assert "550 5.7.9 reason 9" in faults[-1].what
    assert "relay:25" == faults[-1].where


def test_breaker_begins_again_after_an_acceptance() -> None:
    breaker = Breaker("relay:25")
    for number in range(5 * POLICY_ROW):
        breaker.hear(POLICY if number % POLICY_ROW else ACCEPTED, delivery(number))

        assert breaker.fault(POLICY) is None


def test_breaker_is_not_calmed_by_unknown_users_between() -> None:
    """A relay that refuses us all may still know who does not exist."""
    breaker = Breaker("relay:25")
    for number in range(POLICY_ROW):
        breaker.hear(POLICY, delivery(number))
        breaker.hear(UNKNOWN, delivery(100 + number))

    assert breaker.fault(POLICY) is not None


def test_breaker_doubts_the_same_words_said_to_one_after_another() -> None:
    """Without an enhanced code; the recipient's address in them makes no difference."""
    breaker = Breaker("relay:25")
    believed = []
    for number in range(POLICY_ROW):
        said = reply(550, text=f"<r{number}@example.com>: access denied")
        believed.append(breaker.hear(said, delivery(number)))

    assert [True] + [False] * (POLICY_ROW - 1) == believed
    assert breaker.fault(said) is not None


def test_breaker_believes_different_words_without_a_code() -> None:
    breaker = Breaker("relay:25")
    believed = [
        breaker.hear(reply(550, text=f"mailbox {number % 2} is gone"), delivery(number))
        for number in range(50)
    ]

    assert all(believed)


@pytest.mark.parametrize("code", [421, 450, 451])
def test_breaker_leaves_transient_replies_alone(code: int) -> None:
    """Greylisting refuses everybody once, with 4.7.1: they are deferred as they are."""
    breaker = Breaker("relay:25")
    said = reply(code, "4.7.1")

    assert all(breaker.hear(said, delivery(number)) for number in range(50))
    assert breaker.fault(said) is None
