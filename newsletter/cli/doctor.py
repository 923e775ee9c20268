"""`newsletter doctor`: what is wrong with the publication, and with its mail, on one page."""

import asyncio
from collections.abc import Mapping
from typing import Annotated

import typer

from newsletter.cli.console import say_data
from newsletter.cli.doctor_json import json_of
from newsletter.cli.doctor_view import DoctorPage
from newsletter.cli.exit_status import ExitStatus
from newsletter.cli.formats import AsFormat, Format
from newsletter.cli.opening import publication_here
from newsletter.errors import NewsletterError
from newsletter.publishing.doctoring.diagnosis import diagnose
from newsletter.publishing.doctoring.faults import fault_findings
from newsletter.publishing.doctoring.finding import Finding, Level
from newsletter.publishing.outside import Outside

_STATUSES: Mapping[Level, ExitStatus] = {
    Level.OK: ExitStatus.DONE,
    Level.INFO: ExitStatus.DONE,
    Level.WARN: ExitStatus.FOUND,
    Level.BAD: ExitStatus.COULD_NOT_RUN,
}


def doctor(
    online: Annotated[
        bool, typer.Option("--online", help="Ask the DNS and the site, too.")
    ] = False,
    format_: AsFormat = Format.TEXT,
) -> None:
    """Say what is wrong with the publication, on one page.

    Settings, files and their modes, keys, database, log, clock, schedule, site and relay; nothing
    is changed and nothing is sent. With --online, what the DNS says of your mail, with the record
    to write where one is missing or wrong, and whether the site answers a one-click.
    """
    page = None if format_ is Format.JSON else DoctorPage()
    findings = asyncio.run(_found(Outside() if online else None, page))
    worst = max((each.level for each in findings), key=list(Level).index, default=Level.OK)
    status = _STATUSES[worst]
    if page is None:
        say_data(json_of(findings, status))
    else:
        page.say_end(findings)
    raise typer.Exit(status)


async def _found(outside: Outside | None, page: DoctorPage | None) -> list[Finding]:
    """Said as they come, where there is a page."""
    findings: list[Finding] = []

    def hear(finding: Finding) -> None:
        findings.append(finding)
        if page is not None:
            page.say(finding)

    try:
        publication = publication_here(quietly=True)
    except NewsletterError as error:
        for finding in fault_findings("settings", error):
            hear(finding)
        return findings
    async for finding in diagnose(publication, outside=outside):
        hear(finding)
    return findings
