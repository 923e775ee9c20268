"""Whether four times the text takes four times as long, or sixteen times.

Where steps can be counted, tests count them; what happens inside a regular expression makes none.
So there the processor's time, which other processes do not use up, is compared at two lengths.
"""

import time
from collections.abc import Callable

Work = Callable[[], object]

SHARE = 9
"""Between the four of what is linear and the sixteen of what goes over its text again and again."""

NEXT_TO_NOTHING = 0.002
"""Seconds, so that no moment of the machine's own is taken for a fault."""


def in_proportion(short: Work, long: Work) -> bool:
    """For a `long` work that has four times the text of the `short` one.

    One round of several is enough: a busy machine slows some, a bad pattern all of them. The first
    measures once; those after it, which little needs, take the least of three.
    """
    return any(
        least(long, times) <= SHARE * least(short, times) + NEXT_TO_NOTHING
        for times in (1, 3, 3, 3, 3, 3)
    )


def least(work: Work, times: int) -> float:
    return min(seconds(work) for _ in range(times))


def seconds(work: Work) -> float:
    begun = time.process_time()
    work()
    return time.process_time() - begun
