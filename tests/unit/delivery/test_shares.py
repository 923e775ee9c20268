"""Who may claim how many: by weight, by what is left, and within one limit."""

import asyncio

from newsletter.delivery.shares import Ration, Share, Shares


def portion(share: Share, most: int = 200) -> int:
    """How many it may claim now, 0 where it would have to wait."""
    looked = iter((False, True))
    return asyncio.run(share.portion(most, lambda: next(looked)))


def test_one_alone_claims_what_it_asks_for_within_its_limit() -> None:
    alone = Shares(Ration(250)).join()

    assert 200 == portion(alone)
    alone.took(200)
    assert 50 == portion(alone)


def test_a_small_run_is_dealt_out_by_weight() -> None:
    shares = Shares(due=40)
    one, two = shares.join(3), shares.join(1)

    assert (30, 10) == (portion(one), portion(two))


def test_a_limit_is_that_of_all_though_both_ask_before_either_has_claimed() -> None:
    shares = Shares(Ration(30), due=80)
    one, two = shares.join(), shares.join()

    assert 30 == portion(one) + portion(two)


def test_what_was_not_there_may_be_asked_for_again() -> None:
    shares = Shares(Ration(30))
    one, two = shares.join(), shares.join()
    assert 30 == portion(one)
    one.took(10)

    assert 20 == portion(two)


def test_with_weights_the_quicker_waits_until_the_other_has_its_share() -> None:
    shares = Shares(due=100_000, is_strict=True)
    one, two = shares.join(3), shares.join(1)
    assert 200 == portion(one)
    one.took(200)
    assert 0 == portion(one)
    assert 132 == portion(two)
    two.took(132)

    assert 200 == portion(one)


def test_without_weights_nobody_waits_for_the_slower() -> None:
    shares = Shares(due=100_000)
    one, _ = shares.join(), shares.join()
    for _ in range(5):
        assert 200 == portion(one)
        one.took(200)


def test_nobody_waits_for_one_that_rests_and_it_makes_up_for_nothing() -> None:
    shares = Shares(due=100_000, is_strict=True)
    one, two = shares.join(), shares.join()
    two.leave()
    for _ in range(5):
        one.took(portion(one))
    two.rejoin()

    assert 1000 == two.taken


def test_what_others_hold_untouched_is_known() -> None:
    shares = Shares()
    one, two = shares.join(), shares.join()
    two.holds = lambda: 7

    assert (7, 0) == (one.held_by_others, two.held_by_others)


def test_parts_of_a_send_have_one_limit_and_know_what_others_hold_of_each() -> None:
    ration, me, other = Ration(30), object(), object()
    first, second = Shares(ration), Shares(ration)
    mine = [first.join(sender=me), second.join(sender=me)]
    theirs = second.join(sender=other)
    mine[0].holds, mine[1].holds, theirs.holds = (lambda: 3), (lambda: 4), (lambda: 5)
    mine[0].took(portion(mine[0], 20))

    assert 10 == portion(theirs)
    assert (5, 5, 7) == (*(each.held_by_others for each in mine), theirs.held_by_others)
