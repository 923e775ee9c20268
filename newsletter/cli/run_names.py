"""A run as people name it on the command line: by its issue's name, or by the issue's file."""

from pathlib import Path
from typing import TYPE_CHECKING

from newsletter.errors import StoreError
from newsletter.wiring import SUFFIXES

if TYPE_CHECKING:
    from newsletter.books import Run
    from newsletter.store import Runs


def run_name(text: str) -> str:
    """`issues/2021-11-26.md` and `2021-11-26` are one run."""
    return Path(text).stem if Path(text).suffix in SUFFIXES else text


def known_run(runs: "Runs", text: str) -> "Run":
    """Raises StoreError where the issue has no run."""
    name = run_name(text)
    found = runs.find(name)
    if found is None:
        raise StoreError(
            "this issue has never been sent", where=name, next_step="`newsletter status`"
        )
    return found
