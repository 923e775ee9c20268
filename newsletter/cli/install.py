"""`newsletter schedule install`: the service, the timer or the cron line for this publication."""

import shutil
import sys
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from newsletter.cli.console import faint, note, say, say_block
from newsletter.cli.publication import settings_here
from newsletter.errors import NewsletterError
from newsletter.files import write_file
from newsletter.publishing.carriers import folders_outside
from newsletter.units import Place, cron_line, systemd_units

_SYSTEMD = PurePosixPath("/etc/systemd/system")
_CRON = PurePosixPath("/etc/cron.d")


def install(*, systemd: bool, timer: bool, cron: bool, user: str, to: Path | None) -> None:
    """Print it, or write it into a folder; nothing is switched on."""
    if systemd + timer + cron != 1:
        raise NewsletterError(
            "choose one of the three ways to start slots",
            where="newsletter schedule install",
            next_step="use --systemd for a daemon, --timer or --cron for a look every minute",
        )
    settings = settings_here(with_environment=True)
    place = Place(
        command=_command(),
        folder=PurePosixPath(settings.folder.absolute()),
        user=user,
        writable=tuple(map(PurePosixPath, folders_outside(settings))),
    )
    if cron:
        text = cron_line(place, with_user=to is not None)
        files, usual = {place.name: text}, _CRON
    else:
        files, usual = dict(systemd_units(place, by_timer=timer)), _SYSTEMD
    if to is None:
        _print(files, usual, is_crontab=cron)
    else:
        for name, text in files.items():
            write_file(to / name, text.encode())
            say(f"{to / name}")
    if not cron:
        started = next((name for name in files if name.endswith(".timer")), next(iter(files)))
        note(faint(f"Then: systemctl daemon-reload && systemctl enable --now {started}"))


def _print(files: Mapping[str, str], usual: PurePosixPath, *, is_crontab: bool) -> None:
    for name, text in files.items():
        if not is_crontab:
            say(f"# {usual / name}")
        say_block(text)


def _command() -> PurePosixPath:
    """The `newsletter` that is running, as it is to be started again."""
    running = Path(sys.argv[0])
    if running.name == "newsletter" and running.is_file():
        return PurePosixPath(running.absolute())
    found = shutil.which("newsletter")
    if found is None:
        raise NewsletterError(
            "the installed command cannot be found",
            where="PATH",
            next_step="call it by its full path: /path/to/newsletter schedule install …",
        )
    return PurePosixPath(Path(found).absolute())
