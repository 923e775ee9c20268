"""A publication laid out in an empty folder, and the installed command to work on it."""

import os
import resource
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from tests.acceptance.warm_command import COMMAND, fits, start_warm

__all__ = ["COMMAND", "Done", "Publication", "clean_environment"]

KEY = "0123456789abcdef" * 4
SECONDS = 60.0
"""A command that takes longer hangs."""


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
        words = [*map(str, arguments)]
        environment = {**self.environment, **(env or {})}
        if not max_file_bytes and fits(environment):
            done = start_warm(words, self.folder, environment).communicate(SECONDS)
        else:
            done = subprocess.run(
                [COMMAND, *words],
                cwd=self.folder,
                env=environment,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=SECONDS,
                preexec_fn=partial(_limit, max_file_bytes) if max_file_bytes else None,
            )
        out, err = (_text(said) for said in (done.stdout, done.stderr))
        assert "Traceback" not in err, err
        return Done(done.returncode, out, err)

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

    def people(self, count: int) -> Path:
        """A CSV file with so many subscribers."""
        rows = (f"reader{number}@example.com,Reader {number}\n" for number in range(count))
        path = self.folder / "people.csv"
        path.write_text("email,first_name\n" + "".join(rows))
        return path


def _text(said: bytes) -> str:
    """As Python reads a pipe: any line end is one."""
    return said.decode().replace("\r\n", "\n").replace("\r", "\n")


def _limit(size: int) -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


def clean_environment() -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return {**kept, "NEWSLETTER_SECRET_KEY": KEY, "NEWSLETTER_TRANSPORT": "directory:sent/"}
