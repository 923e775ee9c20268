"""How slow this machine is today, so that no deadline of a test is near a healthy answer.

Measured once a test run, at its start: a machine that is three times slower, or has
other work, takes three times as long to start a Python and to let it go. A deadline that must pass
is made longer by that; one that must not is made so long that nothing healthy comes near it.
"""

import os
import subprocess
import sys
import time

_SOUND = 0.04
"""Seconds that an idle machine of ours takes for it."""

_SLOWEST = 20.0

_KEPT = "NEWSLETTER_TESTS_SLOWNESS"
"""The variable by which all processes of one test run know it: they must name their tests alike."""

_WORK = """
from time import perf_counter, process_time
begun = perf_counter()
while process_time() < 0.1: pass
print((perf_counter() - begun) / 0.1)
"""

_AHEAD = 4.0
"""A machine may get so much slower after it was measured, and the suite itself is work."""


def slowness() -> float:
    """1 on an idle machine, and more on a slower one: the middle of three measurements."""
    if _KEPT not in os.environ:
        measured = sorted(_start_of_a_process() for _ in range(3))[1]
        os.environ[_KEPT] = f"{min(max(measured / _SOUND, 1.0), _SLOWEST):.2f}"
    return float(os.environ[_KEPT])


def crowding() -> float:
    """How much longer than by itself a process that works takes at this moment: 1 is not at all.

    A short one is let past others, so that its start says nothing of those that work for long.
    """
    measured = subprocess.run([sys.executable, "-I", "-S", "-c", _WORK], check=True, stdout=-1)
    return max(float(measured.stdout), 1.0)


def passing(seconds: float) -> float:
    """A deadline that is to pass in the test, while others ought to keep to it.

    `seconds` is plenty on an idle machine.
    """
    return round(seconds * slowness(), 1)


def patience(seconds: float = 60.0) -> float:
    """How long to wait for what is sure to come; it costs nothing where it does."""
    return seconds * _AHEAD * slowness()


def _start_of_a_process() -> float:
    begun = time.monotonic()
    subprocess.run([sys.executable, "-I", "-S", "-c", "pass"], check=True)
    return time.monotonic() - begun
