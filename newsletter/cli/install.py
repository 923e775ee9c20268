"""`newsletter schedule install`: the service, the timer or the cron line for this publication."""

import shutil
import sys
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from newsletter.cli.console import faint, note, say, say_block
from newsletter.cli.publication import settings_here
from newsletter.errors import NewsletterError, OutputError, reading
from newsletter.files import write_file
from newsletter.publishing.carriers import folders_outside
from newsletter.units import Place, cron_line, folder_in, systemd_units, unit_name

_SYSTEMD = PurePosixPath("/etc/systemd/system")
_CRON = PurePosixPath("/etc/cron.d")


def install(
    *, systemd: bool, timer: bool, cron: bool, user: str, name: str | None, to: Path | None
) -> None:
    """Print it, or write it into a folder; nothing is switched on.

    Files are named by the publication, and another publication's are never written over.
    """
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
        name=unit_name(settings.publication.name) if name is None else name,
    )
    if cron:
        text = cron_line(place, with_user=to is not None)
        files, usual = {place.name: text}, _CRON
    else:
        files, usual = dict(systemd_units(place, by_timer=timer)), _SYSTEMD
    if to is None:
        _print(files, usual, is_crontab=cron)
    else:
        for file, text in files.items():
            _check_ours(to / file, text)
        for file, text in files.items():
            write_file(to / file, text.encode())
            say(f"{to / file}")
    if not cron:
        started = next((name for name in files if name.endswith(".timer")), next(iter(files)))
        note(faint(f"Then: systemctl daemon-reload && systemctl enable --now {started}"))


def _print(files: Mapping[str, str], usual: PurePosixPath, *, is_crontab: bool) -> None:
    for name, text in files.items():
        if not is_crontab:
            say(f"# {usual / name}")
        say_block(text)


def _check_ours(path: Path, text: str) -> None:
    """Raises OutputError where the file that is there is another publication's, or nobody's."""
    if not path.exists():
        return
    with reading(path, OutputError, wanted="a folder to write to"):
        there = folder_in(path.read_text(encoding="utf-8", errors="replace"))
    if there != folder_in(text):
        whose = f"belongs to the publication in {there}" if there else "is no file of ours"
        raise OutputError(
            f"this {whose}, and is not written over",
            where=str(path),
            next_step="give this publication's files another name: --name NAME",
        )


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
