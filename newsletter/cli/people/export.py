"""`newsletter subscribers export`: the list as a file that can come back."""

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from newsletter.cli.console import note
from newsletter.cli.opening import publication_here
from newsletter.cli.segments import SegmentText, segment_said, warn_of_strangers
from newsletter.files import write_file
from newsletter.publishing.people.exporting import ExportFormat, Exporting

_STDOUT = Path("-")


def export(
    path: Annotated[
        Path, typer.Argument(help="The file to write; standard output without one.")
    ] = _STDOUT,
    format_: Annotated[
        ExportFormat, typer.Option("--format", help="csv, or json with the suppression list.")
    ] = ExportFormat.CSV,
    suppressions: Annotated[
        bool,
        typer.Option("--suppressions", help="The suppression list instead of the people."),
    ] = False,
    segment: SegmentText = None,
) -> None:
    """Write the list to a file: every state, date and consent, tags, attributes and suppressions.

    With --segment only the people in it, in whatever state they are.

    Cells that a spreadsheet would run as formulas begin with an apostrophe, which an import takes
    away again. Only its owner may read the file.
    """
    wanted = segment_said(segment)
    with publication_here().acting() as books:
        warn_of_strangers(wanted, books)
        exporting = Exporting(books, wanted)
        if suppressions and format_ is ExportFormat.CSV:
            pieces = exporting.suppressions()
        else:
            pieces = exporting.people(format_)
        _write(path, pieces)
        exporting.done("standard output" if path == _STDOUT else path.name)
    if path != _STDOUT:
        count = exporting.count
        note(f"{path}: {count.people:,} people, {count.suppressions:,} suppressions.")


def _write(path: Path, pieces: Iterable[bytes]) -> None:
    if path != _STDOUT:
        write_file(path, pieces, mode=0o600)
        return
    for piece in pieces:
        sys.stdout.buffer.write(piece)
    sys.stdout.flush()
