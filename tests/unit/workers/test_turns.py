"""The sessions of a worker, dealt out to its turns."""

import pytest

from newsletter.workers.turns import shares


@pytest.mark.parametrize(
    ("sessions", "among", "dealt"),
    [(10, 4, [3, 3, 2, 2]), (2, 2, [1, 1]), (1, 4, [1]), (5, 1, [5])],
)
def test_no_more_sessions_are_opened_than_the_transport_allows(
    sessions: int, among: int, dealt: list[int]
) -> None:
    assert dealt == shares(sessions, among)
    assert sessions == sum(dealt)
