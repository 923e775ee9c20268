"""`newsletter report`: what became of a run, to read, to keep, or for another program."""

from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from newsletter import wiring
from newsletter.cli.console import note, say
from newsletter.cli.publication import settings_here
from newsletter.cli.run_names import known_run
from newsletter.clock import now
from newsletter.files import write_file

if TYPE_CHECKING:
    from newsletter.books import Run
    from newsletter.settings import Settings
    from newsletter.store import Database


class Format(StrEnum):
    """What a report is written as."""

    TEXT = "text"
    JSON = "json"
    HTML = "html"


def report(
    run: Annotated[str, typer.Argument(help="The issue's name or file.", show_default=False)],
    format_: Annotated[Format, typer.Option("--format", help="text, json or html.")] = Format.TEXT,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE", help="Write it to a file.", show_default=False),
    ] = None,
) -> None:
    """Report on the sending of an issue: numbers that balance, replies, and who needs a person."""
    settings = settings_here(with_environment=True)
    with wiring.open_database(settings) as database:
        found = known_run(database.runs, run)
        pieces = _pieces(database, found, format_, settings)
        if out is None:
            for piece in pieces:
                say(piece)
            return
        lines = (f"{piece}\n".encode() for piece in pieces)
        write_file(out, lines, mode=0o600)  # it names people
        note(f"The report is in {out}.")


def _pieces(
    database: "Database", run: "Run", format_: Format, settings: "Settings"
) -> Iterator[str]:
    from newsletter.reports import gather, json_report, page_report, people, text_report

    gathered, names = gather(database, run, now()), people(database, run)
    match format_:
        case Format.JSON:
            return json_report(gathered, names)
        case Format.HTML:
            return page_report(gathered, names, settings.theme, more=more)
        case _:
            return text_report(gathered, names, more=more)


def _write(path: Path, pieces: Iterable[str]) -> None:
    """All of it or nothing: what stood there before stays until the new one is whole."""
    with _our_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        made = Path(name)
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.writelines(f"{piece}\n" for piece in pieces)
            made.replace(path)
        finally:
            made.unlink(missing_ok=True)


@contextmanager
def _our_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise OutputError(
            f"cannot be written: {error.strerror or error}",
            where=str(path),
            next_step="check the folder's permissions and the space on the disk",
        ) from error
