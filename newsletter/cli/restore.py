"""`newsletter restore`: a backup brought back, here or on a new machine."""

from pathlib import Path
from typing import Annotated

import typer

from newsletter.books import RunState, minute
from newsletter.cli.console import confirm, faint, good, say, warning
from newsletter.cli.exit_status import ExitStatus
from newsletter.cli.opening import publication_here
from newsletter.publishing.backing_up import opened
from newsletter.publishing.restoring import Restored, write_missing
from newsletter.publishing.restoring import restore as bring_back
from newsletter.settings import find_folder


def restore(
    file: Annotated[Path, typer.Argument(help="The backup.", show_default=False)],
    log: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="The relay's log since the backup: whoever it proves has the issue.",
            show_default=False,
        ),
    ] = None,
    reason: Annotated[str, typer.Option("--reason", help="Why, for the log.")] = "restored",
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> None:
    """Bring a backup back, and hold whatever may have gone out since.

    Into an empty folder, or in place of a publication's database; a file that is there is never
    touched, and the database of before is kept. Nothing is sent by it, and nothing that may have
    been sent after the backup is sent until you say so.
    """
    folder = find_folder(Path.cwd()) or Path.cwd()
    with opened(file, folder) as backup:
        say(f"A backup of {backup.publication}, made {minute(backup.made_at)}.")
        say(f"Its database becomes that of {folder}.")
        if not confirm("Restore it?", yes=yes):
            say("Nothing has changed.")
            raise typer.Exit(ExitStatus.COULD_NOT_RUN)
        for name in write_missing(backup, folder):
            say(faint(f"  {name}"))
        done = bring_back(backup, publication_here(), log, " ".join(reason.split()))
    _say_done(done)
    raise typer.Exit(ExitStatus.FOUND if done.held else ExitStatus.DONE)


def _say_done(done: Restored) -> None:
    say(good(f"{done.database} is restored."))
    if done.kept:
        say(faint(f"  the one before is kept as {done.kept.name}"))
    for run, proved in done.held:
        known = f", {proved:,} proved by the log" if proved else ""
        say(warning(f"{run.issue} is held: it may have been sent to its end since{known}."))
        if run.state is RunState.FREEZING:
            say("  its audience is not frozen whole: first `newsletter send`, which does no more;")
        say(f"  `newsletter resolve {run.issue} --log FILE` for those whom the relay's log proves,")
        say(f"  then `newsletter resume {run.issue}` and `newsletter send` for all others,")
        say(f"  or `newsletter cancel {run.issue}` if nobody is to get it any more.")
    say("An issue that was begun after the backup is held too, as soon as it is sent again.")
    say("Whoever unsubscribed since is on the list again: `newsletter subscribers suppress`.")
