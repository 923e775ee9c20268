"""`newsletter fmt`: write issues in the canonical form."""

from pathlib import Path
from typing import Annotated

import typer

from newsletter.check import HouseFormat
from newsletter.cli.console import note, say_exactly
from newsletter.cli.exit_status import ExitStatus
from newsletter.cli.issue_files import ISSUES, STDIN, issue_files, load_text, whole_text
from newsletter.cli.mending import Mended
from newsletter.cli.publication import folder_of_issues, house_here
from newsletter.errors import IssueFileError
from newsletter.issue import Issue, parse_issue, write_issue


def fmt(
    paths: Annotated[
        list[Path] | None,
        ISSUES,
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Only name the files that would change.")
    ] = False,
    diff: Annotated[
        bool, typer.Option("--diff", help="Only show what would change in them.")
    ] = False,
) -> None:
    """Write issues in the canonical form. The words stay as they are.

    With --check or --diff nothing is written.
    """
    house = house_here()[1]
    files = issue_files(paths or [folder_of_issues()])
    texts = [_formatted(path, house) for path in files]  # all of them, before any is written
    changed = [text for text in texts if text.is_changed]
    if diff:
        say_exactly("".join(text.difference() for text in changed))
    if check or diff:
        for text in changed:
            note(f"{text.path} would change")
        raise typer.Exit(ExitStatus.FOUND if changed else ExitStatus.DONE)
    for text in texts:
        text.write()
    for text in changed:
        if text.path != STDIN:
            note(f"{text.path} rewritten")


def _formatted(path: Path, house: HouseFormat) -> Mended:
    source = load_text(path)
    issue = parse_issue(source, cues=house.cues)
    before = whole_text(source)
    _refuse_faults(issue)
    return Mended(path=path, before=before, after=write_issue(issue) if issue.stories else before)


def _refuse_faults(issue: Issue) -> None:
    """Front matter that could not be read would not be written as it is meant."""
    if issue.front_matter.faults:
        fault = issue.front_matter.faults[0]
        raise IssueFileError(
            f"the front matter cannot be read, so it is not rewritten: {fault.what}",
            where=f"{issue.path}:{fault.span.line}:{fault.span.column}",
            next_step=fault.hint,
        )
