"""`newsletter init`: lay out a new publication."""

from pathlib import Path
from typing import Annotated

import typer

from newsletter.cli.console import faint, say
from newsletter.errors import OutputError
from newsletter.files import write_file
from newsletter.starter import starter_files, starter_folder


def init(
    folder: Annotated[Path, typer.Argument(help="The folder; made if it is missing.")] = Path(),
) -> None:
    """Lay out a new publication: settings, templates, an issue and subscribers to try it with.

    Nothing that already exists is touched.
    """
    root = starter_folder()
    files = list(starter_files())
    there = [name for name in files if (folder / name).exists()]
    if there:
        raise OutputError(
            f"{there[0]} already exists, and nothing is overwritten",
            where=str(folder),
            next_step="name an empty folder",
        )
    for name in files:
        write_file(folder / name, (root / name).read_bytes())
        say(faint(f"  {folder / name}"))
    say("Your publication is laid out. Next:")
    if folder != Path():
        say(f"  cd {folder}")
    say("  newsletter check")
    say("  newsletter render issues/2021-11-26.md")
    say("  cp .env.example .env && chmod 600 .env    # then put a secret key in it")
    say("  newsletter send issues/2021-11-26.md --subscribers subscribers.example.csv --dry-run")
