"""What is wrong with a publication, a line each: settings, files, keys, database, clock, relay.

Nothing is changed and nothing is sent. Whatever cannot be looked at is a finding too, so that one
fault hides no other. What the DNS says is not asked.
"""

import shutil
import stat
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from pathlib import Path

from newsletter.books import OVER, DeliveryState, SlotState, in_words
from newsletter.errors import Act, NewsletterError, Remedy
from newsletter.publishing.keys import configured_records
from newsletter.publishing.publication import Books, Publication
from newsletter.publishing.templates import TemplateState, find_templates
from newsletter.publishing.witness import WITNESS_NAME, check_own_log, is_restored, read_witness
from newsletter.settings import FILE_NAME
from newsletter.store import examine
from newsletter.transports import Transport, cautions, members

_OTHERS = stat.S_IRWXO
_OTHERS_WRITE = stat.S_IWOTH
_SKEW = timedelta(minutes=1)
_LITTLE_ROOM = 200 * 1024 * 1024
"""Octets: less than that, and a large send may fill the disk."""


class Level(StrEnum):
    """How bad a finding is: warn is worth a look, bad keeps issues from going out rightly."""

    OK = "ok"
    WARN = "warn"
    BAD = "bad"


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """One line: what was looked at, what was seen, and what to do about it."""

    name: str
    level: Level
    what: str
    step: str = ""
    remedy: Remedy | None = None


async def diagnose(publication: Publication) -> AsyncIterator[Finding]:
    """Everything that can be seen from here, the relay last: it takes the longest."""
    for look in (_settings, _files, _templates, _dkim, _database):
        for finding in _guarded(look, publication):
            yield finding
    async for finding in _relays(publication):
        yield finding


def _guarded(
    look: Callable[[Publication], Iterable[Finding]], publication: Publication
) -> Iterator[Finding]:
    try:
        yield from look(publication)
    except NewsletterError as error:
        yield from fault_findings(look.__name__.strip("_"), error)


def fault_findings(name: str, error: NewsletterError) -> Iterator[Finding]:
    """An error as findings, one for each particular."""
    for fault in error.faults or (f"{error.where}: {error.what}".removeprefix(": "),):
        yield Finding(
            name=name, level=Level.BAD, what=fault, step=error.next_step, remedy=error.remedy
        )


def _settings(publication: Publication) -> Iterator[Finding]:
    publication.secret_key()
    yield _ok("settings", f"{FILE_NAME} and the environment have no fault")
    for caution in publication.settings.cautions:
        yield _warn("settings", caution, "")
    if not publication.settings.notifications.alert:
        what = "nobody is told when something needs a person"
        yield _warn("settings", what, "name somebody under [notifications] alert")


def _files(publication: Publication) -> Iterator[Finding]:
    folder = publication.settings.folder
    for name in (FILE_NAME, ".env", "templates"):
        path = folder / name
        if path.exists() and path.stat().st_mode & _OTHERS_WRITE:
            yield _bad("files", f"{name} may be changed by others", f"`chmod o-w {path}`")
    env = folder / ".env"
    if env.exists() and env.stat().st_mode & _OTHERS:
        yield _warn("files", ".env may be read by others", f"`chmod 600 {env}`")
    yield from _witness_file(folder)
    free = shutil.disk_usage(folder).free
    room = f"{free // 1024**2:,} MB free"
    if free < _LITTLE_ROOM:
        yield _warn("files", f"only {room} on the disk", "make room before you send")
    else:
        yield _ok("files", f"{folder}: {room}")


def _witness_file(folder: Path) -> Iterator[Finding]:
    """One that another user made, root as a rule, cannot be kept by who owns the publication."""
    witness = folder / WITNESS_NAME
    if witness.exists() and witness.stat().st_uid != folder.stat().st_uid:
        what = f"{WITNESS_NAME} belongs to another user than the folder"
        yield _bad("files", what, f"give {witness} to the owner of {folder}")


def _templates(publication: Publication) -> Iterator[Finding]:
    found = find_templates(publication.settings.folder)
    for one in found:
        if one.state is TemplateState.OLDER:
            what = f"{one.name} is yours, made from ours of {one.made_from}, and ours has changed"
            yield _warn("templates", what, "see what is new in ours", Act.COMPARE_TEMPLATES)
    unmarked = [one.name for one in found if one.state is TemplateState.UNMARKED]
    if unmarked:
        what = f"yours do not say of which of ours they were made: {', '.join(unmarked)}"
        step = "remove those that you never changed, and compare the others"
        yield _warn("templates", what, step, Act.COMPARE_TEMPLATES)
    own = [one.name for one in found if one.state in (TemplateState.OWN, TemplateState.ADDED)]
    yield _ok("templates", f"yours are up to date: {', '.join(own)}" if own else "all are ours")


def _dkim(publication: Publication) -> Iterator[Finding]:
    if publication.settings.dkim is None:
        what = "messages are not signed here"
        yield _warn("dkim", what, "make a key, unless the relay signs", Act.MAKE_DKIM_KEY)
        return
    for record in configured_records(publication):
        shown = f"{record.name} ({record.algorithm}, {record.bits} bits)"
        if record.is_weak:
            step = "make a new one of 2048 bits"
            yield _warn("dkim", f"{shown} is weak (RFC 8301)", step, Act.MAKE_DKIM_KEY)
        else:
            yield _ok("dkim", shown)


