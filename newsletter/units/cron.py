"""A line for cron(8) that asks every minute what is due, with what a person needs to know above it.

Ticks that overlap do no harm: each slot is started once, whoever asks. crontab(5).
"""

import shlex

from newsletter.errors import OutputError
from newsletter.units.place import Place

MAX_COMMAND = 998
"""Characters: what cron reads of a command."""

_ABOVE = """\
# Newsletter: every minute, what is due is sent; see `newsletter scheduled`.
# What the command prints is mailed by cron to MAILTO: write it above, MAILTO=desk@example.com,
# and see that this machine can send mail. Alerts go to [notifications] in newsletter.toml as well.
"""


def cron_line(place: Place, *, with_user: bool = False) -> str:
    """For `crontab -e` of the user; `with_user` for a file in /etc/cron.d, which names them.

    Raises OutputError where the paths are longer than cron would read.
    """
    folder, newsletter = (shlex.quote(str(path)) for path in (place.folder, place.command))
    command = f"cd {folder} && {newsletter} due".replace("%", r"\%")  # a bare one is a line end
    if len(command) > MAX_COMMAND:
        raise OutputError(
            f"the line for cron has {len(command)} characters, and cron reads {MAX_COMMAND}",
            where=str(place.folder),
            next_step="move it to a folder with a shorter path, or use systemd",
        )
    user = f"{place.user} " if with_user else ""
    return f"{_ABOVE}* * * * * {user}{command}\n"
