"""A machine of its own on this one: host name, processes, network, and a root that only it sees.

All of it is namespaces (namespaces(7)), and the root is this machine's with a layer over it
(overlayfs): what is written to /etc, /srv or /opt stays in memory. Nothing of it has a name
outside, and it ends with the process that holds it, which the kernel ends with the test run.
"""

import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from tests.pace import patience

HERE = Path(__file__).parent
PYTHON = Path("/usr/bin/python3")
"""Debian's own, as the page has it."""

PROGRAMS = ("unshare", "nsenter", "setpriv", "ip", "rsync", "adduser", "pg_createcluster")
SHELL_PATH = "/run/standing-in:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


def missing() -> str:
    """Why there can be no such machines here; empty where there can."""
    if os.getuid() != 0:
        return "only root may make namespaces"
    if absent := [name for name in PROGRAMS if shutil.which(name, path=SHELL_PATH) is None]:
        return f"not installed: {', '.join(absent)}"
    if not PYTHON.exists():
        return "Debian's own Python is not here"
    asked = [str(PYTHON), "-c", "import sys, ensurepip; print(*sys.version_info[:2])"]
    told = subprocess.run(asked, capture_output=True, text=True)
    if told.stdout.split() != [str(part) for part in sys.version_info[:2]]:
        return "Debian's Python is another version than the tests', and cannot use its packages"
    may = subprocess.run(["unshare", "--mount", "--net", "--pid", "--fork", "true"])
    return "" if may.returncode == 0 else "no namespaces can be made here"


@dataclass
class Machine:
    """Enter it to switch it on. `folder` is where its shell is, as `cd` left it."""

    name: str
    address: str
    folder: str = "/root"
    environment: dict[str, str] = field(default_factory=dict)
    _scratch: str = ""
    _holder: subprocess.Popen[str] | None = None

    def __enter__(self) -> Self:
        self._scratch = tempfile.mkdtemp(prefix=f"newsletter-{self.name}-")
        laid = ["sh", str(HERE / "lay_out.sh"), self.name, self._scratch]
        packages = sysconfig.get_path("purelib")
        self._holder = subprocess.Popen(
            [
                *("setpriv", "--pdeathsig", "KILL", "unshare", "--kill-child"),
                *("--mount", "--uts", "--ipc", "--net", "--pid", "--fork"),
                *(*laid, packages, str(HERE / "standing_in"), str(PYTHON)),
            ],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._holder.stdout is not None
        assert "up\n" == self._holder.stdout.readline(), f"{self.name} did not come up"
        return self

    def __exit__(self, *_: object) -> None:
        assert self._holder is not None
        self._holder.kill()
        self._holder.communicate(timeout=patience(30))
        Path(self._scratch).rmdir()

    @property
    def first_process(self) -> int:
        """Its number out here."""
        assert self._holder is not None
        number = self._holder.pid
        return int(Path(f"/proc/{number}/task/{number}/children").read_text())

    def inside(self, *command: str) -> list[str]:
        """The command line that has a command done in there."""
        target = str(self.first_process)
        return ["nsenter", "-t", target, "-m", "-u", "-i", "-n", "-p", "-r", "-w", *command]

    def try_(self, line: str, typed: str = "") -> subprocess.CompletedProcess[str]:
        """A line of shell, `typed` being what is asked for; a `cd` holds for the next one."""
        script = f'cd "$PLACE" && {{ {line}\n}}; status=$?; pwd > /run/place; exit $status'
        done = subprocess.run(
            self.inside("bash", "-c", script),
            env={"PATH": SHELL_PATH, "HOME": "/root", "LANG": "C.UTF-8", "PLACE": self.folder}
            | self.environment,
            input=typed,
            capture_output=True,
            text=True,
            timeout=patience(120),
            start_new_session=True,
        )
        self.folder = self.read("/run/place").strip()
        return done

    def do(self, line: str, typed: str = "") -> str:
        """The same, and it must go well; what it says."""
        done = self.try_(line, typed)
        said = done.stdout + done.stderr
        assert 0 == done.returncode, f"{self.name}# {line}\n{said}\n{self.logs()}"
        return said

    def _place(self, path: str) -> Path:
        return Path(f"/proc/{self.first_process}/root{path}")

    def read(self, path: str) -> str:
        return self._place(path).read_text(encoding="utf-8")

    def write(self, path: str, text: str) -> None:
        """Its owner and its mode stay as they are, if it is there."""
        self._place(path).write_text(text, encoding="utf-8")

    def copy(self, source: Path, folder: str) -> None:
        shutil.copy(source, self._place(folder))

    def logs(self) -> str:
        """What its units have said."""
        paths = sorted(self._place("/var/log").glob("friday*.log"))
        return "\n".join(f"=== {self.name} {path.name}\n{path.read_text()}" for path in paths)


def connect(hub: Machine, others: Sequence[Machine]) -> None:
    """A network of all of them, 10.0.0.0/24, that leads nowhere else: the hub has the switch."""

    def ip(machine: Machine, words: str) -> None:
        target = str(machine.first_process)
        subprocess.run(["nsenter", "-t", target, "-n", "ip", *words.split()], check=True)

    ip(hub, "link add switch type bridge")
    ip(hub, f"address add {hub.address}/24 dev switch")
    for each in ("lo", "switch"):
        ip(hub, f"link set {each} up")
    for other in others:
        port = f"to-{other.name}"
        ip(hub, f"link add {port} type veth peer name eth0 netns {other.first_process}")
        ip(hub, f"link set {port} master switch up")
        ip(other, f"address add {other.address}/24 dev eth0")
        for each in ("lo", "eth0"):
            ip(other, f"link set {each} up")
