"""The order of the tests themselves: every share begins with what takes long, and none is lost."""

from itertools import islice
from pathlib import Path

from tests.order import LONG, LONGISH, dealt

ROOT = Path(__file__).parents[2]


def test_each_share_begins_with_what_takes_long() -> None:
    quick = [(f"tests/unit/test_{number % 4}.py", number) for number in range(16)]
    longish = [("tests/crash/test_a.py", 16), ("tests/crash/test_b.py", 17)]
    long = [(LONG[0], 18), (LONG[1], 19)]

    order = dealt([*quick, *longish, *long], 2)

    assert list(range(20)) == sorted(order)
    assert [18, 16] == order[:2]
    assert [19, 17] == order[10:12]


def test_tests_of_a_file_stay_together_and_in_order() -> None:
    order = dealt([("a", 1), ("b", 2), ("a", 3), ("c", 4)], 2)

    assert [1, 3] == list(islice(order, order.index(1), order.index(1) + 2))


def test_files_that_take_long_are_there() -> None:
    assert [] == [name for name in (*LONG, *LONGISH) if not (ROOT / name).exists()]
