"""Where a publication lives on a machine, which command works on it there, and by what name.

Knows which paths a unit file and a crontab can hold, and finds them in one again; how they are
written is left to those two.
"""

import re
import unicodedata
from dataclasses import dataclass
from pathlib import PurePosixPath

from newsletter.errors import OutputError

_IMPOSSIBLE = re.compile(r"[\x00-\x1f\x7f-\x9f\"'\\\u2028\u2029\ud800-\udfff]")
"""Line ends, other controls, and the signs that systemd itself allows in no command's name."""
_USER = re.compile(r"[a-z_][a-z0-9_-]{0,30}")
_NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,50}[a-z0-9])?")
_MAX_NAME = 52
_PREFIX = "newsletter"
"""What our files begin with, so that they are found together and are nobody else's: no `ssh`."""

_FOLDERS = (
    re.compile(r"^WorkingDirectory=(?P<folder>.+)$", re.MULTILINE),
    re.compile(r"^Description=Newsletter: .*? \((?P<folder>.+)\)$", re.MULTILINE),
    re.compile(r"^\* \* \* \* \* .*?cd (?P<folder>'.+?'|\S+) && ", re.MULTILINE),
)
"""Where each kind of file names it: a service, a timer, a line for cron."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """`command` is the installed `newsletter`, `folder` that of newsletter.toml; both absolute.

    `user` is whom it runs as. `writable` are folders beside it that it writes to, such as the
    database's where that is elsewhere. `name` tells one publication of a machine from the next.
    Raises OutputError for what no unit file or crontab can hold.
    """

    command: PurePosixPath
    folder: PurePosixPath
    user: str = "newsletter"
    writable: tuple[PurePosixPath, ...] = ()
    name: str = "newsletter"

    def __post_init__(self) -> None:
        for path in (self.command, self.folder, *self.writable):
            _check_path(path)
        if not _USER.fullmatch(self.user):
            raise OutputError(
                f"{self.user!r} is not a user name", next_step="make one with `adduser --system`"
            )
        if not _NAME.fullmatch(self.name):
            raise OutputError(
                f"{self.name!r} is not a name for a unit",
                next_step="use lower-case letters, digits and hyphens",
            )

    @property
    def paths(self) -> tuple[PurePosixPath, ...]:
        return (self.command, self.folder, *self.writable)

    def lies_in(self, *folders: str) -> bool:
        """Whether any of its paths is in one of these folders."""
        return any(path.is_relative_to(folder) for path in self.paths for folder in folders)


def unit_name(publication: str) -> str:
    """A name for the files of a publication, by its own name.

    >>> unit_name("The Friday Five"), unit_name("Grüße aus Kiel"), unit_name("金曜日")
    ('newsletter-the-friday-five', 'newsletter-grusse-aus-kiel', 'newsletter')
    """
    plain = unicodedata.normalize("NFKD", publication.casefold()).encode("ascii", "ignore").decode()
    words = re.findall(r"[a-z0-9]+", plain.replace("'", ""))
    name = "-".join(words if words[:1] == [_PREFIX] else [_PREFIX, *words])
    return name[:_MAX_NAME].rstrip("-")


def folder_in(text: str) -> str | None:
    """The publication's folder as a file of ours names it, quoted as it stands; None in no such."""
    found = (each.search(text) for each in _FOLDERS)
    return next((match["folder"] for match in found if match), None)


def _check_path(path: PurePosixPath) -> None:
    text = str(path)
    if not path.is_absolute() or ".." in path.parts:
        what, step = "is not an absolute path", "give it from the root"
    elif found := _IMPOSSIBLE.search(text):
        what = f"holds U+{ord(found[0]):04X}, which no unit file can be trusted with"
        step = "move it to a folder with a plainer name"
    elif text != text.strip():
        what, step = "ends in a space", "move it to a folder with a plainer name"
    else:
        return
    raise OutputError(f"the path {what}", where=ascii(text)[1:-1], next_step=step)
