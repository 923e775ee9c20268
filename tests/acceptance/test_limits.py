"""[limits] per_day, by the real commands under a clock of our own."""

from collections.abc import Iterator

import pytest

from tests.acceptance.publication import Publication
from tests.acceptance.schedule_world import Desk, needs_faketime, open_desk

pytestmark = [needs_faketime, pytest.mark.slow]


@pytest.fixture
def desk(publication: Publication) -> Iterator[Desk]:
    yield from open_desk(publication, 3)


def test_dry_run_says_how_long_a_limit_stretches_it(desk: Desk) -> None:
    desk.settings("limits", "per_day = 2")

    plan = desk.run("send", desk.write("2026-11-27"), "--dry-run")

    assert "at most 2 a day: 2 days, 2 now and the last ones in 1 day" in plan.out


def test_send_keeps_to_a_limit_over_processes_and_says_when_it_goes_on(desk: Desk) -> None:
    desk.settings("limits", "per_day = 2")
    path = desk.write("2026-11-27")

    first = desk.run("send", path, "--yes", moment="2026-11-27 07:00:00")
    status = desk.run("status", moment="2026-11-28 06:00:00")
    had = len(desk.readers())
    last = desk.run("send", path, "--yes", moment="2026-11-28 07:05:00")

    assert (75, 0) == (first.status, last.status)
    assert "Rests until 2026-11-28 07:0" in first.out
    assert "the limit of 2 a day is reached" in first.out
    assert "Limit of 2 a day: 2 used, 0 left" in status.out
    assert (2, 3) == (had, len(desk.readers()))
