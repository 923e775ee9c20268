"""`newsletter log`: who did what, when, and to which bytes; nothing in it can be changed unseen."""

import json
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from newsletter import wiring
from newsletter.cli.console import bad, faint, good, say, strong
from newsletter.cli.exit_status import ExitStatus
from newsletter.cli.publication import settings_here
from newsletter.cli.run_names import run_name

if TYPE_CHECKING:
    from newsletter.books import AuditEntry
    from newsletter.settings import Settings
    from newsletter.store import Database


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
    """Print the log: approvals, overrides, schedules, sends, alerts; who, when, what digest.

    With --verify, exit status 1 says that an entry was changed, or is missing.
    """
    settings = settings_here(with_environment=True)
    with wiring.open_database(settings) as database:
        if verify:
            raise typer.Exit(_verify(database, settings))
        count = 0
        for entry in database.audit.entries(run_name(issue) if issue else None):
            count += 1
            say(_json(entry) if format_ is Format.JSON else _line(entry))
        if not count and format_ is Format.TEXT:
            say("Nothing is in the log.")


def _verify(database: "Database", settings: "Settings") -> ExitStatus:
    broken = database.audit.verify()
    if broken is not None:
        say(bad(f"Entry {broken.id} does not follow from the one before it: {_line(broken)}"))
        return ExitStatus.FOUND
    if wiring.is_restored(database.audit, wiring.read_witness(settings.folder)):
        say(bad("The log is whole as far as it goes, and lacks what this machine has seen in it."))
        return ExitStatus.FOUND
    last = database.audit.last()
    say(good(f"The log is whole: {last.id if last else 0:,} entries."))
    return ExitStatus.DONE


def _line(entry: "AuditEntry") -> str:
    digest = f"  {faint(f'digest {entry.digest[:12]}')}" if entry.digest else ""
    what = " ".join(f"{entry.issue} {entry.detail}".split())
    when = f"{entry.at:%Y-%m-%d %H:%M:%S} UTC"
    return f"{when}  {strong(entry.action.value)}  {what}  {faint(f'by {entry.by}')}{digest}"


def _json(entry: "AuditEntry") -> str:
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
