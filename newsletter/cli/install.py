"""`newsletter schedule install`: the services, the timer or the cron line for this publication."""

import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from newsletter.cli.console import faint, note, say, say_block
from newsletter.cli.publication import settings_here
from newsletter.errors import NewsletterError, OutputError, reading
from newsletter.files import write_file
from newsletter.publishing.carriers import folders_outside
from newsletter.units import (
    Place,
    SiteAddress,
    cron_line,
    folder_in,
    site_unit,
    systemd_units,
    unit_name,
    worker_unit,
)

_SYSTEMD = PurePosixPath("/etc/systemd/system")
_CRON = PurePosixPath("/etc/cron.d")


@dataclass(frozen=True, kw_only=True, slots=True)
class Ways:
    """How slots are started, one way at most; how the site is served, if at all: by the daemon
    or in a service of its own; and whether a worker sends here.
    """

    systemd: bool = False
    timer: bool = False
    cron: bool = False
    serve: bool = False
    site: bool = False
    worker: bool = False

    @property
    def is_any(self) -> bool:
        return self.systemd or self.timer or self.cron or self.serve or self.site or self.worker

    def check(self) -> None:
        """Raises NewsletterError for what cannot be had together."""
        starting = self.systemd + self.timer + self.cron
        if self.cron and self.worker:
            raise _cannot(
                "a line for cron and a service are two files of two folders",
                "install the worker by itself: --worker alone",
            )
        if self.cron and (self.serve or self.site):
            raise _cannot(
                "cron starts what ends, and cannot serve the site",
                "leave it out here, and install a service for the site: --site alone",
            )
        if self.serve and self.site:
            raise _cannot("the site is served by the daemon or by itself", "choose one of the two")
        if self.serve and not self.systemd:
            raise _cannot("only the daemon can serve as well", "use --systemd --serve, or --site")
        if starting > 1 or not (starting or self.site or self.worker):
            raise _cannot(
                "choose one of the three ways to start slots",
                "use --systemd for a daemon, --timer or --cron for a look every minute;"
                " --site serves the public site, --worker sends with other machines",
            )


def _cannot(what: str, step: str) -> NewsletterError:
    return NewsletterError(what, where="newsletter schedule install", next_step=step)


def install(ways: Ways, at: SiteAddress, *, user: str, name: str | None, to: Path | None) -> None:
    """Print it, or write it into a folder; nothing is switched on.

    Files are named by the publication, and another publication's are never written over.
    """
    ways.check()
    settings = settings_here(with_environment=True)
    place = Place(
        command=_command(),
        folder=PurePosixPath(settings.folder.absolute()),
        user=user,
        writable=tuple(map(PurePosixPath, folders_outside(settings))),
        name=unit_name(settings.publication.name) if name is None else name,
    )
    files, usual = _files(ways, at, place, with_user=to is not None)
    if to is None:
        _print(files, usual, is_crontab=ways.cron)
    else:
        for file, text in files.items():
            _check_ours(to / file, text)
        for file, text in files.items():
            write_file(to / file, text.encode())
            say(f"{to / file}")
    if not ways.cron:
        started = " ".join(name for name in files if not name.endswith("-due.service"))
        note(faint(f"Then: systemctl daemon-reload && systemctl enable --now {started}"))


def _files(
    ways: Ways, at: SiteAddress, place: Place, *, with_user: bool
) -> tuple[Mapping[str, str], PurePosixPath]:
    """What is to be written, and the folder where it is looked for."""
    if ways.cron:
        return {place.name: cron_line(place, with_user=with_user)}, _CRON
    files: dict[str, str] = {}
    if ways.systemd or ways.timer:
        served = at if ways.serve else None
        files |= systemd_units(place, by_timer=ways.timer, site=served)
    if ways.site:
        files |= site_unit(place, at)
    if ways.worker:
        files |= worker_unit(place)
    return files, _SYSTEMD


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
