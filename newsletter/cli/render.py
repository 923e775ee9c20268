"""`newsletter render`: an issue as the files that readers would get."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from newsletter import wiring
from newsletter.addresses import parse_addr_spec
from newsletter.cli.console import faint, say
from newsletter.cli.publication import settings_here
from newsletter.clock import now
from newsletter.files import write_file
from newsletter.issue import Issue
from newsletter.settings import Settings

if TYPE_CHECKING:
    from newsletter.render import Rendered

SPECIMEN = "reader@example.com"
"""Whom the .eml is addressed to. The other files show every slot's default instead."""

_NOT_A_SECRET = b"a rendered specimen is sent to nobody"


def render(
    path: Annotated[Path, typer.Argument(help="The issue's file.", show_default=False)],
    out: Annotated[Path, typer.Option("--out", help="The folder to write to.")] = Path("outbox"),
    web: Annotated[bool, typer.Option("--web", help="Write the archive's web page too.")] = False,
    sizes: Annotated[bool, typer.Option("--sizes", help="Show where the bytes go.")] = False,
) -> None:
    """Write an issue's .html, .txt and .eml. Nothing is sent, nothing is fetched."""
    from newsletter.render import specimen

    settings = settings_here(with_environment=False)
    issue = wiring.read_issue(path, settings.house)
    moment = wiring.slot(issue, settings, now())
    rendered = wiring.render(issue, settings, moment)
    desk = wiring.open_desk(issue, rendered, settings, message_date=moment, key=_NOT_A_SECRET)
    html, text = specimen(rendered)
    files = {
        "html": html.encode(),
        "txt": text.encode(),
        "eml": desk.message(parse_addr_spec(SPECIMEN), {}),
    }
    if web:
        files["web.html"] = wiring.render_web_page(issue, settings, moment).encode()
    for suffix, content in files.items():
        target = out / f"{issue.name}.{suffix}"
        write_file(target, content)
        say(f"{target}  {faint(f'{len(content):,} bytes')}")
    if sizes:
        _say_sizes(issue, rendered, settings, moment)


def _say_sizes(issue: Issue, rendered: "Rendered", settings: Settings, moment: datetime) -> None:
    from newsletter.cli.size_view import size_lines

    shares = wiring.weigh(issue, rendered, settings, moment)
    say()
    for line in size_lines(shares, issue, settings.limits.html_bytes):
        say(line)
