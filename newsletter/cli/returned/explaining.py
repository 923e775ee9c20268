"""`newsletter bounces explain`: what a message that came back says, without any books."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from newsletter.books import with_codes
from newsletter.bounces.read import MAX_OCTETS
from newsletter.cli.console import say, say_data, show_error, strong
from newsletter.cli.exit_status import ExitStatus
from newsletter.cli.formats import AsFormat, Format, Record
from newsletter.errors import NewsletterError
from newsletter.publishing.explaining import Understanding, explained

_STDIN = Path("-")


def explain(
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE...",
            help="Messages, folders of them, or - for standard input.",
            show_default=False,
        ),
    ],
    format_: AsFormat = Format.TEXT,
) -> None:
    """Say what messages mean: whom they are about, of which kind, in the server's words, and how
    that is known.

    Nothing is read or written beside them. As JSON, each is one object on a line of its own.
    """
    are_all_read = True
    for path in _messages(files):
        try:
            found = explained(_read(path))
        except NewsletterError as error:
            show_error(error)
            are_all_read = False
            continue
        if format_ is Format.JSON:
            say_data(json.dumps(_record(path, found), ensure_ascii=False))
        else:
            _say(path, found)
    if not are_all_read:
        raise typer.Exit(ExitStatus.COULD_NOT_RUN)


def _messages(files: list[Path]) -> Iterator[Path]:
    for path in files:
        if path.is_dir():
            yield from sorted(each for each in path.rglob("*") if each.is_file())
        else:
            yield path


def _read(path: Path) -> bytes:
    if path == _STDIN:
        return sys.stdin.buffer.read(MAX_OCTETS)
    try:
        with path.open("rb") as file:
            return file.read(MAX_OCTETS)
    except OSError as error:
        raise NewsletterError(
            f"the message cannot be read: {error.strerror}",
            where=str(path),
            next_step="check the path",
        ) from error


def _record(path: Path, found: Understanding) -> Record:
    """The first recipient's words stand for the whole, as nearly always there is one."""
    gravest = [each for each in found.recipients if each.kind is found.kind]
    first = next(iter(gravest or found.recipients), None)
    return {
        "file": str(path).encode("utf-8", "replace").decode(),
        "kind": found.kind.value,
        "recipients": [each.address for each in found.recipients if each.address],
        "code": first.code if first else None,
        "enhanced_code": (first.enhanced_code or None) if first else None,
        "reason": first.reason if first else "",
        "how": found.how,
        "final": first.is_final if first else True,
        "subject": found.subject,
        "each": [
            {
                "address": each.address or None,
                "kind": each.kind.value,
                "code": each.code,
                "enhanced_code": each.enhanced_code or None,
                "reason": each.reason,
                "final": each.is_final,
            }
            for each in found.recipients
        ],
    }


def _shown(path: Path) -> str:
    """A name as people may see it: it may hold what moves a terminal's cursor."""
    return "".join(each if each.isprintable() else "?" for each in str(path))


def _say(path: Path, found: Understanding) -> None:
    how = f", by {found.how}" if found.how else ""
    say(f"{strong(_shown(path))}: {found.kind.value}{how}")
    for each in found.recipients:
        said = with_codes(each.reason, each.code, each.enhanced_code)
        delay = "" if each.is_final else " (a delay)"
        say(f"  {each.address or 'nobody is named'}: {each.kind.value}{delay}")
        if said:
            say(f"    {said}")
