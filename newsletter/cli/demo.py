"""`newsletter demo`: the main job on the example publication, for real, on this machine only."""

import os
import secrets
import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer

from newsletter.cli.console import faint, say, strong
from newsletter.cli.demo_site import Letters, serve_demo
from newsletter.cli.publication import from_here, settings_here
from newsletter.errors import IssueFileError
from newsletter.files import write_file
from newsletter.installation import Way, this_installation

_OUT = Path("outbox")


def demo(
    serve: Annotated[
        bool, typer.Option("--serve", help="Then serve the public site, until Ctrl-C.")
    ] = False,
    port: Annotated[
        int, typer.Option("--port", min=0, max=65_535, help="The site's port; 0 takes a free one.")
    ] = 8080,
) -> None:
    """Do the main job with the example publication.

    Check, render, dry-run, and deliver the newest issue to a local SMTP inbox. Safe to repeat.
    Nothing leaves this machine, with --serve neither.
    """
    from newsletter.inbox import open_inbox

    settings = settings_here(with_environment=False)
    folder = settings.folder
    issues = sorted((folder / "issues").glob("*.md"))
    if not issues:
        raise IssueFileError(
            "there is no issue to show", where=str(folder / "issues"), next_step="`newsletter init`"
        )
    issue = str(issues[-1].relative_to(folder))
    out = folder / _OUT
    letters = Letters(settings.publication.base_url)
    with open_inbox(out, hear=letters.hear) as inbox:
        environment = {
            **os.environ,
            "NEWSLETTER_TRANSPORT": f"{inbox.url}&connections=4",
            "NEWSLETTER_DATABASE": f"sqlite:///{_OUT}/demo.db",
            "NEWSLETTER_WITNESS": str(_OUT),  # the publication's own books are others
            "NEWSLETTER_SECRET_KEY": _key(out / "demo.key"),
        }
        people = ["--subscribers", "subscribers.example.csv"]
        for arguments in (
            ["check", *(f"issues/{path.name}" for path in issues)],
            ["render", issue, "--out", str(_OUT)],
            ["send", issue, *people, "--dry-run", "--out", str(_OUT)],
            ["send", issue, *people, "--yes"],
            ["status"],
        ):
            _run(arguments, folder, environment)
        _say_received(inbox.count, issues[-1].stem)
        if serve:
            _run(["publish", *(f"issues/{path.name}" for path in issues)], folder, environment)
            serve_demo(folder, environment, port, letters)
            return
    say()
    _say_next(_own_name())


def _say_received(received: int, name: str) -> None:
    say(strong(f"The inbox received {received:,} messages. Open, to see what readers see:"))
    shown = {
        f"{_OUT}/{name}.html": "the e-mail as a page",
        f"{_OUT}/{name}.txt": "its text part",
        f"{_OUT}/*.eml": "the messages as delivered",
    }
    for pattern, what in shown.items():
        say(f"  {pattern.ljust(len(name) + 15)}{what}")


def _say_next(command: str) -> None:
    steps = {
        f"{command} demo --serve": "its site: read, sign up, leave again",
        f"{command} init ../friday": "a newsletter of your own",
    }
    if this_installation().way is Way.CHECKOUT:
        steps["make install"] = "the command, from any folder"
    say(strong("And then:"))
    for step, what in steps.items():
        say(f"  {step.ljust(max(map(len, steps)) + 3)}{what}")


def _own_name() -> str:
    """This command as it was called."""
    called = Path(sys.argv[0])
    is_named = called.name == "newsletter" and len(called.parts) > 1
    return str(from_here(called)) if is_named else "newsletter"


def _key(path: Path) -> str:
    """One key for all demos here, so that a second one has the same bytes to show."""
    if not path.exists():
        write_file(path, secrets.token_hex(32).encode(), mode=0o600)
    return path.read_text(encoding="ascii")


def _run(arguments: list[str], folder: Path, environment: dict[str, str]) -> None:
    say(f"{faint('$')} {strong('newsletter ' + ' '.join(arguments))}")
    sys.stdout.flush()
    command = [sys.executable, "-m", "newsletter", *arguments]
    done = subprocess.run(command, cwd=folder, env=environment, check=False)  # noqa: S603 - our own
    if arguments[0] == "check" and not done.returncode:
        say(faint("(nothing found: a sound issue is checked in silence)"))
    say()
    if done.returncode:
        raise typer.Exit(done.returncode)
