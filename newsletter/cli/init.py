"""`newsletter init`: lay out a new publication."""

import os
import sys
from pathlib import Path
from shlex import quote
from typing import Annotated

import typer

from newsletter.cli.console import faint, say, show_error, strong, warning
from newsletter.cli.interview import Interview
from newsletter.cli.surroundings import language_here, zone_here
from newsletter.clock import now
from newsletter.errors import SettingsError
from newsletter.installation import package_origin
from newsletter.languages import LAID_OUT
from newsletter.publishing.answers import Answers
from newsletter.publishing.laying_out import LaidOut, lay_out, refuse_publication
from newsletter.settings import FILE_NAME, TO_SEND, load_settings
from newsletter.starter import ENV, GITIGNORE, SUBSCRIBERS, WORKFLOWS

_ISSUE = "issue"
_PURPOSES = {
    FILE_NAME: "the settings, in your words",
    _ISSUE: "issue 1, with blanks to fill",
    str(ENV): "a secret key, for you alone (mode 600)",
    ".env.example": "the same without secrets",
    str(GITIGNORE): "keeps secrets and addresses out of git",
    str(SUBSCRIBERS): "twelve readers to try it with",
    **dict.fromkeys(map(str, WORKFLOWS), "checks and previews pull requests"),
}

Folder = Annotated[Path, typer.Argument(help="The folder; made if it is missing.")]
Name = Annotated[
    str | None,
    typer.Option(metavar="NAME", help="Its name. [default: the folder's]", show_default=False),
]
Tag = Annotated[
    str | None,
    typer.Option(
        metavar="TAG",
        help=f"What the issues are written in: {', '.join(LAID_OUT)}, or one with a region. "
        "[default: this machine's]",
        show_default=False,
    ),
]
Weekday = Annotated[
    str | None,
    typer.Option(metavar="DAY", help="The day it goes out. [default: friday]", show_default=False),
]
Time = Annotated[
    str | None,
    typer.Option(metavar="HH:MM", help="The time. [default: 07:00]", show_default=False),
]
Zone = Annotated[
    str | None,
    typer.Option(
        metavar="ZONE",
        help="Whose time that is. [default: this machine's, or the language's]",
        show_default=False,
    ),
]
Sender = Annotated[
    str | None,
    typer.Option(
        metavar="MAILBOX",
        help='Whom it is from, "Name <address>". The domain is where its pages are.',
        show_default=False,
    ),
]
Stories = Annotated[
    str | None,
    typer.Option(metavar="N", help="Stories in an issue. [default: 5]", show_default=False),
]
PostalAddress = Annotated[
    str | None,
    typer.Option(metavar="TEXT", help="Where you are, for the footer.", show_default=False),
]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Ask nothing.")]
Export = Annotated[
    Path | None,
    typer.Option(
        "--from",
        metavar="EXPORT",
        help="Take over an export of Buttondown, Substack, Ghost, Mailchimp or listmonk: a zip, a "
        "folder or a file.",
        show_default=False,
    ),
]
Kind = Annotated[
    str,
    typer.Option(
        "--from-kind",
        metavar="SYSTEM",
        help="Whose export that is, if its files do not tell: substack, say.",
        show_default=False,
    ),
]
Audience = Annotated[
    str,
    typer.Option(
        metavar="NAME", help="Which list of readers, if it has several.", show_default=False
    ),
]
OldSite = Annotated[
    str,
    typer.Option(
        "--old-site",
        metavar="URL",
        help="Where the old site was, for links that a Ghost leaves open.",
        show_default=False,
    ),
]


def init(
    folder: Folder = Path(),
    name: Name = None,
    language: Tag = None,
    weekday: Weekday = None,
    time: Time = None,
    timezone: Zone = None,
    sender: Sender = None,
    stories: Stories = None,
    postal_address: PostalAddress = None,
    yes: Yes = False,
    export: Export = None,
    from_kind: Kind = "",
    audience: Audience = "",
    old_site: OldSite = "",
) -> None:
    """Lay out a new publication: settings, a secret key and a first issue with blanks to fill.

    What is not said in an option is asked, on a terminal. Nothing that already exists is touched.
    With --from, issues, readers and settings come from an export; all of it is shown first.
    """
    refuse_publication(folder)
    said = {
        "name": name,
        "language": language,
        "weekday": weekday,
        "time": time,
        "timezone": timezone,
        "sender": sender,
        "stories": stories,
        "postal_address": postal_address,
    }
    known = {
        "name": _name_of(folder),
        "language": language_here(os.environ),
        "timezone": zone_here(os.environ),
    }
    if export is not None:
        from newsletter.cli.takeover import say_next, take_over, wanted  # and with it the store

        asked = wanted(export, from_kind, audience=audience, site=old_site)
        if taken := take_over(folder, asked, said=said, known=known, yes=yes):
            _say_open_ends(taken.answers, taken.laid_out)
            say_next(folder, taken)
        return
    asks = sys.stdin.isatty() and not yes
    answers = Interview(said=said, known=known, asks=asks).answers()
    done = lay_out(folder, answers, now(), package=package_origin())
    if asks:
        say()
    _say_files(folder, answers, done)
    _say_faults(folder, done)
    _say_open_ends(answers, done)
    _say_next(folder, done)


def _name_of(folder: Path) -> str:
    """`friday-five` is the folder of Friday Five."""
    words = folder.absolute().name.replace("-", " ").replace("_", " ").split()
    return " ".join(word[:1].upper() + word[1:] for word in words)


def _say_files(folder: Path, answers: Answers, done: LaidOut) -> None:
    where = "here" if folder == Path() else f"in {folder}"
    say(f"{strong(answers.name)} is laid out {where}:")
    named = {_ISSUE if path == done.issue else str(path): path for path in done.written}
    width = max(len(str(path)) for path in (*done.written, *done.kept))
    for key in (key for key in _PURPOSES if key in named):
        say(f"  {named[key]!s:<{width}}  {faint(_PURPOSES[key])}")
    for path in done.kept:
        say(f"  {path!s:<{width}}  {faint('was here, and stays as it is')}")


def _say_faults(folder: Path, done: LaidOut) -> None:
    """What keeps the settings from sending, where an .env was here before."""
    if ENV in done.kept:
        try:
            load_settings(folder, os.environ, needs=TO_SEND)
        except SettingsError as error:
            say()
            show_error(error)


def _say_open_ends(answers: Answers, done: LaidOut) -> None:
    """What somebody has to see to, now or before the first real send."""
    if done.unignored:
        say()
        say(f"{warning('Your .gitignore')} lacks what keeps secrets and addresses out of git:")
        for line in done.unignored:
            say(f"  {line}")
    if not done.has_workflows:
        say()
        say("There are no workflows: they are read at the root of the repository alone.")
    if answers.is_example or not answers.has_postal_address:
        say()
        say(f"Before you send to anyone, {FILE_NAME} needs:")
        if answers.is_example:
            say("  your own domain, wherever it says example.com (and so does issue 1)")
        if not answers.has_postal_address:
            say("  your postal_address")


def _say_next(folder: Path, done: LaidOut) -> None:
    issue = done.issue.stem
    say()
    say(f"Write {done.issue} in any editor. Then:")
    if folder != Path():
        say(f"  cd {quote(str(folder))}")
    say("  newsletter check")
    say(f"  newsletter render {issue}")
    say(f"  newsletter send {issue} --subscribers {SUBSCRIBERS} --dry-run")
