"""`newsletter render`: an issue as the files that readers would get."""

from pathlib import Path
from typing import Annotated

import typer

from newsletter import wiring
from newsletter.addresses import parse_addr_spec
from newsletter.cli.console import faint, say
from newsletter.cli.output_files import write_file
from newsletter.cli.publication import settings_here
from newsletter.clock import now

SPECIMEN = "reader@example.com"
"""Whom the .eml is addressed to. The .html and .txt show every slot's default instead."""

_NOT_A_SECRET = b"a rendered specimen is sent to nobody"


def render(
    path: Annotated[Path, typer.Argument(help="The issue's file.", show_default=False)],
    out: Annotated[Path, typer.Option("--out", help="The folder to write to.")] = Path("outbox"),
) -> None:
    """Write an issue's .html, .txt and .eml. Nothing is sent, nothing is fetched."""
    from newsletter.render import specimen

    settings = settings_here(with_environment=False)
    issue = wiring.read_issue(path, settings.house)
    moment = wiring.slot(issue, settings, now())
    rendered = wiring.render(issue, settings, moment)
    desk = wiring.open_desk(issue, rendered, settings, message_date=moment, key=_NOT_A_SECRET)
    message = desk.message(parse_addr_spec(SPECIMEN), {})
    html, text = specimen(rendered)
    files = {"html": html.encode(), "txt": text.encode(), "eml": message}
    for suffix, content in files.items():
        target = out / f"{issue.name}.{suffix}"
        write_file(target, content)
        say(f"{target}  {faint(f'{len(content):,} bytes')}")
