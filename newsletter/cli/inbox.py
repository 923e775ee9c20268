"""`newsletter inbox`: a local SMTP inbox to look at what would arrive."""

import signal
from pathlib import Path
from typing import Annotated

import typer

from newsletter.cli.console import say


def inbox(
    folder: Annotated[Path, typer.Argument(help="Where received messages go.")] = Path("outbox"),
    port: Annotated[
        int, typer.Option(min=0, max=65_535, help="The port; 0 for any free one.")
    ] = 2525,
    host: Annotated[
        str, typer.Option(help="The address to listen on; it takes what anybody sends there.")
    ] = "127.0.0.1",
) -> None:
    """Receive messages on this machine, to look at them. Each is an .eml file; Ctrl-C ends it."""
    from newsletter.inbox import open_inbox

    with open_inbox(folder, host=host, port=port) as box:
        say(f"NEWSLETTER_TRANSPORT={box.url}")
        say(f"Messages go to {folder}/. Ctrl-C ends it.")
        signal.sigwait({signal.SIGINT, signal.SIGTERM})
    say(f"{box.count:,} messages received.")
