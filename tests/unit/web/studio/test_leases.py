"""Whose turn it is to write, second by second."""

from newsletter.web.studio.leases import (
    HANDING_OVER_SECONDS,
    HIDDEN_SECONDS,
    SEEN_SECONDS,
    Answer,
    Leases,
    Page,
)


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def opened(tab: str) -> Page:
    return Page(tab=tab, is_new=True)


def test_first_page_writes_and_the_second_reads() -> None:
    leases = Leases(Clock())

    assert Answer.YOURS is leases.ask("one", opened("a"))
    assert Answer.ANOTHERS is leases.ask("one", opened("b"))
    assert Answer.YOURS is leases.ask("two", opened("b"))
    assert leases.is_anothers("one", "b")
    assert not leases.is_anothers("one", "a")


def test_page_that_is_silent_loses_its_turn_and_a_hidden_one_later() -> None:
    clock = Clock()
    leases = Leases(clock)
    leases.ask("one", opened("a"))
    clock.now += SEEN_SECONDS + 1

    assert Answer.YOURS is leases.ask("one", Page(tab="b", is_hidden=True))

    clock.now += SEEN_SECONDS + 1

    assert Answer.ANOTHERS is leases.ask("one", Page(tab="c"))

    clock.now += HIDDEN_SECONDS

    assert Answer.YOURS is leases.ask("one", Page(tab="c"))


def test_page_that_is_asked_to_let_go_hands_over() -> None:
    leases = Leases(Clock())
    leases.ask("one", opened("a"))
    leases.ask("one", Page(tab="b", wants=True))

    assert Answer.ASKED_FOR is leases.ask("one", Page(tab="a"))

    leases.leave("one", "a")

    assert Answer.ANOTHERS is leases.ask("one", opened("c"))
    assert Answer.YOURS is leases.ask("one", Page(tab="b"))


def test_page_that_does_not_let_go_is_taken_from() -> None:
    clock = Clock()
    leases = Leases(clock)
    leases.ask("one", opened("a"))
    leases.ask("one", Page(tab="b", wants=True))
    clock.now += HANDING_OVER_SECONDS

    assert Answer.YOURS is leases.ask("one", Page(tab="b", wants=True))
    assert Answer.ANOTHERS is leases.ask("one", Page(tab="a", wrote=True))


def test_page_that_wrote_comes_first_when_the_studio_is_back() -> None:
    clock = Clock()
    leases = Leases(clock)

    assert Answer.ANOTHERS is leases.ask("one", Page(tab="reader"))
    assert Answer.YOURS is leases.ask("one", Page(tab="writer", wrote=True))

    leases.leave("one", "writer")
    clock.now += SEEN_SECONDS + 1

    assert Answer.YOURS is leases.ask("one", Page(tab="reader"))


def test_leaving_of_a_page_that_does_not_write_is_nothing() -> None:
    leases = Leases(Clock())
    leases.ask("one", opened("a"))
    leases.leave("one", "b")

    assert leases.holds("one", "a")


def test_late_word_of_a_page_that_has_left_is_nothing() -> None:
    """A request that was on its way when the page was closed."""
    clock = Clock()
    leases = Leases(clock)
    leases.ask("one", opened("a"))
    leases.leave("one", "a")
    clock.now += SEEN_SECONDS + 1

    assert Answer.ANOTHERS is leases.ask("one", Page(tab="a", wrote=True, is_hidden=True))
    assert Answer.YOURS is leases.ask("one", opened("b"))
