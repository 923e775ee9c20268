"""`newsletter demo`: the main job on the example publication, for real, on this machine only."""

import os
import secrets
import subprocess
import sys
from pathlib import Path

import typer

from newsletter.cli.console import faint, say, strong
from newsletter.cli.publication import settings_here
from newsletter.errors import IssueFileError
from newsletter.files import write_file

_OUT = Path("outbox")


def demo() -> None:
    """Do the main job with the example publication.

    Check, render, dry-run, and deliver the newest issue to a local SMTP inbox. Safe to repeat.
    """
    from newsletter.inbox import open_inbox

    folder = settings_here(with_environment=False).folder
    issues = sorted((folder / "issues").glob("*.md"))
    if not issues:
        raise IssueFileError(
            "there is no issue to show", where=str(folder / "issues"), next_step="`newsletter init`"
        )
    issue = str(issues[-1].relative_to(folder))
    out = folder / _OUT
    with open_inbox(out) as inbox:
        environment = {
            **os.environ,
            "NEWSLETTER_TRANSPORT": f"{inbox.url}&connections=4",
            "NEWSLETTER_DATABASE": f"sqlite:///{_OUT}/demo.db",
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
        received = inbox.count
    name = issues[-1].stem
    say(strong(f"The inbox received {received:,} messages. Open, to see what readers see:"))
    shown = {
        f"{_OUT}/{name}.html": "the e-mail as a page",
        f"{_OUT}/{name}.txt": "its text part",
        f"{_OUT}/*.eml": "the messages as delivered",
    }
    for pattern, what in shown.items():
        say(f"  {pattern.ljust(len(name) + 15)}{what}")


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
