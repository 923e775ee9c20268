"""A text that a command changed: shown as a difference, written to its file, or printed."""

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from newsletter.cli.console import say_exactly
from newsletter.cli.issue_files import STDIN
from newsletter.files import rewrite_file

_LINE = re.compile(r"[^\n]*\n|[^\n]+")


@dataclass(frozen=True, kw_only=True, slots=True)
class Mended:
    """A file's whole text before and after."""

    path: Path
    before: str
    after: str

    @property
    def is_changed(self) -> bool:
        return self.before != self.after

    def write(self) -> None:
        """Into its file if it changed; what came on standard input goes on to standard output."""
        if self.path == STDIN:
            say_exactly(self.after)
        elif self.is_changed:
            rewrite_file(self.path, self.after.encode())

    def difference(self) -> str:
        """A unified diff, "" where nothing changed; `patch -p0` takes it."""
        return "".join(_difference(self))


def _difference(mended: Mended) -> Iterator[str]:
    before, after = _LINE.findall(mended.before), _LINE.findall(mended.after)
    name = str(mended.path)
    for line in difflib.unified_diff(before, after, name, name):
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
