"""`newsletter check`: hold issues to the house format, and mend what is safe to mend."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from newsletter.check import (
    FORMATS,
    Diagnostic,
    Severity,
    all_rules,
    at_least,
    count_line,
    switched_off,
)
from newsletter.cli.console import note_fitted, say_exactly, say_whole, show_errors
from newsletter.cli.exit_status import ExitStatus
from newsletter.cli.findings import in_repository, told, what_stops
from newsletter.cli.issue_files import ISSUES, STDIN, issue_files, load_text, whole_text
from newsletter.cli.mending import Mended
from newsletter.cli.publication import folder_of_issues, house_here, scales_here
from newsletter.cli.said import day_said
from newsletter.clock import now
from newsletter.errors import NewsletterError
from newsletter.issue import parse_issue, source_from_text
from newsletter.publishing.checking import Checking, Findings, ask_the_web, cache_folder
from newsletter.publishing.history import History
from newsletter.publishing.pictures import PictureFolder


class Format(StrEnum):
    TEXT = "text"
    JSON = "json"
    GITHUB = "github"
    SARIF = "sarif"


_FOR_PEOPLE = (Format.TEXT, Format.GITHUB)
"""These leave out info unless they are asked for it."""

_FOR_REPOSITORIES = (Format.GITHUB, Format.SARIF)
"""Whoever reads these looks for the file in the repository, from its root."""

Paths = Annotated[
    list[Path] | None,
    ISSUES,
]
FixFlag = Annotated[bool, typer.Option("--fix", help="Mend what is safe to mend.")]
DiffFlag = Annotated[
    bool, typer.Option("--diff", help="Show what --fix would change; write nothing.")
]
Select = Annotated[
    list[str] | None,
    typer.Option(
        metavar="RULE", help="Only these: a code, a slug or a family (S).", show_default=False
    ),
]
Ignore = Annotated[
    list[str] | None,
    typer.Option(metavar="RULE", help="All but these, named the same way.", show_default=False),
]
Least = Annotated[
    Severity | None,
    typer.Option(
        "--severity", help="The lowest severity to report; in text: warning.", show_default=False
    ),
]
Output = Annotated[Format, typer.Option("--format", help="How to print it.")]
SendDate = Annotated[
    str | None,
    typer.Option(
        metavar="DATE", help="The day it is sent, such as 2026-12-04.", show_default=False
    ),
]
HistoryFlag = Annotated[
    bool, typer.Option("--history/--no-history", help="Look at the folder's earlier issues.")
]
OnlineFlag = Annotated[bool, typer.Option("--online", help="Check online whether links are dead.")]
ClientsFlag = Annotated[
    bool,
    typer.Option("--clients", help="Say which mail programs do not show what the e-mail uses."),
]


def check(
    paths: Paths = None,
    fix: FixFlag = False,
    diff: DiffFlag = False,
    select: Select = None,
    ignore: Ignore = None,
    severity: Least = None,
    output: Output = Format.TEXT,
    send_date: SendDate = None,
    history: HistoryFlag = True,
    online: OnlineFlag = False,
    clients: ClientsFlag = False,
) -> None:
    """Hold issues to the house format."""
    least = severity or (Severity.WARNING if output in _FOR_PEOPLE else Severity.INFO)
    if clients:
        _no_rules_here(fix or diff or online or bool(select) or bool(ignore) or bool(send_date))
        from newsletter.cli.client_check import check_clients

        check_clients(paths or (), output=output.value, least=least)
    root, house = house_here()
    rules = all_rules()
    off = switched_off(rules, select=select or (), ignore=ignore or (), off=house.switched_off)
    house = replace(house, switched_off=off)
    checking = Checking(
        house=house,
        rules=rules,
        send_date=day_said(send_date, option="--send-date"),
        history=History(house) if history else None,
        scales=scales_here(),
        pictures=PictureFolder(root),
    )
    files = issue_files(paths or [folder_of_issues()])
    texts = [_read(path, checking, mend=fix or diff) for path in files]
    found = _find(texts, checking, online=online)
    _put(texts, fix=fix, diff=diff)
    report = _Report(
        output=output,
        severity=least,
        found=[item for one in found for item in one.diagnostics],
        faults=[fault for one in found for fault in one.faults],
        texts=texts,
        fix=fix,
        diff=diff,
    )
    report.say()
    raise typer.Exit(report.status)


def _no_rules_here(is_asked: bool) -> None:
    if is_asked:
        raise NewsletterError(
            "--clients judges the rendered e-mail, so the rules do not apply",
            next_step="with it, give only issues, --format and --severity",
        )


def _read(path: Path, checking: Checking, *, mend: bool) -> Mended:
    """The text of a file, with its fixes where they are wanted."""
    before = whole_text(load_text(path))
    after = checking.mend(before, path=str(path)) if mend else before
    return Mended(path=path, before=before, after=after)


def _find(texts: Sequence[Mended], checking: Checking, *, online: bool) -> list[Findings]:
    sources = [source_from_text(text.after, path=str(text.path)) for text in texts]
    issues = [parse_issue(source, cues=checking.house.cues) for source in sources]
    cache, house = cache_folder(), checking.house
    dead = ask_the_web(issues, house, cache=cache, now=now()) if online else {}
    return [
        checking.find(issue, path=None if text.path == STDIN else text.path, dead_links=dead)
        for text, issue in zip(texts, issues, strict=True)
    ]


def _put(texts: Sequence[Mended], *, fix: bool, diff: bool) -> None:
    """What fixes change: shown, or written."""
    for text in texts:
        if diff:
            say_exactly(text.difference())
        elif fix:
            text.write()


@dataclass(frozen=True, kw_only=True, slots=True)
class _Report:
    """What is left to say, and to fail for."""

    output: Format
    severity: Severity
    found: Sequence[Diagnostic]
    faults: Sequence[NewsletterError]
    texts: Sequence[Mended]
    fix: bool
    diff: bool

    @property
    def shown(self) -> list[Diagnostic]:
        return [item for item in self.found if at_least(item.severity, self.severity)]

    @property
    def changed(self) -> int:
        return sum(text.is_changed for text in self.texts)

    @property
    def status(self) -> ExitStatus:
        if self.faults:
            return ExitStatus.COULD_NOT_RUN
        is_bad = any(at_least(item.severity, Severity.WARNING) for item in self.shown)
        return ExitStatus.FOUND if is_bad or (self.diff and self.changed) else ExitStatus.DONE

    def say(self) -> None:
        """The findings, on standard error where a text or a difference has standard output."""
        shown = self.shown
        if self.output in _FOR_REPOSITORIES:
            shown = [in_repository(item) for item in shown]
        text = told(shown) if self.output is Format.TEXT else FORMATS[self.output.value](shown)
        is_taken = self.diff or (self.fix and any(one.path == STDIN for one in self.texts))
        say_whole(text, aside=is_taken)
        summary = "; ".join(self._summary())
        if self.output is Format.TEXT and summary:
            note_fitted(summary)
        show_errors(self.faults)

    def _summary(self) -> Iterator[str]:
        counts = count_line(self.shown, files=len(self.texts))
        if counts:
            yield counts
            yield from what_stops(self.shown)
        mendable = sum(item.fix is not None for item in self.shown)
        if mendable and not (self.fix or self.diff):
            yield f"--fix mends {mendable}"
        if self.changed:
            files = "1 file" if self.changed == 1 else f"{self.changed} files"
            yield f"{files} would change" if self.diff else f"{files} mended"
