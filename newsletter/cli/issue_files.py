"""Which issue files a command was asked to work on, and the texts in them."""

import sys
from collections.abc import Iterable
from pathlib import Path

import typer

from newsletter.cli.publication import issue_here
from newsletter.errors import IssueFileError
from newsletter.issue import MAX_BYTES, Source, load_source, source_from_bytes
from newsletter.publishing.issue_names import SUFFIXES

STDIN = Path("-")

ISSUE = typer.Argument(metavar="ISSUE", help="The issue's name or file.", show_default=False)
ISSUES = typer.Argument(
    metavar="ISSUE...",
    help="Issues, folders of them, or - for standard input; without any: issues/",
    show_default=False,
)
"""By their metavars a shell knows what to complete."""


def issue_files(paths: Iterable[Path]) -> list[Path]:
    """Every issue named, and the .md and .txt files of every folder named, in order, each once."""
    files: list[Path] = []
    for path in paths:
        files += _inside(path) if path.is_dir() else [path if path == STDIN else issue_here(path)]
    return list(dict.fromkeys(files))


def _inside(folder: Path) -> list[Path]:
    inside = sorted(file for file in folder.iterdir() if file.suffix in SUFFIXES)
    if not inside:
        raise IssueFileError(
            "there is no issue in this folder", where=str(folder), next_step="name a file"
        )
    return inside


def load_text(path: Path) -> Source:
    """The text of a file, or of standard input for "-". Raises IssueFileError."""
    if path == STDIN:
        return source_from_bytes(sys.stdin.buffer.read(MAX_BYTES + 1), path=str(STDIN))
    return load_source(path)


def whole_text(source: Source) -> str:
    """All characters of the file: the byte-order mark is one of them."""
    return f"\ufeff{source.text}" if source.has_bom else source.text
