"""`newsletter log`: who did what, when, and to which bytes; nothing in it can be changed unseen."""

import json
from enum import StrEnum
from typing import Annotated

import typer

from newsletter.books import AuditEntry, second
from newsletter.cli.console import bad, faint, good, say, strong
from newsletter.cli.exit_status import ExitStatus
from newsletter.cli.opening import publication_here
from newsletter.publishing.issues import issue_name
from newsletter.publishing.publication import Books
from newsletter.publishing.witness import is_restored, read_witness


class Format(StrEnum):
    """What the log is written as; JSON is one object a line."""

    TEXT = "text"
    JSON = "json"


def log(
    issue: Annotated[
        str | None, typer.Argument(help="The issue's name or file.", show_default=False)
    ] = None,
    format_: Annotated[Format, typer.Option("--format", help="text or json.")] = Format.TEXT,
    verify: Annotated[
        bool, typer.Option("--verify", help="Only say whether the log is whole.")
    ] = False,
) -> None:
    """Print the log: approvals, overrides, schedules, sends, alerts; who, when and which digest.

    With --verify, exit status 1 says that an entry was changed, or is missing.
    """
    with publication_here().reading() as books:
        if verify:
            raise typer.Exit(_verify(books))
        count = 0
        for entry in books.database.audit.entries(issue_name(issue) if issue else None):
            count += 1
            say(_json(entry) if format_ is Format.JSON else _line(entry))
        if not count and format_ is Format.TEXT:
            say("No entries.")


def _verify(books: Books) -> ExitStatus:
    audit = books.database.audit
    broken = audit.verify()
    if broken is not None:
        say(bad(f"Entry {broken.id} does not follow from the one before it: {_line(broken)}"))
        return ExitStatus.FOUND
    if is_restored(audit, read_witness(books.settings.folder)):
        say(bad("Entries that this machine has seen are missing from the log."))
        return ExitStatus.FOUND
    last = audit.last()
    say(good(f"The log is whole: {last.id if last else 0:,} entries."))
    return ExitStatus.DONE


def _line(entry: AuditEntry) -> str:
    digest = f"  {faint(f'digest {entry.digest[:12]}')}" if entry.digest else ""
    what = " ".join(f"{entry.issue} {entry.detail}".split())
    by = faint(f"by {entry.by}")
    return f"{second(entry.at)}  {strong(entry.action.value)}  {what}  {by}{digest}"


def _json(entry: AuditEntry) -> str:
    facts = {
        "id": entry.id,
        "at": entry.at.isoformat(),
        "by": entry.by,
        "action": entry.action.value,
        "issue": entry.issue,
        "digest": entry.digest,
        "detail": entry.detail,
        "chain": entry.chain,
    }
    return json.dumps(facts, ensure_ascii=False)
