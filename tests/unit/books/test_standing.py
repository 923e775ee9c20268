"""What a run's books come to, and many standings together."""

from newsletter.books import Balance, DeliveryState, Standing, standing_of, worst


def balance(frozen: int, **counts: int) -> Balance:
    return Balance(frozen=frozen, counts={DeliveryState(name): n for name, n in counts.items()})


def test_standing_is_that_of_whoever_is_worst_off() -> None:
    assert Standing.DONE is standing_of(balance(3, accepted=2, suppressed=1))
    assert Standing.WAITING is standing_of(balance(3, accepted=2, deferred=1))
    assert Standing.NEEDS_PERSON is standing_of(balance(3, accepted=1, deferred=1, in_doubt=1))


def test_books_that_do_not_balance_need_a_person() -> None:
    assert Standing.NEEDS_PERSON is standing_of(balance(3, accepted=2))


def test_worst_goes_before_and_nothing_at_all_is_done() -> None:
    assert Standing.DONE is worst([])
    assert Standing.WAITING is worst([Standing.DONE, Standing.WAITING])
    assert Standing.NEEDS_PERSON is worst([Standing.WAITING, Standing.NEEDS_PERSON])
    assert Standing.UNABLE is worst([Standing.NEEDS_PERSON, Standing.UNABLE])


def test_balance_says_its_states_as_people_do() -> None:
    assert "2 accepted, 1 in doubt" == str(balance(3, accepted=2, in_doubt=1))
