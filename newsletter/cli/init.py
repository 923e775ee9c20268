"""`newsletter init`: lay out a new publication."""

from pathlib import Path
from typing import Annotated

import typer

from newsletter.books import key_of
from newsletter.cli.console import faint, say
from newsletter.errors import NewsletterError, OutputError
from newsletter.files import write_file
from newsletter.languages import LAID_OUT, Language, is_language_tag, language_of, settings_in
from newsletter.settings import FILE_NAME
from newsletter.starter import new_key, starter_files, starter_folder, with_key

_EXAMPLE = Path("issues/2021-11-26.md")
"""In English, so that a publication in another language does without it."""


def init(
    folder: Annotated[Path, typer.Argument(help="The folder; made if it is missing.")] = Path(),
    language: Annotated[
        str,
        typer.Option(
            "--language",
            metavar="TAG",
            help=f"What the issues are written in: {', '.join(LAID_OUT)}, or one with a region.",
        ),
    ] = "en-GB",
) -> None:
    """Lay out a new publication: settings, an issue and subscribers to try it with.

    Nothing that already exists is touched.
    """
    is_english = _known(language).tag == "en"
    root = starter_folder()
    files = [name for name in starter_files() if is_english or name != _EXAMPLE]
    there = [name for name in files if (folder / name).exists()]
    if there:
        raise OutputError(
            f"{there[0]} already exists, and nothing is overwritten",
            where=str(folder),
            next_step="name an empty folder",
        )
    for name in files:
        octets = (root / name).read_bytes()
        if name == Path(FILE_NAME):
            text = settings_in(octets.decode(), language)
            octets = with_key(text, new_key(key_of(folder.absolute().name))).encode()
        write_file(folder / name, octets)
        say(faint(f"  {folder / name}"))
    say("Your publication is laid out. Next:")
    if folder != Path():
        say(f"  cd {folder}")
    if not is_english:
        say("  newsletter new    # your first issue, with blanks to fill")
        say("  cp .env.example .env && chmod 600 .env    # then put a secret key in it")
        return
    say("  newsletter check")
    say(f"  newsletter render {_EXAMPLE}")
    say("  cp .env.example .env && chmod 600 .env    # then put a secret key in it")
    say(f"  newsletter send {_EXAMPLE} --subscribers subscribers.example.csv --dry-run")


def _known(tag: str) -> Language:
    """Raises NewsletterError for a language without words of ours."""
    if not is_language_tag(tag) or (found := language_of(tag)).tag not in LAID_OUT:
        raise NewsletterError(
            f"“{tag}” is not a language that can be laid out",
            where="--language",
            next_step=f"choose one of {', '.join(LAID_OUT)}, then set another and its words in "
            f"{FILE_NAME}",
        )
    return found
