"""`newsletter schedule`: put an issue in a slot, or install what starts slots by itself."""

from pathlib import Path
from typing import Annotated

import typer

from newsletter.books import Slot, in_time
from newsletter.cli.acting import acting_on
from newsletter.cli.approval_view import approval_lines
from newsletter.cli.console import bad, faint, good, say, say_block, strong, warning
from newsletter.cli.exit_status import ExitStatus
from newsletter.cli.findings import told
from newsletter.cli.formats import AsFormat, Format, Record
from newsletter.cli.install import Ways, install
from newsletter.cli.plan_record import timetable_record
from newsletter.cli.publication import issue_here
from newsletter.cli.readiness import ready_or_exit
from newsletter.cli.said import person_said, wall_time_said
from newsletter.cli.segments import SegmentText, segment_line, segment_said, warn_of_strangers
from newsletter.cli.standing_record import one_record
from newsletter.cli.timetable_view import done_words, timetable_lines
from newsletter.errors import NewsletterError
from newsletter.publishing import scheduling
from newsletter.publishing.issues import issue_name
from newsletter.publishing.plan import plan_slot
from newsletter.publishing.publication import Books
from newsletter.publishing.scheduling import Scheduled
from newsletter.publishing.standing import approvals_of
from newsletter.schedule import Timetable, clock_change_note, slot_instant, slot_words
from newsletter.units import SiteAddress

_INSTALL = Path("install")


Issue = Annotated[
    Path,
    typer.Argument(
        metavar="ISSUE",
        help="The issue's name or file; or `install`, to have slots started automatically.",
        show_default=False,
    ),
]
At = Annotated[
    str | None,
    typer.Option(
        metavar='"2026-11-27 07:00"',
        help="This moment instead of the rule's next, in [schedule] timezone.",
        show_default=False,
    ),
]
By = Annotated[
    str | None, typer.Option(metavar="NAME", help="Your name, for the log.", show_default=False)
]
Systemd = Annotated[
    bool, typer.Option("--systemd", help="install: a service that runs `newsletter run`.")
]
Timer = Annotated[
    bool, typer.Option("--timer", help="install: a timer that runs `newsletter due`.")
]
Cron = Annotated[
    bool, typer.Option("--cron", help="install: a line for cron that runs `newsletter due`.")
]
Serve = Annotated[
    bool, typer.Option("--serve", help="install: the daemon serves the public site as well.")
]
Site = Annotated[
    bool, typer.Option("--site", help="install: a service of its own for the public site.")
]
WorkerToo = Annotated[
    bool, typer.Option("--worker", help="install: a service that runs `newsletter worker`.")
]
SiteHost = Annotated[
    str, typer.Option("--host", metavar="ADDRESS", help="install: where the site listens.")
]
SitePort = Annotated[
    int, typer.Option("--port", min=1, max=65_535, help="install: the site's port.")
]
User = Annotated[str, typer.Option(help="install: the user it runs as.")]
Name = Annotated[
    str | None,
    typer.Option(
        metavar="NAME",
        help="install: what the files are called; without it, after the publication.",
        show_default=False,
    ),
]
To = Annotated[
    Path | None,
    typer.Option(
        metavar="FOLDER",
        help="install: write it there, instead of printing it.",
        show_default=False,
    ),
]


def schedule(
    path: Issue,
    at: At = None,
    segment: SegmentText = None,
    by: By = None,
    systemd: Systemd = False,
    timer: Timer = False,
    cron: Cron = False,
    serve: Serve = False,
    site: Site = False,
    worker: WorkerToo = False,
    host: SiteHost = "127.0.0.1",
    port: SitePort = 8080,
    user: User = "newsletter",
    name: Name = None,
    to: To = None,
    format_: AsFormat = Format.TEXT,
) -> None:
    """Put an issue in the next free slot of the rule, or at --at; `due` or `run` sends it."""
    ways = Ways(systemd=systemd, timer=timer, cron=cron, serve=serve, site=site, worker=worker)
    if path == _INSTALL and segment is None:
        install(ways, SiteAddress(host=host, port=port), user=user, name=name, to=to)
        return
    if ways.is_any or name or to:
        raise NewsletterError(
            "this is for `newsletter schedule install`",
            where="--systemd, --timer, --cron, --serve, --site, --worker, --name, --to",
            next_step="leave it out, or write `install` instead of the issue",
        )
    moment = wall_time_said(at) if at is not None else None
    wanted = segment_said(segment)
    who = person_said(by) if by is not None else ""
    with acting_on(issue_here(path), format_, who, told=_record) as books:
        warn_of_strangers(wanted, books)
        found = scheduling.schedule(issue_here(path), moment, books, wanted)
        if not isinstance(found, Scheduled):
            ready = ready_or_exit(found)
            say_block(told(ready.diagnostics))
            say(bad("It is not scheduled: the check has errors."))
            raise typer.Exit(ExitStatus.FOUND)
        _say_slot(found, books)


def _record(path: Path, books: Books) -> Record:
    """As `status` tells of the issue, and who is done when by the list of today."""
    slot = books.database.slots.find(issue_name(str(path)))
    found = _timetable(slot, books) if slot else None
    return {**one_record(path, books), "timetable": timetable_record(found) if found else None}


def _timetable(slot: Slot, books: Books) -> Timetable | None:
    """None where there is no transport: whoever sends is told."""
    try:
        return plan_slot(slot, books)
    except NewsletterError:
        return None


def _say_timetable(slot: Slot, books: Books) -> None:
    """Who is done when, where more than a rate has a say in it."""
    found = _timetable(slot, books)
    if found and (done := done_words(found)):
        say(f"By the list of today it is {done}:")
        for line in timetable_lines(found):
            say(f"  {line}".rstrip())


def _say_slot(found: Scheduled, books: Books) -> None:
    slot, ready = found.slot, found.ready
    when = in_time(slot_instant(slot), books.now())
    say(f"{strong(slot.issue)} goes out at {good(slot_words(slot))}, {when}.")
    if slot.segment:
        say(f"  to a segment: {segment_line(slot.segment, books)}")
    say(faint(f"  {ready.rendered.subject}  digest {ready.digest[:12]}"))
    zone = ready.settings.schedule.zone
    if changed := clock_change_note(slot.local_date, slot.local_time, zone):
        say(warning(changed))
    _say_timetable(slot, books)
    approvals = approvals_of(ready, books)
    if not approvals.judgement.is_given:
        for line in approval_lines(approvals):
            say(line)
        say(
            warning("It is not sent unless it is approved by then:")
            + f" newsletter approve {slot.path} --by NAME"
        )
    if not any(beat.keeps_schedule for beat in books.database.heartbeats.known()):
        say(faint("Nothing has been seen here that would start it: keep `newsletter run` running,"))
        say(faint("or have cron call `newsletter due`."))
    told = ready.settings.notifications
    if not (told.alert or told.webhook):
        say(faint("Nobody is told if something keeps it back: [notifications] alert is empty."))
