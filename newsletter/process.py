"""Who holds a lease: a process by name, and in a form that tells on its own machine if it lives.

Linux tells a process from a later one of the same number by when it was started (proc(5)), and one
container from another by the namespace of its process numbers. Elsewhere, only a number that
nobody has any more is proof. Whoever cannot be judged from here is taken to be alive.
"""

import os
import re
import socket
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

_PROC = Path("/proc")
_FORM = re.compile(r" \[(?P<machine>[^\[\]]+) (?P<pid>\d+) (?P<started>\d+)\]$")
_SINCE = re.compile(r" since (\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) UTC")
_DEAD = ("Z", "X")
"""Ended, and only its parent has not asked yet (proc(5), "state")."""
_ENDED = -1
_since: dict[tuple[int, int], datetime] = {}
"""When a process first named itself; by number and start, for a forked child inherits this."""


def this_process(now: datetime) -> str:
    """Who takes leases here, and since when: one name from the first call to the process's end.

    `now`, in UTC, is told by the first call. A forked child is another process.
    """
    pid = os.getpid()
    started = _started(pid) or 0
    since = f"{_since.setdefault((pid, started), now):%Y-%m-%d %H:%M:%S} UTC"
    mark = f"[{_machine()} {pid} {started}]"
    return f"{socket.gethostname()} process {pid} since {since} {mark}"


def shown(owner: str) -> str:
    """The owner for people, without what only machines compare."""
    return _FORM.sub("", owner)


def began(owner: str) -> datetime | None:
    """When the owner first named itself, to the second; None where its name does not say."""
    found = _SINCE.search(owner)
    return datetime.fromisoformat(found[1]).replace(tzinfo=UTC) if found else None


def is_dead(owner: str) -> bool:
    """True only where it is certain: a process of this machine that runs no more."""
    found = _FORM.search(owner)
    if found is None or found["machine"] != _machine():
        return False
    pid, started = int(found["pid"]), int(found["started"])
    running = _started(pid)
    if running is not None:
        return running != started
    return _is_nobodys(pid)  # no /proc at all, or one that hides other users' processes


def is_alive(owner: str) -> bool:
    """True only where it is certain: a process of this machine, since it was started, that runs."""
    found = _FORM.search(owner)
    if found is None or found["machine"] != _machine():
        return False
    running = _started(int(found["pid"]))
    if running is None:
        return not _is_nobodys(int(found["pid"]))
    return running == int(found["started"])


def _is_nobodys(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    except OSError:  # it is there, and another user's
        return False
    return False


@lru_cache(maxsize=1)
def _machine() -> str:
    """The name, this start of the machine, and whose process numbers are ours."""
    try:
        boot = (_PROC / "sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        numbers = (_PROC / "self/ns/pid").stat().st_ino
    except OSError:
        return socket.gethostname()
    return f"{socket.gethostname()}/{boot}/{numbers}"


def _started(pid: int) -> int | None:
    """Clock ticks from the machine's start to the process's; None where nothing is to be read."""
    try:
        text = (_PROC / str(pid) / "stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    # The name of the program stands in parentheses and may hold anything.
    fields = text[text.rindex(")") + 2 :].split()
    return _ENDED if fields[0] in _DEAD else int(fields[19])
