"""`newsletter import`: an issue from a pasted text, a saved page or a word processor's document."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from newsletter.check import FORMATS, Severity, all_rules, at_least, count_line
from newsletter.cli.console import note, say, say_block
from newsletter.cli.exit_status import ExitStatus
from newsletter.cli.new import next_day
from newsletter.cli.publication import from_here, house_here
from newsletter.cli.said import day_said
from newsletter.errors import IssueFileError, reading
from newsletter.importing import Imported, import_docx, import_html, import_text
from newsletter.issue import Cues, Issue, parse_issue, source_from_text
from newsletter.publishing.checking import Checking
from newsletter.publishing.drafting import issue_path, write_new
from newsletter.publishing.history import History

_KINDS = {
    ".txt": import_text,
    ".md": import_text,
    ".markdown": import_text,
    ".html": import_html,
    ".htm": import_html,
    ".xhtml": import_html,
    ".docx": import_docx,
}
_MAX_BYTES = 20 * 1024 * 1024


def import_(
    file: Annotated[
        str, typer.Argument(help="A .txt, .md, .html or .docx; - for a paste on standard input.")
    ],
    out: Annotated[
        Path | None, typer.Option(help="The file to write.", show_default="issues/DATE.md")
    ] = None,
    day: Annotated[
        str | None,
        typer.Option("--date", metavar="DATE", help="The issue's day.", show_default=False),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite what is there.")] = False,
) -> None:
    """Turn a paste, a page or a .docx into an issue. Links, quotes and lists stay.

    The result is checked. Without --date, the day is taken from the front matter or the file's
    name, or else is the rule's next.
    """
    root, house = house_here()
    said = day_said(day, option="--date")
    imported = _read(file, house.cues)
    path = out or from_here(issue_path(root, said or imported.day or next_day()))
    write_new(path, imported.text, force=force)
    issue = parse_issue(source_from_text(imported.text, path=str(path)), cues=house.cues)
    for line in imported.notes:
        note(line)
    say(f"{path} is written: {_counted(issue)}.")
    checking = Checking(
        house=house, rules=all_rules(), send_date=said or issue.date, history=History(house)
    )
    found = checking.find(issue, path=path).diagnostics
    shown = [item for item in found if at_least(item.severity, Severity.WARNING)]
    say_block(FORMATS["text"](shown))
    if shown:
        note(count_line(shown, files=1))
    raise typer.Exit(ExitStatus.FOUND if shown else ExitStatus.DONE)


def _read(file: str, cues: Cues) -> Imported:
    data = _bytes(file)
    if file == "-":
        is_page = data.lstrip()[:15].lower().startswith((b"<!doctype html", b"<html"))
        return (import_html if is_page else import_text)(data, path=file, cues=cues)
    kind = _KINDS.get(Path(file).suffix.lower())
    if kind is None:
        raise IssueFileError(
            f"files of this kind cannot be read; {', '.join(_KINDS)} can",
            where=file,
            next_step="save it as one of those",
        )
    return kind(data, path=file, cues=cues)


def _bytes(file: str) -> bytes:
    """All of a file, or one byte more than anyone takes."""
    if file == "-":
        return sys.stdin.buffer.read(_MAX_BYTES + 1)
    with reading(file, IssueFileError, wanted="a document"), Path(file).open("rb") as opened:
        return opened.read(_MAX_BYTES + 1)


def _counted(issue: Issue) -> str:
    count = len(issue.stories)
    links = sum(len(story.links) for story in issue.stories)
    return f"{count} {'story' if count == 1 else 'stories'}, {links} links in them"
