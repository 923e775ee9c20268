"""The database and what stands in it: whole, of this program, and going where it should."""

import stat
from collections.abc import Iterator
from datetime import timedelta

from newsletter.books import OVER, DeliveryState, SlotState, in_words
from newsletter.errors import Act
from newsletter.publishing.doctoring.coming_back import coming_back
from newsletter.publishing.doctoring.finding import Finding, bad, ok, warn
from newsletter.publishing.publication import Books, Publication
from newsletter.publishing.witness import check_own_log, is_restored, read_witness
from newsletter.store import examine

_OTHERS = stat.S_IRWXO
_SKEW = timedelta(minutes=1)


def database(publication: Publication) -> Iterator[Finding]:
    seen = examine(publication.settings.environment.database.reveal())
    shown = f"{seen.name}: {seen.size / 1024**2:,.1f} MB, schema {seen.version}"
    if not seen.is_there:
        what = f"{seen.name}: there is none yet"
        yield warn("database", what, "importing subscribers makes it", Act.IMPORT_SUBSCRIBERS)
        return
    if seen.file is not None and seen.file.stat().st_mode & _OTHERS:
        yield bad("database", "others may read people's addresses", f"`chmod 600 {seen.file}`")
    for fault in seen.faults:
        yield bad("database", f"it is damaged: {fault}", "bring back a backup", Act.RESTORE)
    if seen.faults:
        return
    if not seen.is_current:
        what = f"{shown}, which is not this program's"
        yield warn("database", what, "make a backup: the next command brings it up", Act.BACK_UP)
        return
    yield ok("database", f"{shown}, whole")
    with publication.reading() as books:
        yield from _books(books)


def _books(books: Books) -> Iterator[Finding]:
    others = " and ".join(f"“{each.name}”" for each in books.database.neighbours())
    if others:
        yield ok("database", f"also that of {others}; this is “{books.settings.key.key}” in it")
    yield from _log(books)
    audience = books.database.subscribers.audience_counts(books.now())
    if audience.owed:
        left_out = sum(audience.suppressed.values())
        others = (
            f"; {left_out:,} left out, who have left, pause or are suppressed" if left_out else ""
        )
        yield ok("list", f"{audience.owed:,} people to send to{others}")
    else:
        yield warn("list", "there is nobody to send to", "import them", Act.IMPORT_SUBSCRIBERS)
    if owed := books.database.letters.owed():
        what = f"{owed:,} letters to readers wait" if owed > 1 else "a letter to a reader waits"
        yield warn("list", what, "see that the relay takes them, and that a site or a daemon runs")
    yield from coming_back(books)
    yield from _runs(books)
    yield from _schedule(books)


def _log(books: Books) -> Iterator[Finding]:
    database, folder = books.database, books.settings.witness_folder
    witness = read_witness(folder)
    broken = database.audit.verify()
    if broken is not None:
        what = f"the log was changed at entry {broken.id}, or before it"
        yield bad("log", what, "compare it with a backup", Act.SEE_LOG)
    elif is_restored(database.audit, witness):
        check_own_log(database, folder)
        what = "the database is older than what has happened: it is a backup's, or another one"
        yield bad("log", what, "compare it with the relay's log, then", Act.ACCEPT_RESTORED)
    else:
        last = database.audit.last()
        yield ok("log", f"{last.id if last else 0:,} entries, whole, and what was seen here")
    yield from _clock(books)


def _clock(books: Books) -> Iterator[Finding]:
    zone, now = books.settings.schedule.zone, books.now()
    last = books.database.audit.last()
    if last is not None and last.at - now > _SKEW:
        ahead = in_words(last.at - now)
        what = f"the newest entry of the log is {ahead} ahead of this machine's clock"
        yield bad("clock", what, "set the clock, and keep it by NTP")
    else:
        yield ok("clock", f"it is {now.astimezone(zone):%A %Y-%m-%d %H:%M} in {zone}")


def _runs(books: Books) -> Iterator[Finding]:
    for run in books.database.runs.all():
        balance = books.database.runs.counted(run.id)
        if not balance.balanced:
            what = f"{run.issue}: its books do not balance"
            yield bad("runs", what, "bring back a backup", Act.RESTORE)
        if run.state not in OVER:
            what = f"{run.issue} is {run.state}: {balance}"
            yield warn("runs", what, "", Act.SEE_STATUS, run.issue)
        elif doubts := balance[DeliveryState.IN_DOUBT]:
            what = f"{run.issue}: {doubts:,} in doubt"
            yield warn("runs", what, "settle them", Act.PROVE_BY_LOG, run.issue)


def _schedule(books: Books) -> Iterator[Finding]:
    now = books.now()
    beats = books.database.heartbeats.known()
    for beat in beats:
        shown = beat.owner.partition(" [")[0]
        name = "schedule" if beat.keeps_schedule else "site" if beat.serves_site else "worker"
        if beat.is_silent(now):
            yield warn(name, f"{shown} is dead, or hangs", "look at its journal")
        else:
            yield ok(name, f"{shown}: {beat.doing}")
    slots = books.database.slots.in_states(SlotState.SCHEDULED)
    if slots and not any(beat.keeps_schedule for beat in beats):
        what = f"{slots[0].issue} is scheduled for {slots[0]}, and nobody was heard of who sends it"
        yield warn("schedule", what, "see that a daemon, a timer or cron runs")
