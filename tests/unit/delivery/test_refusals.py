"""The judge of newsletter/delivery over simulated sends; docs/guarantee.md has it of thousands."""

import pytest

from benchmarks.refusals import LEAKS, TURNED, healthy_figures, turned_figures

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("share", [0.0, 0.2])
def test_a_healthy_list_is_never_taken_for_a_relay_that_refuses_everybody(share: float) -> None:
    found = healthy_figures(8, 1, share)

    assert (0, 0, 0, 0) == (found.waits, found.stops, found.refused, found.left_out)


@pytest.mark.parametrize("kind", TURNED)
def test_a_relay_that_turns_on_everybody_is_noticed_and_marks_nobody(kind: str) -> None:
    found = turned_figures(4, 1, kind, 0.0)

    assert (0, 0, 0) == (found.marked, found.refused, found.left_out)
    assert found.unnoticed < 2


def test_a_relay_that_takes_one_in_fifty_marks_twenty_at_most() -> None:
    for kind in TURNED:
        assert turned_figures(2, 1, kind, LEAKS[1]).marked <= 20
