"""A process that has read the program, and forks itself for each command it is asked for.

Started by `tests.acceptance.forked`, as a script. What it is asked is one JSON object with the two
streams beside it; what it answers is the process's id, and its exit status when there is one.
"""

import array
import atexit
import gc
import json
import os
import pkgutil
import selectors
import socket
import sys
import threading
import time
from contextlib import suppress
from datetime import UTC, datetime
from importlib import import_module
from typing import Any

CLOCK = "FAKETIME"
"""What libfaketime's moment stands in; with FAKETIME_NO_CACHE it is looked at again each time."""

LARGEST = 1_000_000
"""Octets of a request: an environment and some words."""

PACKAGES = ("newsletter.cli", "newsletter.publishing", "newsletter.check.rules", "markdown_it")
MODULES = (
    *("alembic.runtime.migration", "sqlalchemy.dialects.sqlite", "httpx", "jinja2.sandbox"),
    *("cryptography.hazmat.primitives.serialization", "mjml", "newsletter.render.inline_css"),
)
"""What most commands load before they are done. One that is missing here costs time alone."""


def read_the_program() -> None:
    """What commands load when they are called, but for their starting point."""
    modules = list(MODULES)
    for package in map(import_module, PACKAGES):
        found = pkgutil.iter_modules(package.__path__, f"{package.__name__}.")
        modules += [each.name for each in found if not each.name.endswith("__main__")]
    for name in modules:
        with suppress(ImportError):  # of an extra that is not here
            import_module(name)


def forked(door: socket.socket, owner: int) -> dict[str, Any]:
    """Serve until the owner is gone. In each child it comes back, with what that one is to do."""
    running: dict[int, tuple[int, socket.socket]] = {}
    selector = selectors.DefaultSelector()
    selector.register(door, selectors.EVENT_READ)
    selector.register(owner, selectors.EVENT_READ)
    while True:
        for key, _ in selector.select():
            if key.fd == owner:
                os._exit(0)
            if key.fd in running:
                selector.unregister(key.fd)
                _tell_the_end(key.fd, *running.pop(key.fd))
                continue
            asker, _ = door.accept()
            task, streams = _asked(asker)
            pid = os.fork()
            if not pid:
                for end, (_, other) in running.items():
                    os.close(end)
                    other.close()
                for one in (selector, door, asker):
                    one.close()
                os.close(owner)
                _take_over(streams)
                return task
            for stream in streams:
                os.close(stream)
            asker.sendall(f"{pid}\n".encode())
            end = os.pidfd_open(pid)
            running[end] = (pid, asker)
            selector.register(end, selectors.EVENT_READ)


def _asked(asker: socket.socket) -> tuple[dict[str, Any], list[int]]:
    """Until the other end of the connection says no more."""
    streams = array.array("i")
    text, beside, *_ = asker.recvmsg(LARGEST, socket.CMSG_SPACE(2 * streams.itemsize))
    for _, _, data in beside:
        streams.frombytes(data)
    while more := asker.recv(LARGEST):
        text += more
    return json.loads(text), list(streams)


def _tell_the_end(end: int, pid: int, asker: socket.socket) -> None:
    os.close(end)
    _, status = os.waitpid(pid, 0)
    with asker, suppress(OSError):  # who asked may have lost patience
        asker.sendall(f"{os.waitstatus_to_exitcode(status)}\n".encode())


def _take_over(streams: list[int]) -> None:
    for stream, number in zip(streams, (1, 2), strict=True):
        os.dup2(stream, number)
        os.close(stream)


def become(task: dict[str, Any]) -> None:
    """The process that the task is about: its folder, its environment, its moment, its words."""
    os.chdir(task["folder"])
    os.environ.clear()
    os.environ.update(task["environment"])
    time.tzset()
    if CLOCK in os.environ:
        _set_the_clock(os.environ[CLOCK].removeprefix("@"))
    sys.argv = task["arguments"]
    sys.path[0] = os.path.dirname(sys.argv[0])  # noqa: PTH120 - as Python makes it of a script


def _set_the_clock(moment: str) -> None:
    """`@` is counted from the start of the process, and that was long ago; a distance is not."""
    wanted = datetime.fromisoformat(moment).replace(tzinfo=UTC).timestamp()
    os.environ[CLOCK] = "+0"
    os.environ[CLOCK] = f"{wanted - time.time():+.6f}"
    assert abs(time.time() - wanted) < 60, "libfaketime does not look at the environment again"


def serve() -> None:
    """Until the end of standard input's owner; a child leaves as a command does."""
    door = socket.socket(fileno=int(sys.argv[1]))
    owner = int(sys.argv[2])
    read_the_program()
    gc.collect()
    gc.freeze()  # no child looks through all of it again, whose pages would then be its own
    become(forked(door, owner))
    from newsletter.cli import main

    try:
        main()
        status: object = 0
    except SystemExit as end:
        status = end.code
    except BaseException:  # noqa: BLE001 - told as Python tells what a process died of
        sys.excepthook(*sys.exc_info())
        status = 1
    _end(status)


def _end(status: object) -> None:
    """As Python ends, but that it does not take apart, module by module, what nobody needs."""
    threading._shutdown()  # type: ignore[attr-defined]
    atexit._run_exitfuncs()
    if isinstance(status, str):
        print(status, file=sys.stderr)
    for stream in (sys.stdout, sys.stderr):
        if stream is not None and not stream.closed:
            stream.flush()
    os._exit(status if isinstance(status, int) else int(status is not None))


if __name__ == "__main__":
    serve()
