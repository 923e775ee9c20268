"""The example publication in a folder of its own, and the installed command to work on it."""

import os
import resource
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from tests.acceptance.forked import can_fork, run_forked
from tests.pace import patience

COMMAND = Path(sys.executable).parent / "newsletter"
KEY = "0123456789abcdef" * 4
ROOT = Path(__file__).parents[2]
EXAMPLE = (
    *("newsletter.toml", ".env.example", "subscribers.example.csv"),
    "issues/2021-11-26.md",
)
"""What a publication needs of the repository's own, that of `make demo`."""


_WRITTEN_BY_AN_IMPORT = ("people.csv", "newsletter.db", "newsletter.witness")
_IMPORTED: dict[int, dict[str, bytes]] = {}


@dataclass(frozen=True)
class Done:
    """What a finished command left behind."""

    status: int
    out: str
    err: str


@dataclass(frozen=True)
class Publication:
    """A folder with newsletter.toml, and an environment of its own."""

    folder: Path
    environment: dict[str, str]

    def run(
        self,
        *arguments: str | Path,
        env: Mapping[str, str] | None = None,
        max_file_bytes: int | None = None,
    ) -> Done:
        """To its end; a fork where that cannot be told from a start (tests.acceptance.forked)."""
        environment = {**self.environment, **(env or {})}
        command = [str(COMMAND), *map(str, arguments)]
        if not max_file_bytes and can_fork(environment):
            done = run_forked(
                command, folder=self.folder, environment=environment, timeout=patience(60)
            )
        else:
            done = _started(command, self.folder, environment, max_file_bytes)
        assert "Traceback" not in done.stderr, done.stderr
        return Done(done.returncode, done.stdout, done.stderr)

    def own(self, name: str) -> Path:
        """A template of ours by its name, made the publication's own."""
        path = self.folder / "templates" / name
        if not path.exists():
            assert 0 == self.run("templates", "eject", name).status
        return path

    def run_on_terminal(
        self, *arguments: str | Path, answers: str, env: Mapping[str, str] | None = None
    ) -> Done:
        """As `run`, with somebody there who answers: a line for each question."""
        ours, theirs = os.openpty()
        try:
            os.write(ours, answers.encode())
            done = subprocess.run(
                [COMMAND, *map(str, arguments)],
                cwd=self.folder,
                env={**self.environment, **(env or {})},
                stdin=theirs,
                capture_output=True,
                text=True,
                timeout=patience(60),
            )
        finally:
            os.close(ours)
            os.close(theirs)
        return Done(done.returncode, done.stdout, done.stderr)

    def start(self, *arguments: str, env: Mapping[str, str]) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [COMMAND, *arguments],
            cwd=self.folder,
            env={**self.environment, **(env or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def lay_out(self) -> None:
        """The example publication: its settings, and its newest issue."""
        for name in EXAMPLE:
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, path)

    def import_people(self, count: int) -> None:
        """So many on its list. They are imported once, into a folder whose database is copied."""
        if count not in _IMPORTED:
            done = self.run("subscribers", "import", self.people(count), "--yes")
            assert 0 == done.status, done.err
            _IMPORTED[count] = {
                name: (self.folder / name).read_bytes() for name in _WRITTEN_BY_AN_IMPORT
            }
        for name, octets in _IMPORTED[count].items():
            (self.folder / name).write_bytes(octets)
            (self.folder / name).chmod(0o600)  # as an import makes them

    def people(self, count: int) -> Path:
        """A CSV file with so many subscribers."""
        rows = (f"reader{number}@example.com,Reader {number},a test\n" for number in range(count))
        path = self.folder / "people.csv"
        path.write_text("email,first_name,consent\n" + "".join(rows))
        return path


def _started(
    command: list[str], folder: Path, environment: dict[str, str], max_file_bytes: int | None
) -> "subprocess.CompletedProcess[str]":
    if max_file_bytes:  # Python would leave a torn .pyc of ours, and keep to it ever after
        environment["PYTHONDONTWRITEBYTECODE"] = "1"
    return subprocess.run(
        command,
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=patience(60),
        preexec_fn=partial(_limit, max_file_bytes) if max_file_bytes else None,
    )


def _limit(size: int) -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


def clean_environment() -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return {**kept, "NEWSLETTER_SECRET_KEY": KEY, "NEWSLETTER_TRANSPORT": "directory:sent/"}
