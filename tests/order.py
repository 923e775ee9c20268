"""In which order tests run beside each other: those first that take long, so that none ends alone.

The workers begin with a third each, and who has done his own takes half of what the slowest has
left, from the end of it. So each share begins with what takes long, and ends with what does not.
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import TypeVar

T = TypeVar("T")

LONG = (
    "tests/acceptance/test_action.py",
    "tests/acceptance/test_containers.py",
    "tests/acceptance/test_demo_site.py",
    "tests/acceptance/test_eight_weeks.py",
    "tests/acceptance/test_examples.py",
    "tests/acceptance/test_install.py",
    "tests/acceptance/test_run_daemon.py",
    "tests/acceptance/test_tutorial.py",
    "tests/acceptance/test_wheel.py",
    "tests/browser/test_circle.py",
    "tests/browser/test_vscode.py",
    "tests/chaos/test_chaos.py",
    "tests/chaos/test_cut.py",
    "tests/crash/test_workers.py",
)
"""Single tests of these take up to a minute. One that is missing here costs time, and nothing."""

LONGISH = (
    *("tests/acceptance/", "tests/browser/", "tests/crash/", "tests/faults/", "tests/mail/"),
    "tests/contracts/",
)
"""Tests of these take up to some seconds: they start commands, browsers and servers."""


def dealt(files: Iterable[tuple[str, T]], shares: int) -> list[T]:
    """All of them, given with their files, in so many shares of one size, one after the other.

    >>> dealt([("tests/unit/a", 1), ("tests/unit/a", 2), ("tests/crash/b", 3), ("c", 4)], 2)
    [3, 4, 1, 2]
    """
    tests = defaultdict[str, list[T]](list)
    for file, test in files:
        tests[file].append(test)
    hands: list[list[str]] = [[] for _ in range(shares)]
    counts = [0] * shares
    for file in sorted(tests, key=_rank):
        fewest = min(range(shares), key=counts.__getitem__)
        hands[fewest].append(file)
        counts[fewest] += len(tests[file])
    return [test for hand in hands for file in hand for test in tests[file]]


def _rank(file: str) -> int:
    return 0 if file in LONG else 1 if file.startswith(LONGISH) else 2
