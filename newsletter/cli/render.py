"""`newsletter render`: an issue as the files that readers would get."""

from pathlib import Path
from typing import Annotated

import typer

from newsletter.addresses import parse_addr_spec
from newsletter.cli.console import faint, say
from newsletter.cli.publication import issue_here, settings_here
from newsletter.cli.size_view import size_lines
from newsletter.clock import now
from newsletter.files import write_file
from newsletter.publishing.dating import slot_moment
from newsletter.publishing.desk import specimen_desk
from newsletter.publishing.issues import read_issue
from newsletter.publishing.rendering import render as render_issue
from newsletter.publishing.rendering import render_web_page, weigh
from newsletter.render import specimen

SPECIMEN = "reader@example.com"
"""Whom the .eml is addressed to. The other files show the default of every field instead."""


def render(
    path: Annotated[Path, typer.Argument(help="The issue's name or file.", show_default=False)],
    out: Annotated[Path, typer.Option("--out", help="The folder to write to.")] = Path("outbox"),
    web: Annotated[bool, typer.Option("--web", help="Write the archive's web page too.")] = False,
    sizes: Annotated[bool, typer.Option("--sizes", help="Show where the bytes go.")] = False,
) -> None:
    """Write an issue's .html, .txt and .eml. Nothing is sent, nothing is fetched."""
    settings = settings_here(with_environment=False)
    issue = read_issue(issue_here(path), settings.house)
    moment = slot_moment(issue, settings, now())
    rendered = render_issue(issue, settings, moment)
    html, text = specimen(rendered)
    desk = specimen_desk(issue, rendered, settings, moment)
    files = {
        "html": html.encode(),
        "txt": text.encode(),
        "eml": desk.message(parse_addr_spec(SPECIMEN), {}),
    }
    if web:
        files["web.html"] = render_web_page(issue, settings, moment).encode()
    for suffix, content in files.items():
        target = out / f"{issue.name}.{suffix}"
        write_file(target, content)
        say(f"{target}  {faint(f'{len(content):,} bytes')}")
    if sizes:
        say()
        shares = weigh(issue, rendered, settings, moment)
        for line in size_lines(shares, issue, settings.limits.html_bytes):
            say(line)
