"""`newsletter doctor`: what is wrong with the publication, on one page."""

import asyncio
from collections.abc import Callable, Mapping

import typer

from newsletter.cli.console import bad, faint, good, say, warning
from newsletter.cli.exit_status import ExitStatus
from newsletter.cli.opening import publication_here
from newsletter.cli.wording import command_for
from newsletter.errors import NewsletterError
from newsletter.publishing.doctoring import Finding, Level, diagnose, fault_findings

_PAINT: Mapping[Level, Callable[[str], str]] = {
    Level.OK: good,
    Level.WARN: warning,
    Level.BAD: bad,
}
_STATUSES: Mapping[Level, ExitStatus] = {
    Level.OK: ExitStatus.DONE,
    Level.WARN: ExitStatus.FOUND,
    Level.BAD: ExitStatus.COULD_NOT_RUN,
}


def doctor() -> None:
    """Say what is wrong with the publication, on one page.

    Settings, files and their modes, keys, database, log, clock, schedule and relay; nothing is
    changed and nothing is sent. Exit status 0 all is well, 1 something is worth a look, 2
    something is wrong.
    """
    levels = asyncio.run(_say_all())
    worst = max(levels, key=list(Level).index, default=Level.OK)
    counts = ", ".join(f"{levels.count(level)} {level}" for level in Level if level in levels)
    say(counts)
    raise typer.Exit(_STATUSES[worst])


async def _say_all() -> list[Level]:
    levels: list[Level] = []

    def hear(finding: Finding) -> None:
        levels.append(finding.level)
        _say(finding)

    try:
        publication = publication_here(quietly=True)
    except NewsletterError as error:
        for finding in fault_findings("settings", error):
            hear(finding)
        return levels
    async for finding in diagnose(publication):
        hear(finding)
    return levels


def _say(finding: Finding) -> None:
    level = _PAINT[finding.level](f"{finding.level:<4}")
    say(f"{level}  {finding.name:<9} {' '.join(finding.what.split())}")
    command = f"`{command_for(finding.remedy)}`" if finding.remedy else ""
    step = ": ".join(filter(None, (finding.step, command)))
    if step:
        say(faint(f"{'':<16}{step}"))
