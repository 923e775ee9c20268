"""`newsletter studio`: write an issue in your browser, beside the message it becomes."""

from pathlib import Path
from typing import Annotated

import typer

from newsletter.cli.said import person_said
from newsletter.cli.studio_here import HERE, Browser, Port, address_of, named_issue, open_studio


def studio(
    issue: Annotated[
        Path | None, typer.Argument(help="The issue to begin with.", show_default=False)
    ] = None,
    port: Port = 0,
    browser: Browser = None,
    by: Annotated[
        str | None,
        typer.Option(
            "--by",
            metavar="NAME",
            help="Your name, for what you approve and for the log; else that of your account.",
            show_default=False,
        ),
    ] = None,
    host: Annotated[
        str, typer.Option("--host", help="The address to listen on: this machine alone.")
    ] = HERE,
    i_know: Annotated[
        bool,
        typer.Option(
            "--i-know",
            help="Listen on another address, where everybody on the network reads along.",
        ),
    ] = False,
) -> None:
    """Write, see, check and approve issues in your browser, on this machine. Ctrl-C ends it.

    Where the studio of this publication runs already, this opens it.
    """
    address = address_of(host, knows=i_know)
    path = f"/issues/{named_issue(issue)}" if issue else "/"
    who = person_said(by) if by is not None else ""
    open_studio(path, host=address, port=port, browser=browser, by=who)
