"""`newsletter log`: who did what, when, and to which bytes; nothing in it can be changed unseen."""

import sys
from textwrap import wrap
from typing import Annotated

import typer

from newsletter.books import AuditAction, AuditEntry, second
from newsletter.cli.console import bad, columns_of, faint, good, say, strong
from newsletter.cli.exit_status import ExitStatus
from newsletter.cli.formats import AsFormat, Format, Record, moment, say_record, say_records
from newsletter.cli.issue_files import ISSUE
from newsletter.cli.opening import publication_here
from newsletter.publishing.issues import issue_name
from newsletter.publishing.publication import Books
from newsletter.publishing.witness import is_restored, read_witness

_TIED = "\N{NO-BREAK SPACE}"
_ACTION = max(map(len, AuditAction))
_ISSUE = len("2026-11-27")
_BELOW = len("2026-11-27 07:00:00 UTC  ")
"""Where a line goes on that is too long for the terminal: below what was done."""


def log(
    issue: Annotated[str | None, ISSUE] = None,
    format_: AsFormat = Format.TEXT,
    verify: Annotated[
        bool, typer.Option("--verify", help="Only say whether the log is whole.")
    ] = False,
) -> None:
    """Print the log: approvals, overrides, schedules, sends, alerts; who, when and which digest."""
    with publication_here().reading() as books:
        if verify:
            raise typer.Exit(_verify(books, format_))
        entries = books.database.audit.entries(issue_name(issue) if issue else None)
        if format_ is Format.JSON:
            say_records(map(_record, entries))
            return
        count = 0
        for entry in entries:
            count += 1
            say(_line(entry))
        if not count:
            say("No entries.")


def _verify(books: Books, format_: Format) -> ExitStatus:
    audit = books.database.audit
    broken = audit.verify()
    is_missing = is_restored(audit, read_witness(books.settings.witness_folder))
    last = audit.last()
    count = last.id if last else 0
    if format_ is Format.JSON:
        say_record(_verified(count, broken, is_missing=is_missing))
    elif broken is not None:
        say(bad(f"Entry {broken.id} does not follow from the one before it: {_line(broken)}"))
    elif is_missing:
        say(bad("Entries that this machine has seen are missing from the log."))
    else:
        say(good(f"The log is whole: {count:,} entries."))
    return ExitStatus.FOUND if broken is not None or is_missing else ExitStatus.DONE


def _verified(count: int, broken: AuditEntry | None, *, is_missing: bool) -> Record:
    return {
        "is_whole": broken is None and not is_missing,
        "entries": count,
        "broken": None if broken is None else _record(broken),
        "is_missing_entries": is_missing,
    }


def _line(entry: AuditEntry) -> str:
    """In columns: when, what, of which issue; then the rest, wrapped below them on a terminal."""
    action, issue = f"{entry.action.value:{_ACTION}}", f"{entry.issue:{_ISSUE}}"
    head = f"{second(entry.at)}  {action}  {issue}"
    digest = f"  digest{_TIED}{entry.digest[:12]}" if entry.digest else ""
    detail, by = " ".join(entry.detail.split()), f"by{_TIED}{entry.by}{digest}"
    width = columns_of(sys.stdout)
    whole = f"{head}  {detail}  {by}" if detail else f"{head}  {by}"
    if width is None or len(whole) <= width:
        by = by.replace(_TIED, " ")
        rest = f"  {detail}  {faint(by)}" if detail else f"  {faint(by)}"
        return f"{second(entry.at)}  {strong(action)}  {issue}{rest}"
    indent = " " * _BELOW
    first, *others = wrap(
        whole,
        width,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
        drop_whitespace=True,
    )
    lines = [first.replace(action, strong(action), 1), *others]
    return "\n".join(lines).replace(_TIED, " ")


def _record(entry: AuditEntry) -> Record:
    return {
        "id": entry.id,
        "at": moment(entry.at),
        "by": entry.by,
        "action": entry.action.value,
        "issue": entry.issue,
        "digest": entry.digest,
        "detail": entry.detail,
        "chain": entry.chain,
    }
