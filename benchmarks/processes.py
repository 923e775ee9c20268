"""Whole processes, from start to exit: what a person waits for."""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

COMMAND = Path(sys.executable).parent / "newsletter"
RUNS = 15
ISSUE = "issues/2021-11-26.md"

BARE = [sys.executable, "-c", "pass"]
COMMANDS: list[tuple[str, list[str], float]] = [
    ("newsletter --help", ["--help"], 0.15),
    ("newsletter check, one issue", ["check", ISSUE], 0.3),
    ("newsletter render, one issue", ["render", ISSUE], 0.5),
]


def measure(root: Path) -> str:
    """A Markdown table; times in seconds, the ratio against an empty Python process."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for path in ("newsletter.toml", ISSUE):
            (folder / path).parent.mkdir(exist_ok=True)
            shutil.copyfile(root / path, folder / path)
        bare = _median(BARE, folder)
        rows = [
            "| whole process | hold | median | x an empty Python process |",
            "|---|---|---|---|",
            f"| python -c pass | | {bare:.3f} s | 1.0 |",
        ]
        for what, arguments, hold in COMMANDS:
            took = _median([str(COMMAND), *arguments], folder)
            rows.append(f"| {what} | {hold} s | {took:.3f} s | {took / bare:.1f} |")
    return "\n".join(rows)


def _median(command: list[str], folder: Path) -> float:
    environment = {"PATH": os.environ["PATH"]}
    took = []
    for _ in range(RUNS + 1):
        began = time.perf_counter()
        subprocess.run(command, cwd=folder, env=environment, check=True, stdout=subprocess.DEVNULL)
        took.append(time.perf_counter() - began)
    return statistics.median(took[1:])  # the first one fills the caches
