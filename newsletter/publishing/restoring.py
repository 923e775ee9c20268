"""A backup brought back: what is held until somebody says who has had what since it was made.

Mails went out after the backup, and its books do not know of them. So whatever is unfinished in
it, and every issue that may have begun since, is paused; the relay's log proves who has it, and a
person's word lets out the rest. Nobody gets an issue twice by our doing. How a backup is read and
written is left to `backing_up`.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

from newsletter.books import OVER, AuditAction, KnownPublication, Run, RunEvents
from newsletter.errors import Act, NewsletterError, Remedy, StoreError
from newsletter.files import write_new
from newsletter.process import is_dead, shown
from newsletter.publishing.backing_up import Backup
from newsletter.publishing.doubts import proof_in, settle_by
from newsletter.publishing.letting_out import Refusal
from newsletter.publishing.publication import Books, Publication
from newsletter.publishing.scheduling import accept_restored
from newsletter.store import file_of, open_database, publications_in, put_in_place

UNDATED = timedelta(days=7)
"""For so long an issue without a date may be one that went out between backup and restore."""

_HELD = RunEvents.PAUSE.after | RunEvents.FREEZE.before
_HOLDER = "the restored backup"
"""Who paused it, in the books."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Restored:
    """What a restore came to: `held` are the runs that are paused, each with how many people the
    log proved; `kept` is where the database of before is now; `written` are files that were gone.
    """

    database: str
    held: Sequence[tuple[Run, int]]
    kept: Path | None
    written: Sequence[str]


def held_by(issued: date | None, books: Books) -> str | None:
    """Who pauses a new run from its first moment: the backup, where the issue may be out already.

    That is any issue not dated after the day on which a backup was brought back.
    """
    entry = books.database.audit.last_of(AuditAction.RESTORED)
    if entry is None:
        return None
    if issued is None:
        return _HOLDER if books.now() - entry.at < UNDATED else None
    restored_on = entry.at.astimezone(books.settings.schedule.zone).date()
    return _HOLDER if issued <= restored_on else None


def is_held(run: Run) -> bool:
    """Whether it was paused from its first moment, and not by a person."""
    return run.controlled_by == _HOLDER


def stands_still(run: Run) -> Refusal:
    """Why a paused run sends nothing."""
    if not is_held(run):
        return Refusal(
            reason=f"it is paused by {run.controlled_by}",
            step="To go on",
            remedies=(Remedy(Act.RESUME, run.issue),),
        )
    return Refusal(
        reason="the books are a backup's, and it may have been sent since that was made",
        step="Settle it by the relay's log, then let out the rest",
        remedies=(Remedy(Act.PROVE_BY_LOG, run.issue), Remedy(Act.RESUME, run.issue)),
    )


def write_missing(backup: Backup, folder: Path) -> Sequence[str]:
    """The publication's files that are not there; none that is there is touched.

    Raises OutputError.
    """
    missing = [name for name in backup.files if not (folder / name).exists()]
    for name in missing:
        write_new(folder / name, backup.read(name), mode=backup.mode_of(name))
    return missing


def check_stopped(publication: Publication) -> None:
    """Raises StoreError while somebody works with the database that is to be replaced.

    One that cannot be opened has nobody in it.
    """
    file = file_of(publication.settings.environment.database.reveal())
    if file is not None and not file.exists():
        return
    try:
        with publication.reading() as books:
            working = _who_works(books)
    except NewsletterError:
        return
    if working:
        raise StoreError(
            f"{shown(working)} works with this database",
            where=str(file or "the database"),
            next_step="stop it first",
        )


def _check_whose(copy: Path, publication: Publication) -> None:
    """Raises StoreError where the backup is another publication's, or would take one's place."""
    settings = publication.settings
    with open_database(f"sqlite:///{copy}", settings.key) as database:
        if not database.publication.id:
            (other,) = database.neighbours()
            raise StoreError(
                f"the backup is that of “{other.name}”, and newsletter.toml has another key",
                where=str(settings.folder),
                next_step=f'write key = "{other.key}" under [publication] if it is to be this one',
            )
        key = database.publication.key or settings.key.key
    url = settings.environment.database.reveal()
    found: Sequence[KnownPublication] = ()
    with suppress(NewsletterError):  # of one that cannot be opened nothing is lost: it is kept
        found = publications_in(url)
    others = " and ".join(f"“{each.name}”" for each in found if each.key != key)
    if others:
        raise StoreError(
            f"the database is also that of {others}, whose books a restore would take away",
            where=str(file_of(url) or "the database"),
            next_step="name a database of its own in NEWSLETTER_DATABASE, and restore into that",
        )


def _who_works(books: Books) -> str | None:
    now = books.now()
    for beat in books.database.heartbeats.known():
        is_alive = not beat.is_silent(now) and not is_dead(beat.owner)
        if is_alive and not beat.serves_site:  # a site goes on with the restored one
            return beat.owner
    for run in books.database.runs.all():
        if run.state not in OVER:
            for holder in books.database.runs.holders(run.id, now):
                return holder.owner
    return None


def restore(backup: Backup, publication: Publication, log: Path | None, reason: str) -> Restored:
    """The backup's database in place of the publication's, with everything held that may be out.

    All of it is done to the copy, which then takes its place in one step: a crash before leaves
    the books as they were. `log` is the relay's: whoever it proves has the issue. Raises StoreError
    while somebody works with the database, and what `accept_restored` raises.
    """
    check_stopped(publication)
    copy = backup.database
    _check_whose(copy, publication)
    inside = replace(
        publication,
        open_database=lambda: open_database(f"sqlite:///{copy}", publication.settings.key),
    )
    accept_restored(inside, f"backup of {backup.made_at:%Y-%m-%d %H:%M} UTC: {reason}")
    with inside.reading() as books:
        runs = [run for run in books.database.runs.all() if run.state in _HELD]
        for run in runs:  # in a copy nobody works, whoever did when it was made
            books.database.journal.release_all(run.id, books.now())
        for beat in books.database.heartbeats.known():
            books.database.heartbeats.stop(beat.owner)
        held = [(run, _proved(run, log, books)) for run in runs]
        books.remember()
    url = publication.settings.environment.database.reveal()
    kept = put_in_place(url, copy, f".before-{publication.clock():%Y%m%dT%H%M%S}")
    with publication.reading() as books:
        name = books.database.name
    return Restored(database=name, held=held, kept=kept, written=())


def _proved(run: Run, log: Path | None, books: Books) -> int:
    if log is None:
        return 0
    proof = proof_in(log, run, books)
    if proof.lines:
        settle_by(proof, run, books)
    return len(proof.lines)
