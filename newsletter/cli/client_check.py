"""`newsletter check --clients`: which mail programs lack what issues and templates use."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

import typer

from newsletter.check import FORMATS, Diagnostic, Severity, at_least, count_line
from newsletter.cli.client_table import as_data, report_lines
from newsletter.cli.console import note, say_block, say_data, say_drawn, say_whole
from newsletter.cli.exit_status import ExitStatus
from newsletter.cli.findings import in_repository, told
from newsletter.cli.issue_files import issue_files, load_text
from newsletter.cli.publication import from_here, settings_here
from newsletter.clock import now
from newsletter.issue import parse_issue
from newsletter.publishing.mail_programs import ClientReport, judge_clients


def check_clients(paths: Sequence[Path], *, output: str, least: Severity) -> NoReturn:
    """Print the table and the findings; without paths, for the newest issue."""
    settings = settings_here(with_environment=False)
    files = issue_files(paths or [settings.folder / "issues"])
    texts = [load_text(path) for path in (files if paths else files[-1:])]
    issues = [parse_issue(text, cues=settings.house.cues) for text in texts]
    report = judge_clients(issues, settings, now())
    found = [item for item in report.diagnostics if at_least(item.severity, least)]
    shown = [_from_here(item) for item in found]
    if output == "text":
        _say_text(report, shown)
    elif output == "json":
        data = json.loads(FORMATS["json"](shown))
        table = {"clients": as_data(report), "diagnostics": data}
        say_data(json.dumps(table, ensure_ascii=False, indent=2))
    else:
        say_whole(FORMATS[output]([in_repository(item) for item in found]))
    is_bad = any(at_least(item.severity, Severity.WARNING) for item in shown)
    raise typer.Exit(ExitStatus.FOUND if is_bad else ExitStatus.DONE)


def _say_text(report: ClientReport, shown: Sequence[Diagnostic]) -> None:
    for line in report_lines(report):
        say_drawn(line)
    say_block("\n" + told(shown) if shown else "")
    counts = count_line(shown, files=len({item.path for item in shown}))
    if counts:
        note(counts)


def _from_here(item: Diagnostic) -> Diagnostic:
    return replace(item, path=str(from_here(Path(item.path))))
