from newsletter.books import Balance, DeliveryState
from newsletter.reports import balance_lines, verdict


def test_report_shows_every_state_that_somebody_is_in() -> None:
    balance = Balance(
        frozen=1_200,
        counts={
            DeliveryState.ACCEPTED: 1_190,
            DeliveryState.DEFERRED: 7,
            DeliveryState.REFUSED: 2,
            DeliveryState.IN_DOUBT: 1,
        },
    )

    assert [
        "  1,200  in the audience",
        "  1,190  accepted by the relay",
        "      7  deferred, to be tried again",
        "      2  refused for good",
        "      1  in doubt: sent, and no reply came",
        "  The books balance: 1,200 = 1,200. 7 to be sent.",
    ] == balance_lines(balance)


def test_report_says_aloud_that_the_books_do_not_balance() -> None:
    balance = Balance(frozen=3, counts={DeliveryState.ACCEPTED: 2})

    assert "THE BOOKS DO NOT BALANCE: 3 frozen, 2 accounted for" == verdict(balance)
