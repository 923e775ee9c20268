"""`newsletter import`: an issue from a pasted text, a saved page or a word processor's document."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from newsletter.check import Severity, all_rules, at_least, count_line
from newsletter.cli.console import note, say, say_block
from newsletter.cli.exit_status import ExitStatus
from newsletter.cli.findings import told
from newsletter.cli.new import next_day
from newsletter.cli.publication import from_here, house_here
from newsletter.cli.said import day_said
from newsletter.errors import IssueFileError, reading
from newsletter.importing import Imported, import_file
from newsletter.issue import Issue, parse_issue, source_from_text
from newsletter.publishing.checking import Checking
from newsletter.publishing.drafting import issue_path, write_new
from newsletter.publishing.history import History

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

    The result is checked, and what was left out is told, with its lines; where that is more than
    a tenth of the words, the exit status is 1. Without --date, the day is taken from the front
    matter or the file's name, or else is the rule's next.
    """
    root, house = house_here()
    said = day_said(day, option="--date")
    imported = import_file(_bytes(file), path=file, cues=house.cues)
    path = out or from_here(issue_path(root, said or imported.day or next_day()))
    write_new(path, imported.text, force=force)
    issue = parse_issue(source_from_text(imported.text, path=str(path)), cues=house.cues)
    say(f"{path} is written: {_counted(issue)}.")
    checking = Checking(
        house=house, rules=all_rules(), send_date=said or issue.date, history=History(house)
    )
    found = checking.find(issue, path=path).diagnostics
    shown = [item for item in found if at_least(item.severity, Severity.WARNING)]
    say_block(told(shown))
    if shown:
        note(count_line(shown, files=1))
    _say_losses(imported)
    raise typer.Exit(ExitStatus.FOUND if shown or imported.is_torn else ExitStatus.DONE)


def _say_losses(imported: Imported) -> None:
    """Last, so that nobody has to look for it."""
    for line in imported.notes:
        note(line)
    if imported.is_torn:
        note(
            f"{imported.left:,} of {imported.words:,} words are not in the issue: "
            "compare it with the original"
        )
    elif not imported.notes:
        say("Nothing was left out.")


def _bytes(file: str) -> bytes:
    """All of a file, or one byte more than anyone takes."""
    if file == "-":
        return sys.stdin.buffer.read(_MAX_BYTES + 1)
    with reading(file, IssueFileError, wanted="a document"), Path(file).open("rb") as opened:
        return opened.read(_MAX_BYTES + 1)


def _counted(issue: Issue) -> str:
    count = len(issue.stories)
    links = sum(len(story.links) for story in issue.stories)
    stories = "1 story" if count == 1 else f"{count} stories"
    inside = "it" if count == 1 else "them"
    return f"{stories}, {links} {'link' if links == 1 else 'links'} in {inside}"
