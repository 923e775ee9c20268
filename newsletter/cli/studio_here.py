"""The studio in the hands of a command: started, or found running, and opened in a browser.

The web front is loaded where it is asked for, for it is an extra.
"""

import asyncio
import os
import sys
import webbrowser
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from urllib.parse import quote

import typer

from newsletter.cli.console import faint, leave_dead_terminal, note, say, strong, warning
from newsletter.cli.opening import publication_here
from newsletter.cli.publication import file_here, settings_here
from newsletter.daemon import stop_on_signals
from newsletter.errors import Act, IssueFileError, NewsletterError, Remedy
from newsletter.publishing.issue_names import FOLDER
from newsletter.publishing.issues import own_issue
from newsletter.publishing.publication import Publication

if TYPE_CHECKING:
    from newsletter.web.studio import Started

HERE = "127.0.0.1"
_LOOPBACK = {HERE: HERE, "localhost": HERE, "::1": "::1", "[::1]": "::1"}

Port = Annotated[
    int,
    typer.Option(
        "--port", min=0, max=65_535, help="Its port; 0 takes the one of last time, or a free one."
    ),
]
Browser = Annotated[
    bool | None,
    typer.Option(
        "--browser/--no-browser",
        help="Open a browser. Without either, from a terminal alone.",
        show_default=False,
    ),
]


def address_of(host: str, *, knows: bool) -> str:
    """The address to listen on; one that others reach is refused, unless somebody `knows`.

    Raises NewsletterError.
    """
    if host.lower() in _LOOPBACK:
        return _LOOPBACK[host.lower()]
    if knows:
        return host
    raise NewsletterError(
        "the studio would answer the whole network, unencrypted: whoever sees the traffic could "
        "write, approve and send in your name",
        where=f"--host {host}",
        next_step="leave --host out, and come to it from elsewhere by `ssh -L`; or add --i-know",
    )


def named_issue(asked: Path) -> str:
    """The name of an issue that the studio may open, for an address. Raises IssueFileError."""
    file = file_here(asked)
    if not file.exists():
        raise IssueFileError(
            "there is no such issue",
            where=str(asked),
            next_step="begin one",
            remedy=Remedy(Act.NEW_ISSUE),
        )
    folder = settings_here(with_environment=False, quietly=True).folder
    own = own_issue(file.name, folder)
    if own is None or own != file.resolve():
        raise IssueFileError(
            f"the studio opens files in {FOLDER}/ alone, and no links",
            where=str(asked),
            next_step=f"move the file itself to {folder / FOLDER}",
        )
    return quote(file.stem)


def open_studio(
    path: str, *, host: str = HERE, port: int, browser: bool | None, by: str = ""
) -> None:
    """Serve until told to stop, or open a page of the studio that runs already.

    `by` is who acts in it, where that is not the user of this machine.
    """
    wants_browser = sys.stdout.isatty() if browser is None else browser
    asyncio.run(_serve(path, host, port, by, wants_browser=wants_browser))


async def _serve(path: str, host: str, port: int, by: str, *, wants_browser: bool) -> None:
    from newsletter.web.studio import Asked, serve

    asked = Asked(state=_state_folder(), host=host, port=port, path=path)
    with stop_on_signals(leave_dead_terminal) as stop:
        # What is worth a look in the settings is said once, and not at each change of them.
        first = publication_here()
        again = partial(publication_here, quietly=True)
        begun = iter([first])
        await serve(
            lambda: _in_the_name_of(by, next(begun, None) or again()),
            asked,
            stop,
            partial(_tell, wants_browser=wants_browser),
            hear=lambda line: note(f"{warning('warning:')} {line}"),
        )


def _in_the_name_of(by: str, publication: Publication) -> Publication:
    return replace(publication, person=by) if by else publication


def _tell(started: "Started", *, wants_browser: bool) -> None:
    if started.process:
        say(f"The studio of this publication runs already, as process {started.process}.")
    ends = "" if started.process else " Ctrl-C ends the studio."
    say(f"{strong(started.link)} {faint(f'opens once, within 15 minutes.{ends}')}")
    if wants_browser:
        webbrowser.open(started.own_link)


def _state_folder() -> Path:
    """Where this user's programs keep what outlives them (XDG Base Directory)."""
    named = os.environ.get("XDG_STATE_HOME", "")
    if Path(named).is_absolute():
        return Path(named) / "newsletter"
    return Path.home() / ".local" / "state" / "newsletter"
