"""`newsletter backup`: the whole publication in one file."""

from pathlib import Path
from typing import Annotated

import typer

from newsletter.cli.console import faint, good, say
from newsletter.cli.opening import publication_here
from newsletter.publishing.backing_up import back_up


def backup(
    file: Annotated[
        Path, typer.Argument(help="Where to; it must not be there yet.", show_default=False)
    ],
) -> None:
    """Write the whole publication into one file, also while it sends.

    Of a database that others use too, only what is this publication's.

    The list, the books, newsletter.toml, .env, keys, templates and issues: it holds people's
    addresses and secrets, so only its owner may read it.
    """
    made = back_up(file, publication_here())
    say(good(f"{made.path} is written: {made.size:,} bytes, only you may read it."))
    say(faint(f"  the database, and {len(made.files):,} files of the publication"))
    if made.left_out:
        others = " and ".join(f"“{name}”" for name in made.left_out)
        say(f"  The database is also that of {others}: nothing of that is in this backup.")
