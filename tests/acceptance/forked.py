"""The command in a process of its own, which need not read the program first: it is forked.

To read the program takes several times as long as what most commands do. So it is read once, by a
process that waits (tests.acceptance.forking), and a command is a fork of it: with the folder, the
environment, the clock and the streams it is given, and an end of its own. What only a start of the
installed script can show is shown by those tests that start it: the tests of `--help` and of the
terminal, the daemons, the crashes, the tutorial, the wheel.
"""

import array
import atexit
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path

from tests.acceptance.forking import CLOCK

SERVER = Path(__file__).with_name("forking.py")
PRELOADED = "LD_PRELOAD"
CLOCKS = {PRELOADED, CLOCK, f"{CLOCK}_DONT_FAKE_MONOTONIC"}
OF_THE_START = ("PYTHON", "LD_", "LC_", "LANG", "FAKETIME", "MALLOC")
"""Variables that a process looks at when it starts, and never again."""


def can_fork(environment: Mapping[str, str]) -> bool:
    """Whether a fork cannot be told from a start: not where a start would be another."""
    own = {name for name in environment if name.startswith(OF_THE_START)} - CLOCKS
    return (
        hasattr(os, "pidfd_open")
        and hasattr(os, "memfd_create")
        and all(environment[name] == os.environ.get(name) for name in own)
        and (PRELOADED not in environment or environment.get(CLOCK, "").startswith("@"))
    )


def run_forked(
    arguments: Sequence[str], *, folder: Path, environment: Mapping[str, str], timeout: float
) -> "subprocess.CompletedProcess[str]":
    """As `subprocess.run` with captured output does, for a script of Python's and nothing to read.

    A command that takes longer than `timeout` seconds is killed: `subprocess.TimeoutExpired`.
    """
    task = {"arguments": list(arguments), "folder": str(folder), "environment": dict(environment)}
    out, err = (os.memfd_create(name) for name in ("out", "err"))
    try:
        with socket.socket(socket.AF_UNIX) as asking:
            asking.settimeout(timeout)
            asking.connect(_server(environment.get(PRELOADED, "")))
            streams = array.array("i", (out, err)).tobytes()
            beside = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, streams)]
            text = json.dumps(task).encode()
            sent = asking.sendmsg([text], beside)
            asking.sendall(text[sent:])
            asking.shutdown(socket.SHUT_WR)
            status = _status(asking, arguments, timeout)
        return subprocess.CompletedProcess(arguments, status, _text(out), _text(err))
    finally:
        os.close(out)
        os.close(err)


def _status(asking: socket.socket, arguments: Sequence[str], timeout: float) -> int:
    with asking.makefile() as told:
        pid = int(told.readline())
        try:
            return int(told.readline())
        except TimeoutError:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
            raise subprocess.TimeoutExpired(list(arguments), timeout) from None


def _text(stream: int) -> str:
    """With line ends as `text=True` has them."""
    os.lseek(stream, 0, os.SEEK_SET)
    with os.fdopen(os.dup(stream), encoding="utf-8") as file:
        return file.read()


@cache
def _server(preloaded: str) -> str:
    """The address of the process that has the program read, under that library."""
    folder = Path(tempfile.mkdtemp(prefix="nl-", dir="/tmp"))
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(str(folder / "door"))
        door.listen(64)
        ours, theirs = os.pipe()
        clock = {
            PRELOADED: preloaded,
            CLOCK: "+0",
            f"{CLOCK}_NO_CACHE": "1",
            f"{CLOCK}_DONT_FAKE_MONOTONIC": "1",
        }
        process = subprocess.Popen(
            [sys.executable, SERVER, str(door.fileno()), str(ours)],
            env={**os.environ, **(clock if preloaded else {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            pass_fds=(door.fileno(), ours),
            cwd="/",
        )
        os.close(ours)
    atexit.register(_close, process, theirs, folder)
    return str(folder / "door")


def _close(process: "subprocess.Popen[bytes]", pipe: int, folder: Path) -> None:
    """A server whose owner is killed ends as well: the other end of its pipe is closed then."""
    process.kill()
    process.wait()
    os.close(pipe)
    shutil.rmtree(folder)
