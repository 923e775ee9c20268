"""Whether a publication is well, for who watches many of them: a check for each thing, in values.

Nothing is changed, also where there is no database or one of another version. What should be done
about it, and everything that is a step towards the next issue, is the agenda's to say.
"""

import threading
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from newsletter.books import (
    DeliveryState,
    Heartbeat,
    Kind,
    RunFigures,
    RunState,
    SlotState,
)
from newsletter.daemon import Patience
from newsletter.errors import Act, NewsletterError, Remedy, StoreError
from newsletter.process import is_dead, shown
from newsletter.publishing import agenda
from newsletter.publishing.agenda import Facts
from newsletter.publishing.agenda.keepers import keepers_of
from newsletter.publishing.agenda.runs import run_items
from newsletter.publishing.agenda.slots import slot_items
from newsletter.publishing.publication import Books, Publication
from newsletter.publishing.standing_back import paused_groups
from newsletter.publishing.witness import check_own_log, is_restored, read_witness

_MISSED = timedelta(hours=1)
"""For so long a process that fell silent is worth a look though others do its work; a machine that
was taken away for good is not missed for ever."""


class Verdict(StrEnum):
    """Degraded: it needs a person. Unknown: it cannot be said."""

    WELL = "well"
    DEGRADED = "degraded"
    UNKNOWN = "unknown"


class Probe(StrEnum):
    """What is looked at, in this order; settings at fault are the front's to find."""

    SETTINGS = "settings"
    DATABASE = "database"
    RESTORED = "restored"
    DAEMON = "daemon"
    WORKERS = "workers"
    SLOTS = "slots"
    RUNS = "runs"
    QUEUE = "queue"
    DOUBTS = "doubts"
    FAULTS = "faults"
    LETTERS = "letters"


@dataclass(frozen=True, kw_only=True, slots=True)
class Bounds:
    """From where on something is no longer well.

    `oldest` is the age of a planned delivery of a running run, `letters` that of a letter that is
    due. `doubts` and `faults` may just be reached, `workers` are wanted at the least. Without
    `needs_daemon` a timer keeps the schedule, and leaves no heartbeat.
    """

    oldest: timedelta = timedelta(hours=24)
    letters: timedelta = timedelta(minutes=15)
    doubts: int = 0
    faults: int = 2
    workers: int = 0
    needs_daemon: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class Check:
    """One thing that was looked at, and the act that deals with it where it is not well."""

    probe: Probe
    verdict: Verdict
    facts: Facts = field(default_factory=dict)
    remedy: Remedy | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Health:
    """`at` is by the publication's clock, or by that of a database that machines share."""

    name: str
    at: datetime
    checks: Sequence[Check]

    @property
    def verdict(self) -> Verdict:
        found = {check.verdict for check in self.checks}
        return next(
            (each for each in (Verdict.UNKNOWN, Verdict.DEGRADED) if each in found), Verdict.WELL
        )


def health_of(publication: Publication, bounds: Bounds) -> Health:
    """Look at everything; where the database cannot be read, at nothing else."""
    name = publication.settings.publication.name
    try:
        with publication.looking() as books:
            if books is None:
                raise StoreError("there is no database", remedy=Remedy(Act.IMPORT_SUBSCRIBERS))
            look = _Look(books, bounds)
            return Health(name=name, at=look.now, checks=list(look.checks()))
    except NewsletterError as error:
        facts = {"fault": "; ".join([str(error), *error.faults])}
        check = Check(
            probe=Probe.DATABASE, verdict=Verdict.UNKNOWN, facts=facts, remedy=error.remedy
        )
        return Health(name=name, at=publication.clock(), checks=[check])


def health_within(publication: Publication, bounds: Bounds, seconds: float) -> Health:
    """The same, in so long at the most: a database that takes longer does not answer.

    Whoever asks goes on then; the look is left behind in its thread, and ends with the process.
    """
    found: Future[Health] = Future()

    def look() -> None:
        try:
            found.set_result(health_of(publication, bounds))
        except BaseException as error:  # noqa: BLE001 - it is raised where it was asked for
            found.set_exception(error)

    threading.Thread(target=look, daemon=True).start()
    try:
        return found.result(seconds)
    except TimeoutError:
        facts = {"fault": f"it does not answer within {seconds:g} seconds"}
        check = Check(probe=Probe.DATABASE, verdict=Verdict.UNKNOWN, facts=facts)
        name = publication.settings.publication.name
        return Health(name=name, at=publication.clock(), checks=[check])


