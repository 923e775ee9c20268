"""The installed command, in processes that begin with its packages loaded.

Most of what a command costs is to start Python and to import, and is the same every time. So a
test process keeps a server that has done both, and that forks for a command: a process of its own,
with its own folder, environment, output and exit, which runs what the installed script runs. What
a process settles before its first line (the loader, the clock's zone, Python's own variables) no
fork can change: of those commands `fits` says no, and the script itself has to be started.
"""

import atexit
import gc
import json
import os
import selectors
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.metadata import entry_points
from pathlib import Path
from pkgutil import walk_packages

COMMAND = Path(sys.executable).parent / "newsletter"
OURS = "NEWSLETTER_"
NOT_NOW = ("newsletter.__main__", "newsletter.lsp", "newsletter.store.migrations.")
"""Modules that do something, or that few commands want."""

LAZY = (
    *("alembic.command", "cryptography.hazmat.primitives.asymmetric.rsa", "dotenv", "email.policy"),
    *("email_validator", "jinja2.ext", "lxml.etree", "markdown_it", "mjml", "premailer"),
    *("rapidfuzz.fuzz", "rich.table", "sqlalchemy.dialects.sqlite", "tinycss2", "yaml", "zoneinfo"),
)
"""What the package imports only where it is used."""

Run = Callable[[], str | int | None]
REQUEST = 65_536
"""Octets of arguments and environment."""


def fits(environment: Mapping[str, str]) -> bool:
    """Whether a fork will do: all but our own variables are as the server has them."""
    return sys.platform == "linux" and all(
        name.startswith(OURS) or os.environ.get(name) == value
        for name, value in environment.items()
    )


@dataclass
class WarmProcess:
    """A command that runs, with nothing to read; `communicate` waits for its end."""

    pid: int
    arguments: list[str]
    _answers: socket.socket
    _pipes: tuple[int, int]

    def communicate(self, seconds: float) -> subprocess.CompletedProcess[bytes]:
        """Its output, and its exit status or signal; a timeout kills, as in `subprocess.run`."""
        end = time.monotonic() + seconds
        said = {pipe: bytearray() for pipe in self._pipes}
        with self._answers, selectors.DefaultSelector() as selector:
            for pipe in self._pipes:
                selector.register(pipe, selectors.EVENT_READ)
            while selector.get_map():
                for key, _ in selector.select(self._left(end, seconds)):
                    piece = os.read(key.fd, 65_536)
                    said[key.fd] += piece
                    if not piece:
                        selector.unregister(key.fd)
                        os.close(key.fd)
            self._answers.settimeout(self._left(end, seconds))
            status = int(self._answers.recv(64))
        out, err = (bytes(said[pipe]) for pipe in self._pipes)
        return subprocess.CompletedProcess(self.arguments, status, out, err)

    def _left(self, end: float, seconds: float) -> float:
        left = end - time.monotonic()
        if left <= 0:
            os.kill(self.pid, signal.SIGKILL)
            raise subprocess.TimeoutExpired(self.arguments, seconds)
        return left


def start_warm(arguments: list[str], folder: Path, environment: Mapping[str, str]) -> WarmProcess:
    asked = json.dumps([arguments, str(folder), dict(environment)]).encode()
    assert len(asked) < REQUEST
    answers, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    (out, their_out), (err, their_err) = os.pipe(), os.pipe()
    try:
        socket.send_fds(_server(), [asked], [theirs.fileno(), their_out, their_err])
    finally:
        theirs.close()
        os.close(their_out)
        os.close(their_err)
    process = int(answers.recv(64) or b"0")
    assert process, "the server of warm commands has ended"
    return WarmProcess(process, arguments, answers, (out, err))


@cache
def _server() -> socket.socket:
    """The line to it. It ends with this process, which has the line's only other end."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with theirs:
        process = subprocess.Popen(
            [sys.executable, __file__, str(theirs.fileno())],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            pass_fds=[theirs.fileno()],
        )

    def end() -> None:
        ours.close()
        process.wait()

    atexit.register(end)
    return ours


def serve(line: socket.socket) -> Run:
    """Fork for each request. Returns in the forked process only, with what it has to call."""
    run = _load()
    while True:
        asked, passed, *_ = socket.recv_fds(line, REQUEST, 3)
        _bury(0 if not asked else os.WNOHANG)
        if not asked:
            os._exit(0)
        if os.fork() == 0 and _keep(socket.socket(fileno=passed[0])) == 0:
            line.close()
            _become(asked, passed[1:])
            return run
        for number in passed:
            os.close(number)


def _bury(options: int) -> None:
    """Wait for the keepers that have ended, or for all."""
    with suppress(ChildProcessError):
        while os.waitpid(-1, options)[0]:
            pass


def _load() -> Run:
    import newsletter

    names = [found.name for found in walk_packages(newsletter.__path__, "newsletter.")]
    for name in (*LAZY, *(name for name in names if not name.startswith(NOT_NOW))):
        with suppress(ImportError):  # an extra that is not installed here
            import_module(name)
    (script,) = entry_points(group="console_scripts", name="newsletter")
    run: Run = script.load()
    gc.collect()
    gc.freeze()
    return run


def _keep(answers: socket.socket) -> int:
    """Fork the command itself and tell how it ends; 0 in its process, and no return in this one."""
    process = os.fork()
    if process == 0:
        answers.close()
        return 0
    answers.send(str(process).encode())
    _, status = os.waitpid(process, 0)
    with suppress(BrokenPipeError):
        answers.send(str(os.waitstatus_to_exitcode(status)).encode())
    os._exit(0)


def _become(asked: bytes, output: list[int]) -> None:
    arguments, folder, environment = json.loads(asked)
    for number, target in zip(output, (1, 2), strict=True):
        os.dup2(number, target)
        os.close(number)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = [str(COMMAND), *arguments]


if __name__ == "__main__":
    sys.path[0] = str(COMMAND.parent)  # as it is for the script
    run = serve(socket.socket(fileno=int(sys.argv[1])))
    sys.exit(run())