def _database(publication: Publication) -> Iterator[Finding]:
    seen = examine(publication.settings.environment.database.reveal())
    shown = f"{seen.name}: {seen.size / 1024**2:,.1f} MB, schema {seen.version}"
    if not seen.is_there:
        what = f"{seen.name}: there is none yet"
        yield _warn("database", what, "importing subscribers makes it", Act.IMPORT_SUBSCRIBERS)
        return
    if seen.file is not None and seen.file.stat().st_mode & _OTHERS:
        yield _bad("database", "others may read people's addresses", f"`chmod 600 {seen.file}`")
    for fault in seen.faults:
        yield _bad("database", f"it is damaged: {fault}", "bring back a backup", Act.RESTORE)
    if seen.faults:
        return
    if not seen.is_current:
        what = f"{shown}, which is not this program's"
        yield _warn("database", what, "make a backup: the next command brings it up", Act.BACK_UP)
        return
    yield _ok("database", f"{shown}, whole")
    with publication.reading() as books:
        yield from _books(books)


def _books(books: Books) -> Iterator[Finding]:
    others = " and ".join(f"“{each.name}”" for each in books.database.neighbours())
    if others:
        yield _ok("database", f"also that of {others}; this is “{books.settings.key.key}” in it")
    yield from _log(books)
    owed = books.database.subscribers.audience_counts().owed
    if owed:
        yield _ok("list", f"{owed:,} people to send to")
    else:
        yield _warn("list", "there is nobody to send to", "import them", Act.IMPORT_SUBSCRIBERS)
    yield from _runs(books)
    yield from _schedule(books)


def _log(books: Books) -> Iterator[Finding]:
    database, folder = books.database, books.settings.folder
    witness = read_witness(folder)
    broken = database.audit.verify()
    if broken is not None:
        what = f"the log was changed at entry {broken.id}, or before it"
        yield _bad("log", what, "compare it with a backup", Act.SEE_LOG)
    elif is_restored(database.audit, witness):
        check_own_log(database, folder)
        what = "the database is older than what has happened: it is a backup's, or another one"
        yield _bad("log", what, "compare it with the relay's log, then", Act.ACCEPT_RESTORED)
    else:
        last = database.audit.last()
        yield _ok("log", f"{last.id if last else 0:,} entries, whole, and what was seen here")
    yield from _clock(books)


def _clock(books: Books) -> Iterator[Finding]:
    zone, now = books.settings.schedule.zone, books.now()
    last = books.database.audit.last()
    if last is not None and last.at - now > _SKEW:
        ahead = in_words(last.at - now)
        what = f"the newest entry of the log is {ahead} ahead of this machine's clock"
        yield _bad("clock", what, "set the clock, and keep it by NTP")
    else:
        yield _ok("clock", f"it is {now.astimezone(zone):%A %Y-%m-%d %H:%M} in {zone}")


def _runs(books: Books) -> Iterator[Finding]:
    for run in books.database.runs.all():
        balance = books.database.runs.balance(run.id)
        if not balance.balanced:
            what = f"{run.issue}: its books do not balance"
            yield _bad("runs", what, "bring back a backup", Act.RESTORE)
        if run.state not in OVER:
            what = f"{run.issue} is {run.state}: {balance}"
            yield _warn("runs", what, "", Act.SEE_STATUS, run.issue)
        elif doubts := balance[DeliveryState.IN_DOUBT]:
            what = f"{run.issue}: {doubts:,} in doubt"
            yield _warn("runs", what, "settle them", Act.PROVE_BY_LOG, run.issue)


def _schedule(books: Books) -> Iterator[Finding]:
    now = books.now()
    beats = books.database.heartbeats.known()
    for beat in beats:
        shown = beat.owner.partition(" [")[0]
        if beat.is_silent(now):
            yield _warn("schedule", f"{shown} is dead, or hangs", "look at its journal")
        else:
            yield _ok("schedule", f"{shown}: {beat.doing}")
    slots = books.database.slots.in_states(SlotState.SCHEDULED)
    if slots and not beats:
        what = f"{slots[0].issue} is scheduled for {slots[0]}, and nobody was heard of who sends it"
        yield _warn("schedule", what, "see that a daemon, a timer or cron runs")


async def _relays(publication: Publication) -> AsyncIterator[Finding]:
    """Connects, encrypts and logs in, and says goodbye."""
    try:
        transport = publication.open_transport()
    except NewsletterError as error:
        for finding in fault_findings("relay", error):
            yield finding
        return
    for caution in cautions(transport):
        yield _warn("relay", f"{caution.where}: {caution.what}", caution.next_step)
    for each in members(transport):
        yield await _relay(each)


async def _relay(transport: Transport) -> Finding:
    try:
        async with transport:
            await (await transport.open()).close()
    except NewsletterError as error:
        return Finding(
            name="relay",
            level=Level.BAD,
            what=f"{transport.name}: {error.what}",
            step=error.next_step,
            remedy=error.remedy,
        )
    return _ok("relay", f"{transport.name}: takes our messages, as far as one can see unsent")


def _ok(name: str, what: str) -> Finding:
    return Finding(name=name, level=Level.OK, what=what)


def _warn(name: str, what: str, step: str, act: Act | None = None, subject: str = "") -> Finding:
    remedy = Remedy(act, subject) if act else None
    return Finding(name=name, level=Level.WARN, what=what, step=step, remedy=remedy)


def _bad(name: str, what: str, step: str, act: Act | None = None) -> Finding:
    remedy = Remedy(act) if act else None
    return Finding(name=name, level=Level.BAD, what=what, step=step, remedy=remedy)