class _Look:
    """What several checks need is read once."""

    def __init__(self, books: Books, bounds: Bounds) -> None:
        self._books, self._bounds = books, bounds
        database = books.database
        self.now = database.time() if database.is_shared else books.now()
        self._runs = database.figures.open_runs(self.now)
        self._beats = database.heartbeats.known()
        self._keepers = keepers_of(books)

    def checks(self) -> Iterator[Check]:
        yield Check(
            probe=Probe.DATABASE,
            verdict=Verdict.WELL,
            facts={"name": self._books.database.name, "fault": ""},
        )
        yield self._restored()
        yield self._daemon()
        yield self._workers()
        yield self._slots()
        yield self._run_states()
        yield self._queue()
        yield self._doubts()
        yield self._faults()
        yield self._letters()

    def _restored(self) -> Check:
        database, folder = self._books.database, self._books.settings.witness_folder
        check_own_log(database, folder)
        is_older = is_restored(database.audit, read_witness(folder))
        return _check(
            Probe.RESTORED,
            not is_older,
            {"is_older": int(is_older)},
            Remedy(Act.ACCEPT_RESTORED),
        )

    def _daemon(self) -> Check:
        alive, silent = self._of(beat for beat in self._beats if beat.keeps_schedule)
        is_wanted = self._bounds.needs_daemon and bool(
            self._runs or self._books.database.slots.in_states(SlotState.SCHEDULED)
        )
        is_kept = bool(alive) or self._keepers.is_timed
        is_well = (is_kept or not is_wanted) and not self._are_missed(silent, alive)
        facts: Facts = {"alive": len(alive), "silent": _names(silent), "wanted": int(is_wanted)}
        return _check(Probe.DAEMON, is_well, facts, Remedy(Act.KEEP_SCHEDULE))

    def _workers(self) -> Check:
        alive, silent = self._of(beat for beat in self._beats if beat.kind is Kind.WORKER)
        wanted = self._bounds.workers
        is_well = len(alive) >= wanted and not self._are_missed(silent, alive)
        facts: Facts = {"alive": len(alive), "silent": _names(silent), "wanted": wanted}
        return _check(Probe.WORKERS, is_well, facts)

    def _slots(self) -> Check:
        found = list(slot_items(self._books))
        facts: dict[str, Sequence[str]] = {
            "overdue": [each.issue for each in found if each.kind is agenda.Kind.OVERDUE],
            "missed": [each.issue for each in found if each.kind is agenda.Kind.MISSED],
        }
        return _check(Probe.SLOTS, not found, facts, found[0].remedy if found else None)

    def _run_states(self) -> Check:
        """Paused, interrupted, or books that do not balance: as the agenda has them."""
        kinds = {
            "paused": (agenda.Kind.PAUSED, agenda.Kind.HELD),
            "interrupted": (agenda.Kind.INTERRUPTED,),
            "unbalanced": (agenda.Kind.UNBALANCED,),
        }
        found = list(run_items(self._books, is_kept=self._keepers.is_kept))
        bad = [each for each in found if any(each.kind in wanted for wanted in kinds.values())]
        issues: dict[str, Sequence[str]] = {
            name: [each.issue for each in bad if each.kind in wanted]
            for name, wanted in kinds.items()
        }
        facts: Facts = {"open": len(self._runs), **issues}
        return _check(Probe.RUNS, not bad, facts, bad[0].remedy if bad else None)

    def _queue(self) -> Check:
        running = [run for run in self._runs if run.state is RunState.RUNNING]
        planned = sum(run.counts.get(DeliveryState.PLANNED, 0) for run in running)
        oldest = min(running, key=self._since, default=None)
        age = self.now - self._since(oldest) if oldest else timedelta()
        is_well = age <= self._bounds.oldest
        issue = oldest.issue if oldest and planned else ""
        facts: Facts = {
            "planned": planned,
            "oldest_seconds": _seconds(age),
            "issue": issue,
            "paused_groups": paused_groups(self._books.settings),
        }
        return _check(Probe.QUEUE, is_well, facts, Remedy(Act.SEE_STATUS, issue))

    def _since(self, run: RunFigures) -> datetime:
        return run.waiting_since or self.now

    def _doubts(self) -> Check:
        """Of runs that are over, too; what a living sender has in hand is none."""
        counts = dict(self._books.database.statistics.in_state(DeliveryState.IN_DOUBT))
        counts |= {run.issue: run.counts.get(DeliveryState.IN_DOUBT, 0) for run in self._runs}
        issues = [issue for issue, count in counts.items() if count]
        people = sum(counts.values())
        remedy = Remedy(Act.PROVE_BY_LOG, issues[0]) if issues else None
        facts: Facts = {"people": people, "issues": issues}
        return _check(Probe.DOUBTS, people <= self._bounds.doubts, facts, remedy)

    def _faults(self) -> Check:
        """Runs that were tried again and again, each time with a fault."""
        patience = Patience(self._books.database.faults)
        counts = {run.issue: patience.failed_in_a_row(run.issue) for run in self._runs}
        stuck = [issue for issue, count in counts.items() if count > self._bounds.faults]
        most = max(counts.values(), default=0)
        facts: Facts = {"issues": stuck, "most_in_a_row": most}
        remedy = Remedy(Act.SEE_STATUS, stuck[0]) if stuck else None
        return _check(Probe.FAULTS, not stuck, facts, remedy)

    def _letters(self) -> Check:
        found = self._books.database.figures.letters(self.now)
        age = self.now - (found.oldest_due_at or self.now)
        facts = {"due": found.due, "oldest_seconds": _seconds(age)}
        return _check(Probe.LETTERS, age <= self._bounds.letters, facts, Remedy(Act.SERVE_SITE))

    def _of(self, beats: Iterable[Heartbeat]) -> tuple[list[Heartbeat], list[Heartbeat]]:
        """Those alive, and those that are silent or dead."""
        known = list(beats)
        gone = [beat for beat in known if beat.is_silent(self.now) or is_dead(beat.owner)]
        return [beat for beat in known if beat not in gone], gone

    def _are_missed(self, silent: Sequence[Heartbeat], alive: Sequence[Heartbeat]) -> bool:
        return any(not alive or self.now - beat.beat_at <= _MISSED for beat in silent)


def _check(probe: Probe, is_well: bool, facts: Facts, remedy: Remedy | None = None) -> Check:  # noqa: FBT001
    verdict = Verdict.WELL if is_well else Verdict.DEGRADED
    return Check(probe=probe, verdict=verdict, facts=facts, remedy=None if is_well else remedy)


def _names(beats: Sequence[Heartbeat]) -> Sequence[str]:
    return [shown(beat.owner).partition(" since ")[0] for beat in beats]


def _seconds(span: timedelta) -> int:
    return max(int(span.total_seconds()), 0)
