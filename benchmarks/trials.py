"""One program sending one number of messages, as a process of its own: what it took.

Each trial is a whole process that says itself how long its sending took, where it can; start-up,
rendering and the like are not in it. Memory is the most the process ever had, by the system.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.publication import ISSUE, ROOT, Publication

CONNECTIONS = 80
"""Ours: more sessions share a turn of the journal. Postfix lets a stranger have 50, and its own
networks as many as it has processes, 100."""

THEIRS = 20
"""nodemailer's pool and smtp-source, which are no quicker with more."""

FEWER = 10
"""On the long link, and for ours once more."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Trial:
    """Wall clock and CPU in seconds, memory in bytes; `journal` is seconds spent in it."""

    messages: int
    seconds: float
    cpu: float
    memory: int
    turns: int = 0
    journal: float = 0.0

    @property
    def rate(self) -> float:
        """Messages a second."""
        return self.messages / self.seconds

    @property
    def cost(self) -> float:
        """Microseconds of CPU a message."""
        return 1e6 * self.cpu / self.messages


def ours(
    publication: Publication,
    port: int,
    messages: int,
    *,
    journalled: bool = True,
    connections: int = CONNECTIONS,
) -> Trial:
    """`newsletter send` to so many new readers, everything on."""
    publication.invite(messages)
    transport = f"smtp://127.0.0.1:{port}?tls=none&connections={connections}"
    switch = [] if journalled else ["--no-journal"]
    said = _run(
        [sys.executable, "-m", "benchmarks.sender_process", *switch, "send", ISSUE, "--yes"],
        folder=publication.folder,
        environment=publication.environment(transport),
        expected=(0,) if journalled else (0, 1, 2, 75),
    )
    return _trial(messages, said)


def peer(way: str, port: int, messages: int, letter: Path) -> Trial:
    command = [sys.executable, "-m", "benchmarks.peers", way, str(port), str(messages), str(letter)]
    return _trial(messages, _run(command))


def nodemailer(modules: Path, port: int, messages: int, letter: Path) -> Trial:
    script = str(ROOT / "benchmarks/nodemailer.mjs")
    sizes = [str(port), str(THEIRS), str(messages)]
    return _trial(messages, _run(["node", script, *sizes, str(letter), str(modules)]))


def smtp_source(program: str, port: int, messages: int, octets: int) -> Trial:
    """It makes up its content, and says nothing: its whole process is timed, which is short."""
    sizes = ["-s", str(THEIRS), "-m", str(messages), "-l", str(octets)]
    envelope = ["-f", "bounces@news.example.com", "-t", "reader@example.com"]
    return _trial(messages, _run([program, "-d", *sizes, *envelope, f"127.0.0.1:{port}"]))


def _trial(messages: int, said: Mapping[str, float]) -> Trial:
    return Trial(
        messages=messages,
        seconds=said["seconds"],
        cpu=said["cpu"],
        memory=int(said["memory"]),
        turns=int(said.get("turns", 0)),
        journal=said.get("journal_seconds", 0.0),
    )


def _run(
    command: Sequence[str],
    *,
    folder: Path = ROOT,
    environment: Mapping[str, str] | None = None,
    expected: Sequence[int] = (0,),
) -> Mapping[str, float]:
    """What the process says of itself in its last line, over what the system says of it."""
    with tempfile.TemporaryFile() as out:
        began = os.times().elapsed
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=out, stderr=out)
        _, status, used = os.wait4(process.pid, 0)
        took = os.times().elapsed - began
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        said = out.read().decode(errors="replace").strip()
    if process.returncode not in expected:
        raise SystemExit(f"{' '.join(command)} ended with {process.returncode}:\n{said}")
    last = said.rpartition("\n")[2]
    record = json.loads(last) if last.startswith("{") else {}
    by_system = {"seconds": took, "cpu": used.ru_utime + used.ru_stime}
    return by_system | record | {"memory": used.ru_maxrss * 1024}
