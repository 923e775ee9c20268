"""A process has one name for its life, by which its own machine knows when it is dead."""

import os
import re
from datetime import UTC, datetime, timedelta

from newsletter.process import is_dead, shown, this_process

NOW = datetime(2021, 11, 26, 7, tzinfo=UTC)


def name_of_a_child() -> str:
    """What a forked child calls itself, which has ended and been asked for."""
    reading, writing = os.pipe()
    pid = os.fork()
    if not pid:
        os.write(writing, this_process(NOW).encode())
        os._exit(0)
    os.waitpid(pid, 0)
    os.close(writing)
    with os.fdopen(reading, encoding="utf-8") as pipe:
        return pipe.read()


def test_process_has_one_name_for_its_life() -> None:
    first, later = this_process(NOW), this_process(NOW + timedelta(hours=3))

    assert first == later
    assert re.fullmatch(
        rf"\S+ process {os.getpid()} since \d{{4}}-\d\d-\d\d \d\d:\d\d:\d\d UTC", shown(first)
    )


def test_child_has_a_name_of_its_own_and_is_known_dead() -> None:
    ours = this_process(NOW)
    child = name_of_a_child()

    assert shown(ours) != shown(child)
    assert (False, True) == (is_dead(ours), is_dead(child))


def test_owner_is_dead_only_where_that_is_certain() -> None:
    """Another machine, a later process of the same number, a name that says nothing."""
    ours = this_process(NOW)
    head, _, mark = ours.rpartition(" [")
    machine, pid, started = mark.rstrip("]").rsplit(" ", 2)

    assert not is_dead(ours)
    assert is_dead(f"{head} [{machine} {pid} {int(started) - 1}]")
    assert not is_dead(f"{head} [other/{machine} {pid} 1]")
    assert not is_dead("me")
    assert head == shown(ours)
