"""`newsletter preview`: an issue as a message, beside whatever editor it is written in."""

from pathlib import Path
from typing import Annotated

import typer

from newsletter.cli.studio_here import Browser, Port, named_issue, open_studio


def preview(
    issue: Annotated[Path, typer.Argument(help="The issue, by its name or its file.")],
    port: Port = 0,
    browser: Browser = None,
) -> None:
    """See an issue as you write it in your own editor: the message, and what the check finds.

    The page follows the file whenever it is saved. Ctrl-C ends it.
    """
    open_studio(f"/preview/{named_issue(issue)}", port=port, browser=browser)
