"""One tick of the schedule: whatever must be begun, gone on with, given up or told now.

Each tick decides anew from the book and the clock, so that it does not matter how many there are,
on how many machines, or which of them dies. A slot is claimed only after everything was looked at,
and by one; what was begun is gone on with by whoever is there.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from newsletter import wiring
from newsletter.books import (
    BY_SCHEDULE,
    DeliveryState,
    Run,
    RunState,
    SlotRow,
    SlotState,
    in_words,
    minute,
)
from newsletter.cli import alerts
from newsletter.cli.alerts import Refusal
from newsletter.cli.books import status_of
from newsletter.cli.delivering import deliver, is_over, open_run
from newsletter.cli.exit_status import ExitStatus
from newsletter.cli.letting_out import Cleared, clear_begun, clear_new
from newsletter.cli.progress import Progress, Report
from newsletter.cli.sending import Terms
from newsletter.clock import Clock
from newsletter.daemon import Stop
from newsletter.errors import RunConflictError
from newsletter.reports import balance_sentence
from newsletter.schedule import Miss, Remind, Resume, Start, decide, slot_instant
from newsletter.settings import Settings
from newsletter.store import Database
from newsletter.wiring import News

RECENT = timedelta(days=3)
"""For so long a report or an alert that could not be told is tried again."""

_LAST = 5
"""Slots that are over and are looked at for that."""

_WATCHED = (SlotState.SCHEDULED, SlotState.STARTED, SlotState.DONE, SlotState.MISSED)


@dataclass(frozen=True, kw_only=True, slots=True)
class Happening:
    """One thing that a tick did or found. `event` is a word for programs."""

    event: str
    issue: str
    text: str
    status: ExitStatus = ExitStatus.DONE


@dataclass(frozen=True, kw_only=True, slots=True)
class Tick:
    """What a tick works with. `may_try` is asked before a run is gone on with that met a fault of
    ours before; `asked` is who catches the signals.
    """

    settings: Settings
    database: Database
    clock: Clock
    owner: str
    report: Report
    may_try: Callable[[str], bool] = lambda _: True
    asked: Stop | None = None

    def go(self) -> Iterator[Happening]:
        """Everything that happens, as it happens. Raises StoreError where the books fail us."""
        witness = wiring.read_witness(self.settings.folder)
        if witness is not None and wiring.is_restored(self.database.audit, witness):
            yield from self._restored(witness.entry_id)
            return
        slots = {slot.issue: slot for slot in self.database.slots.in_states(*_WATCHED)}
        for decision in decide(slots.values(), self.settings.schedule, self.clock()):
            if self._is_stopping:
                break
            match decision:
                case Start(issue=issue):
                    yield from self._start(slots[issue])
                case Resume(issue=issue):
                    yield from self._resume(slots[issue])
                case Miss(issue=issue, late=late):
                    yield from self._miss(slots[issue], late)
                case Remind(local_date=day):
                    yield from self._tell("reminded", alerts.reminder(day, self.settings))
        if not self._is_stopping:
            yield from self._owed()
        if fault := wiring.keep_witness(self.database.audit, self.settings.folder):
            yield Happening(event="no-witness", issue="", text=str(fault), status=ExitStatus.FOUND)

    @property
    def _is_stopping(self) -> bool:
        return self.asked is not None and self.asked.is_asked

    def _start(self, slot: SlotRow) -> Iterator[Happening]:
        """Look at everything, then claim the slot, then send."""
        if self.database.runs.find(slot.issue) is not None:  # begun by hand
            self.database.slots.start(slot.issue, self.owner, self.clock())
            yield from self._resume(slot)
            return
        found = clear_new(slot, self.settings, self.database, self._this_second())
        if isinstance(found, Refusal):
            ends = slot_instant(slot) + self.settings.schedule.grace
            yield from self._tell(
                "refused", alerts.refused(slot, found, self.settings, ends), ExitStatus.FOUND
            )
        elif self.database.slots.start(slot.issue, self.owner, self.clock()):
            yield from self._begin(slot, found)

    def _begin(self, slot: SlotRow, cleared: Cleared) -> Iterator[Happening]:
        run = open_run(cleared.ready, self.database, by=BY_SCHEDULE, clock=self.clock)
        yield Happening(event="started", issue=slot.issue, text=f"is sent to {run.frozen:,} people")
        yield from self._quietly(alerts.started(slot, run))
        yield from self._deliver(slot, run, cleared)

    def _resume(self, slot: SlotRow) -> Iterator[Happening]:
        """Go on with what was begun, if something is due and nobody else has it in hand."""
        run = self.database.runs.find(slot.issue)
        if run is None:
            yield from self._begin_again(slot)
        elif is_over(run):
            yield from self._end(slot, run)
        elif run.state is RunState.PAUSED:
            text = f"is paused by {run.controlled_by}"
            yield Happening(
                event="paused", issue=slot.issue, text=text, status=ExitStatus.TRY_AGAIN
            )
        elif holders := self.database.runs.holders(run.id, self.clock()):
            text = f"is being sent by {holders[0].owner}"
            yield Happening(event="busy", issue=slot.issue, text=text)
        elif self._is_nothing_due(run):
            yield self._waiting(slot, run)
        elif self.may_try(slot.issue):
            yield from self._go_on(slot, run)

    def _begin_again(self, slot: SlotRow) -> Iterator[Happening]:
        """Claimed by a process that died before the run was written down."""
        late = self.clock() - slot_instant(slot)
        if late > self.settings.schedule.grace:
            refusal = Refusal(
                reason="it was claimed, and nothing was sent before its time was over",
                step=f"Send it by hand: newsletter send {slot.path}.",
            )
            yield from self._halt(slot, refusal, None)
            return
        found = clear_new(slot, self.settings, self.database, self._this_second())
        if isinstance(found, Refusal):
            yield from self._halt(slot, found, None)
        else:
            yield from self._begin(slot, found)

    def _go_on(self, slot: SlotRow, run: Run) -> Iterator[Happening]:
        found = clear_begun(slot, run, self.settings, self.database)
        if isinstance(found, Refusal):
            yield from self._halt(slot, found, run)
        else:
            yield Happening(event="resumed", issue=slot.issue, text="is gone on with")
            yield from self._deliver(slot, run, found)

    def _deliver(self, slot: SlotRow, run: Run, cleared: Cleared) -> Iterator[Happening]:
        progress = Progress(run.issue, self.database.runs.balance(run.id).unfinished)
        error = deliver(
            run,
            cleared.ready,
            self.database,
            cleared.transport,
            by=BY_SCHEDULE,
            terms=Terms(),
            progress=progress,
            report=self.report,
            asked=self.asked,
            clock=self.clock,
        )
        after = self.database.runs.find(run.issue) or run
        if is_over(after):
            yield from self._end(slot, after)
        elif isinstance(error, RunConflictError):
            yield Happening(event="busy", issue=slot.issue, text=str(error))
        elif error is not None:
            step = f"It is tried again by itself; newsletter cancel {slot.issue} ends it."
            yield from self._halt(slot, Refusal(reason=str(error), step=step), after, "stopped")
        else:
            yield self._waiting(slot, after)

    def _end(self, slot: SlotRow, run: Run) -> Iterator[Happening]:
        """The run is over, and so is its slot."""
        balance = self.database.runs.finish(run.id, BY_SCHEDULE, self.clock())
        yield Happening(
            event="finished",
            issue=slot.issue,
            text=balance_sentence(balance),
            status=status_of(balance),
        )

    def _report_of(self, slot: SlotRow, run: Run) -> News:
        from newsletter.reports import report_parts

        balance = self.database.runs.balance(run.id)
        parts = report_parts(self.database, run, self.settings, self.clock())
        return alerts.ended(slot, run, balance, self.settings, parts)

    def _halt(
        self, slot: SlotRow, refusal: Refusal, run: Run | None, event: str = "halted"
    ) -> Iterator[Happening]:
        balance = self.database.runs.balance(run.id) if run else None
        news = alerts.halted(slot, refusal, self.settings, balance)
        status = ExitStatus.COULD_NOT_RUN if event == "stopped" else ExitStatus.FOUND
        yield from self._tell(event, news, status)

    def _miss(self, slot: SlotRow, late: timedelta) -> Iterator[Happening]:
        if self.database.runs.find(slot.issue) is not None:  # sent by hand in the meantime
            self.database.slots.start(slot.issue, self.owner, self.clock())
            yield from self._resume(slot)
            return
        grace = in_words(self.settings.schedule.grace)
        reason = f"late by {in_words(late)}, which is more than {grace}"
        if self.database.slots.miss(slot.issue, self.clock(), reason):
            yield Happening(
                event="missed",
                issue=slot.issue,
                text=f"was not sent: {reason}",
                status=ExitStatus.FOUND,
            )

    def _owed(self) -> Iterator[Happening]:
        """Tell of what ended or was missed, also where a process died over it, or no relay was."""
        for slot in self.database.slots.in_states(SlotState.DONE, SlotState.MISSED)[-_LAST:]:
            key = f"settled {slot.issue} {slot} {slot.state}"
            run = self.database.runs.find(slot.issue)
            ended = (run.finished_at if run else None) or slot_instant(slot)
            is_recent = abs(self.clock() - ended) < RECENT
            if not (is_recent and self.database.notices.begin(key, self.clock())):
                continue
            faults = list(self._quietly(self._last_news(slot, run)))
            if not faults:
                self.database.notices.end(key, self.clock())
            yield from faults

    def _last_news(self, slot: SlotRow, run: Run | None) -> News:
        if slot.state is SlotState.MISSED or run is None:
            return alerts.missed(slot, slot.reason, self.settings)
        return self._report_of(slot, run)

    def _restored(self, entry: int) -> Iterator[Happening]:
        news = alerts.restored(self.database.name, self.settings, entry)
        yield from self._tell("restored", news, ExitStatus.COULD_NOT_RUN)

    def _waiting(self, slot: SlotRow, run: Run) -> Happening:
        due = self.database.journal.next_due(run.id)
        text = verdict(self.database.runs.balance(run.id))
        if due:
            text += f" Deferred until {minute(due)}."
        return Happening(event="waiting", issue=slot.issue, text=text, status=ExitStatus.TRY_AGAIN)

    def _is_nothing_due(self, run: Run) -> bool:
        """Whether all that is left is deferred until later."""
        due = self.database.journal.next_due(run.id)
        left = self.database.runs.balance(run.id)
        is_all_deferred = left.unfinished == left[DeliveryState.DEFERRED]
        return is_all_deferred and due is not None and due > self.clock()

    def _tell(
        self, event: str, news: News, status: ExitStatus = ExitStatus.DONE
    ) -> Iterator[Happening]:
        """Something for people; it stands at every tick, and is told to each once."""
        yield Happening(event=event, issue=news.issue, text=news.subject, status=status)
        yield from self._quietly(news)

    def _quietly(self, news: News) -> Iterator[Happening]:
        """Only what could not be told is worth a word here."""
        telling = wiring.open_telling(self.settings, self.database, self.clock)
        for fault in telling.tell(news).faults:
            yield Happening(event="untold", issue=news.issue, text=fault, status=ExitStatus.FOUND)

    def _this_second(self) -> datetime:
        return self.clock().replace(microsecond=0)


def worst(happenings: "list[Happening]") -> ExitStatus:
    """What the whole tick comes to: 2 goes before 1, and 1 before 75."""
    found = {happening.status for happening in happenings}
    order = (ExitStatus.COULD_NOT_RUN, ExitStatus.FOUND, ExitStatus.TRY_AGAIN)
    return next((status for status in order if status in found), ExitStatus.DONE)


def line_of(happening: Happening) -> str:
    """Issue and text on one line, whatever a relay put into it."""
    return " ".join(f"{happening.issue} {happening.text}".split())
