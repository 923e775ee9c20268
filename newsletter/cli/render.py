"""`newsletter render`: an issue as the files that readers would get."""

from pathlib import Path
from typing import Annotated

import typer

from newsletter.cli.console import faint, say
from newsletter.cli.issue_files import ISSUE
from newsletter.cli.publication import issue_here, settings_here
from newsletter.cli.size_view import size_lines
from newsletter.clock import now
from newsletter.files import write_file
from newsletter.pictures import FOLDER
from newsletter.publishing.dating import slot_moment
from newsletter.publishing.issues import read_issue
from newsletter.publishing.pictures import PictureFolder
from newsletter.publishing.rendering import render as render_issue
from newsletter.publishing.rendering import render_web_page, weigh
from newsletter.publishing.specimens import specimen_message
from newsletter.render import beside_pictures, specimen


def render(
    path: Annotated[Path, ISSUE],
    out: Annotated[Path, typer.Option("--out", help="The folder to write to.")] = Path("outbox"),
    web: Annotated[bool, typer.Option("--web", help="Write the archive's web page too.")] = False,
    sizes: Annotated[bool, typer.Option("--sizes", help="Show where the bytes go.")] = False,
) -> None:
    """Write an issue's .html, .txt and .eml. Nothing is sent, nothing is fetched.

    Pictures of the publication go into a folder beside the .html, which shows them from there.
    """
    settings = settings_here(with_environment=False)
    issue = read_issue(issue_here(path), settings.house)
    moment = slot_moment(issue, settings, now())
    pictures = PictureFolder(settings.folder)
    rendered = render_issue(issue, settings, moment, pictures)
    html, text = specimen(rendered)
    files = {
        "html": beside_pictures(html, rendered).encode(),
        "txt": text.encode(),
        "eml": specimen_message(issue, rendered, settings, moment),
    }
    if web:
        files["web.html"] = render_web_page(issue, settings, moment, pictures).encode()
    for suffix, content in files.items():
        _write(out / f"{issue.name}.{suffix}", content)
    for picture in rendered.pictures:
        _write(out / FOLDER / picture.name, picture.octets)
    if sizes:
        say()
        shares = weigh(issue, rendered, settings, moment, pictures)
        for line in size_lines(shares, issue, settings.limits.html_bytes):
            say(line)


def _write(target: Path, content: bytes) -> None:
    write_file(target, content)
    say(f"{target}  {faint(f'{len(content):,} bytes')}")
