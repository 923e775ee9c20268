"""One tick of the schedule: whatever must be begun, gone on with, given up or told now.

Each tick decides anew from the book and the clock, so that it does not matter how many there are,
on how many machines, or which of them dies. A slot is claimed only after everything was looked at,
and by one; a run that was begun is continued by whoever is there.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from newsletter.books import (
    BY_SCHEDULE,
    Balance,
    DeliveryState,
    Heartbeat,
    Run,
    RunState,
    Slot,
    SlotState,
    Standing,
    in_words,
    minute,
    second,
    standing_of,
)
from newsletter.daemon import Patience
from newsletter.delivery import Throttles
from newsletter.errors import (
    Act,
    NewsletterError,
    NotApprovedError,
    Remedy,
    RunBusyError,
    RunConflictError,
)
from newsletter.publishing import alerts
from newsletter.publishing.aftermath import tell_end, tell_owed
from newsletter.publishing.approving import approvers
from newsletter.publishing.blocked import tell_blocked
from newsletter.publishing.handing_out import able_workers
from newsletter.publishing.letting_out import Refusal, clear_begun, clear_new
from newsletter.publishing.publication import Books, Publication
from newsletter.publishing.ready import Ready
from newsletter.publishing.resting import Resting, rest_of
from newsletter.publishing.restoring import is_held, stands_still
from newsletter.publishing.sending import Send, is_over, open_run, send
from newsletter.publishing.standing_back import (
    HeldBack,
    held_back,
    waits_for_nothing_else,
)
from newsletter.publishing.telling import News, is_first_to_say, tell
from newsletter.publishing.terms import Listener
from newsletter.publishing.under_way import UnderWay
from newsletter.publishing.witness import (
    check_own_log,
    is_restored,
    keep_witness,
    read_witness,
)
from newsletter.reports import balance_sentence
from newsletter.schedule import Decision, Miss, Remind, Resume, Start, decide, slot_instant
from newsletter.store import Database

_DOING = {RunState.FREEZING: "its audience is being frozen", RunState.RUNNING: "is being sent"}
_WATCHED = (SlotState.SCHEDULED, SlotState.STARTED, SlotState.DONE, SlotState.MISSED)


@dataclass(frozen=True, kw_only=True, slots=True)
class Happening:
    """One thing that a tick did or found. `event` is a word for programs, `run_id` that of the
    issue's run, where it has one.
    """

    event: str
    issue: str
    text: str
    standing: Standing = Standing.DONE
    run_id: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class _Left:
    """What is left of a run, and when the next that was deferred is due; asked once a tick."""

    balance: Balance
    due: datetime | None

    def is_deferred_until_after(self, now: datetime) -> bool:
        is_all_deferred = self.balance.unfinished == self.balance[DeliveryState.DEFERRED]
        return is_all_deferred and self.due is not None and self.due > now


@dataclass(frozen=True, kw_only=True, slots=True)
class Tick:
    """What a tick works with; `hear` is told everything that happens, as it happens.

    `stop`, once set, ends the tick after what is under way. A run that has failed waits longer each
    time before it is tried again. With `under_way` the tick begins a send and does not wait for it;
    without, it sees each one through.
    """

    publication: Publication
    database: Database
    hear: Callable[[Happening], object]
    listener: Listener = field(default_factory=Listener)
    stop: asyncio.Event = field(default_factory=asyncio.Event)
    under_way: UnderWay | None = None
    _run_ids: dict[str, int] = field(default_factory=dict)

    async def go(self) -> None:
        """Raises StoreError where the books fail us."""
        settings, database = self.publication.settings, self.database
        if self.under_way is not None:
            self.under_way.clear()
        check_own_log(database, settings.witness_folder)
        witness = read_witness(settings.witness_folder)
        if witness is not None and is_restored(database.audit, witness):
            news = alerts.restored(database.name, self.publication, witness.entry_id)
            await self._tell("restored", news, Standing.UNABLE)
            return
        slots = {slot.issue: slot for slot in database.slots.in_states(*_WATCHED)}
        for decision in decide(slots.values(), settings.schedule, self._now()):
            if await self._is_stopping():
                break
            await self._do(decision, slots)
        if not await self._is_stopping():
            for issue, untold in await tell_owed(self._books):
                self._happened("untold", issue, untold, Standing.NEEDS_PERSON)
            for untold in await tell_blocked(self._books):
                self._happened("untold", "", untold, Standing.NEEDS_PERSON)
        if fault := keep_witness(database.audit, settings.witness_folder):
            self._happened("no-witness", "", str(fault), Standing.NEEDS_PERSON)

    async def _is_stopping(self) -> bool:
        await asyncio.sleep(0)  # a signal is heard when the event loop comes round
        return self.stop.is_set()

    async def _do(self, decision: Decision, slots: Mapping[str, Slot]) -> None:
        match decision:
            case Start(issue=issue) | Resume(issue=issue) if issue in (self.under_way or ()):
                return  # in our own hands
            case Start(issue=issue):
                await self._start(slots[issue])
            case Resume(issue=issue):
                await self._resume(slots[issue])
            case Miss(issue=issue, late=late):
                await self._miss(slots[issue], late)
            case Remind(local_date=day):
                await self._tell("reminded", alerts.reminder(day, self.publication))

    async def _start(self, slot: Slot) -> None:
        """Look at everything, then claim the slot, then send."""
        if self.database.runs.find(slot.issue) is not None:
            await self._take_over(slot)
            return
        found = clear_new(slot, self._books)
        if isinstance(found, Refusal):
            ends = slot_instant(slot) + self.publication.settings.schedule.grace
            news = alerts.refused(slot, found, self.publication, ends)
            await self._tell("refused", news, Standing.NEEDS_PERSON)
        elif self._claim(slot):
            await self._begin(slot, found)

    async def _take_over(self, slot: Slot) -> None:
        """The run was begun by hand in the meantime."""
        self._claim(slot)
        await self._resume(slot)

    def _claim(self, slot: Slot) -> bool:
        return self.database.slots.start(slot.issue, self.publication.owner, self._now())

    async def _begin(self, slot: Slot, ready: Ready) -> None:
        try:  # it freezes the audience
            names = approvers(ready, self._books)
            run = await asyncio.to_thread(open_run, ready, self._books, approved_by=names)
        except RunBusyError as error:
            self._happened("busy", slot.issue, str(error))
            return
        except NotApprovedError:  # withdrawn since we looked: we look again, and say so
            await self._begin_again(slot)
            return
        self._known(run)
        if run.state is RunState.PAUSED:
            if is_held(run):
                await self._halt(slot, stands_still(run), run)
            else:
                self._say_paused(run)
            return
        if not is_first_to_say(
            f"started {run.id}", self._books
        ):  # another has begun it while we looked at it
            await self._resume(slot)
            return
        self._happened("started", slot.issue, f"is sent to {run.frozen:,} people")
        await self._tell_quietly(alerts.started(slot, run))
        await self._deliver(slot, run, ready)

    async def _resume(self, slot: Slot) -> None:
        """Continue what was begun, if something is due and nobody else has it in hand."""
        runs = self.database.runs
        run = self._known(runs.find(slot.issue))
        if run is None:
            await self._begin_again(slot)
        elif is_over(run):
            if runs.finish_if_done(run.id, BY_SCHEDULE, self._now()):  # or others said so
                self._end(slot, run)
        elif run.state is RunState.PAUSED:
            self._say_paused(run)
        elif run.state is RunState.RUNNING and (workers := able_workers(self.database)):
            self._leave(slot, workers)
        elif holders := runs.holders(run.id, self._now()):
            self._happened("busy", slot.issue, f"{_DOING[run.state]} by {holders[0].owner}")
        elif run.state is RunState.FREEZING:  # whoever froze it is gone: nothing was sent
            await self._begin_again(slot)
        else:
            await self._continue_if_due(slot, run)

    async def _continue_if_due(self, slot: Slot, run: Run) -> None:
        """Nobody has it in hand: it is gone on with, or what it waits for is said."""
        if (left := self._left(run)).is_deferred_until_after(self._now()):
            self._wait(slot, run, left)
        elif rest := self._rest(run):
            self._happened("waiting", slot.issue, _rest_words(rest), Standing.WAITING)
        elif waits_for_nothing_else(run, held := held_back(run, self._books), self._books):
            self._happened("waiting", slot.issue, _held_words(held), Standing.WAITING)
        elif due := self._next_try(run):
            text = f"has failed, and is tried again at {second(due)}"
            self._happened("waiting", slot.issue, text, Standing.WAITING)
        else:
            await self._continue(slot, run)

    def _leave(self, slot: Slot, workers: Sequence[Heartbeat]) -> None:
        """Others send it, from the books that we share."""
        count = f"{len(workers)} workers" if len(workers) > 1 else "a worker"
        self._happened("shared", slot.issue, f"is sent by {count}", Standing.WAITING)

    def _say_paused(self, run: Run) -> None:
        text = f"is paused by {run.controlled_by}"
        self._happened("paused", run.issue, text, Standing.WAITING)

    async def _begin_again(self, slot: Slot) -> None:
        """Claimed by a process that died before the run was written down, or all of it."""
        late = self._now() - slot_instant(slot)
        if late > self.publication.settings.schedule.grace:
            reason = "it was taken in hand, but nothing was sent before its grace period ended"
            step, remedies = "Send it by hand", (Remedy(Act.SEND, slot.path),)
            await self._halt(slot, Refusal(reason=reason, step=step, remedies=remedies), None)
            return
        found = clear_new(slot, self._books)
        if isinstance(found, Refusal):
            await self._halt(slot, found, None)
        else:
            await self._begin(slot, found)

    async def _continue(self, slot: Slot, run: Run) -> None:
        found = clear_begun(slot, run, self._books)
        if isinstance(found, Refusal):
            await self._halt(slot, found, run)
        else:
            self._happened("resumed", slot.issue, "is being continued")
            await self._deliver(slot, run, found)

    async def _deliver(self, slot: Slot, run: Run, ready: Ready) -> None:
        if workers := able_workers(self.database):
            self._leave(slot, workers)
        elif self.under_way is None:
            await self._see_through(slot, run, ready, Throttles())
        else:
            self.under_way.begin(slot.issue, self._see_through_apart(slot, run, ready))

    async def _see_through_apart(self, slot: Slot, run: Run, ready: Ready) -> None:
        """With a database of its own, for the tick's is closed when that is over.

        Beside others it has its share of the sessions, and one at the least.
        """
        assert self.under_way is not None
        sessions = max(self.publication.open_transport().connections // len(self.under_way), 1)
        publication = self.publication.at_pace(connections=sessions, rate=None)
        try:
            with publication.open_database() as database:
                apart = replace(self, publication=publication, database=database)
                await apart._see_through(slot, run, ready, self.under_way.throttles)  # noqa: SLF001
        except NewsletterError as error:
            self._happened("error", slot.issue, str(error), Standing.UNABLE)

    async def _see_through(self, slot: Slot, run: Run, ready: Ready, throttles: Throttles) -> None:
        done = await send(
            Send(
                books=self._books,
                ready=ready,
                run=run,
                listener=self.listener,
                stop=self.stop,
                throttles=throttles,
            )
        )
        if is_over(done.run):
            self._end(slot, done.run)
            for fault in await tell_end(done.run, self._books):
                self._happened("untold", slot.issue, fault, Standing.NEEDS_PERSON)
        elif isinstance(done.fault, RunConflictError):
            self._happened("busy", slot.issue, str(done.fault))
        elif done.fault is not None:
            refusal = Refusal(
                reason=str(done.fault),
                step="It will be tried again without you. To end it",
                remedies=(Remedy(Act.CANCEL, slot.issue),),
            )
            await self._halt(slot, refusal, done.run, "stopped")
        else:
            self._wait(slot, done.run, self._left(done.run))

    def _end(self, slot: Slot, run: Run) -> None:
        """The run is over, and so is its slot."""
        balance = self.database.runs.finish(run.id, BY_SCHEDULE, self._now())
        text = balance_sentence(balance)
        self._happened("finished", slot.issue, text, standing_of(balance))

    async def _halt(
        self, slot: Slot, refusal: Refusal, run: Run | None, event: str = "halted"
    ) -> None:
        balance = self.database.runs.balance(run.id) if run else None
        news = alerts.halted(slot.issue, slot, refusal, self.publication, balance)
        standing = Standing.UNABLE if event == "stopped" else Standing.NEEDS_PERSON
        await self._tell(event, news, standing)

    async def _miss(self, slot: Slot, late: timedelta) -> None:
        if self.database.runs.find(slot.issue) is not None:
            await self._take_over(slot)
            return
        grace = in_words(self.publication.settings.schedule.grace)
        reason = f"late by {in_words(late)}, which is more than {grace}"
        if self.database.slots.miss(slot.issue, self._now(), reason):
            text = f"was not sent: {reason}"
            self._happened("missed", slot.issue, text, Standing.NEEDS_PERSON)

    def _wait(self, slot: Slot, run: Run, left: _Left) -> None:
        text = balance_sentence(left.balance)
        if left.due:
            text += f" Deferred until {minute(left.due)}."
        if rest := self._rest(run):
            text += f" It {_rest_words(rest)}."
        if held := held_back(run, self._books):
            text += f" Of these {_held_words(held)}."
        self._happened("waiting", slot.issue, text, Standing.WAITING)

    def _rest(self, run: Run) -> Resting | None:
        """How long the run is left alone: a limit is reached, or the relay refused everybody."""
        return rest_of(run, self._books, self.publication.open_transport())

    def _next_try(self, run: Run) -> datetime | None:
        relay = self.publication.relay_name()
        return Patience(self.database.faults).next_try(run.issue, relay, self._now())

    def _left(self, run: Run) -> _Left:
        runs, journal = self.database.runs, self.database.journal
        return _Left(balance=runs.balance(run.id), due=journal.next_due(run.id))

    async def _tell(self, event: str, news: News, standing: Standing = Standing.DONE) -> None:
        """Something for people; it stands at every tick, and is told to each once."""
        self._happened(event, news.issue, news.subject, standing)
        await self._tell_quietly(news)

    async def _tell_quietly(self, news: News) -> bool:
        """Only what could not be told is worth a word here. Whether everybody was."""
        told = await tell(news, self._books)
        for fault in told.faults:
            self._happened("untold", news.issue, fault, Standing.NEEDS_PERSON)
        return not told.faults

    def _happened(
        self, event: str, issue: str, text: str, standing: Standing = Standing.DONE
    ) -> None:
        run_id = self._run_ids.get(issue)
        self.hear(Happening(event=event, issue=issue, text=text, standing=standing, run_id=run_id))

    def _known(self, run: Run | None) -> Run | None:
        """Whose number is told from here on with whatever happens to its issue."""
        if run is not None:
            self._run_ids[run.issue] = run.id
        return run

    @property
    def _books(self) -> Books:
        return Books(publication=self.publication, database=self.database, by=BY_SCHEDULE)

    def _now(self) -> datetime:
        return self.publication.clock()


def _held_words(held: Sequence[HeldBack]) -> str:
    return ", ".join(each.words for each in held)


def _rest_words(rest: Resting) -> str:
    return f"rests until {second(rest.until)}: {rest.why}"
