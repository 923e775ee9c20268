"""Keeps a worker process at work: two workers of the engine, begun again whatever ends them.

One takes shards. The other, with a queue of its own that no shard can crowd, gives out what has no
job and takes over from the dead. One that returns unasked has failed too: so it does where its
database goes away.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress

from newsletter.books import UNFIT, Run, Standing, standing_of
from newsletter.errors import NewsletterError
from newsletter.publishing.aftermath import tell_end, tell_owed
from newsletter.publishing.handing_out import end_what_is_done, shards_to_give, shared_server
from newsletter.publishing.publication import Books
from newsletter.publishing.tick import Happening
from newsletter.reports import balance_sentence
from newsletter.stopping import stopped_within
from newsletter.workers.engine import Engine
from newsletter.workers.hearing import heard, words
from newsletter.workers.threads import in_thread
from newsletter.workers.turns import Turns
from newsletter.workers.working import Working, set_clock

_PAUSE = 1.0
"""Seconds until a database that went away is asked again: it may be back at any moment, and all of
a run waits for it. One connection of each process is asked for, and refused, in that time."""

_UNFIT_PAUSE = 60.0
"""Seconds in which a process takes nothing whose files are not those of a run."""

_CLOCK_PAUSE = 30.0
"""Seconds between two looks at the database's clock, and signs of life."""

_OWED_PAUSE = 60.0
"""Seconds between two looks at what people are still to be told."""


class Supervisor:
    """One process's work, from the beginning to the wish to stop."""

    def __init__(self, asked: Working) -> None:
        self._asked = asked
        self._stop = asyncio.Event()
        publication = asked.open_publication()
        self._turns = Turns(asked, publication.open_transport().connections)
        key = publication.settings.key.key
        self._engine = Engine(
            shared_server(publication), key, self._turns.take, self._look, asked.clock
        )
        self._owed_at = 0.0

    async def go(self, stop: asyncio.Event) -> None:
        """Work, whatever breaks off meanwhile; return when `stop` is set and all is given back."""
        self._stop = stop
        with heard(self._asked):
            keeping = asyncio.create_task(self._keep_time())
            try:
                await self._over_and_over()
            finally:
                keeping.cancel()
                self._turns.close()

    async def _over_and_over(self) -> None:
        """The books are asked first: what they do not answer, no pool has to find out."""
        while not self._stop.is_set():
            try:
                await asyncio.to_thread(self._turns.give_back)
                async with self._engine.opened():
                    await self._once()
            except Exception as error:  # noqa: BLE001 - whatever it is, work goes on when it is over
                self._say("error", f"the engine broke off: {words(error)}", Standing.UNABLE)
            await stopped_within(self._stop, _PAUSE)

    async def _once(self) -> None:
        """Until the wish to stop, or until one of the two ends; its error is raised."""
        self._asked.well()
        both = [asyncio.create_task(self._maintain()), asyncio.create_task(self._send())]
        wished = asyncio.create_task(self._stop.wait())
        try:
            await asyncio.wait([*both, wished], return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._turns.stop.set()
            for each in (*both, wished):
                each.cancel()
            ended = await asyncio.gather(*both, return_exceptions=True)
        for error in ended:
            if isinstance(error, Exception):
                raise error

    def _ending(self) -> None:
        self._turns.stop.set()
        self._engine.hurry()

    async def _maintain(self) -> None:
        await self._engine.worker(self._engine.maint, 1, self._ending).run()

    async def _send(self) -> None:
        """Take shards; for a while none, where this process makes other bytes of an issue."""
        turns = self._turns
        while True:
            turns.begin()
            worker = self._engine.worker(self._engine.send, turns.at_a_time, self._ending)
            resting = asyncio.create_task(self._end_when_unfit(worker.stop))
            try:
                await worker.run()
            finally:
                resting.cancel()
            if not turns.unfit.is_set():
                return
            self._asked.doing(UNFIT)
            await asyncio.sleep(_UNFIT_PAUSE)
            self._asked.doing("waiting")

    async def _end_when_unfit(self, end: Callable[[], None]) -> None:
        await self._turns.unfit.wait()
        end()

    async def _look(self) -> None:
        """Give out what has no job, end what is done, tell what people are owed."""
        self._asked.doing("")
        waiting, at_work = await self._engine.jobs()
        try:
            async with in_thread(self._turns.reading) as books:
                shards = await asyncio.to_thread(shards_to_give, books, waiting, at_work)
                await self._engine.give(shards, at_work)
                for run in await asyncio.to_thread(end_what_is_done, books):
                    await self._ended(run, books)
                await self._tell_owed(books)
        except NewsletterError as error:
            self._say("error", str(error), Standing.UNABLE)

    async def _ended(self, run: Run, books: Books) -> None:
        runs = books.database.runs
        balance = await asyncio.to_thread(runs.balance, run.id)
        text = balance_sentence(balance)
        self._say("finished", text, standing_of(balance), run.issue, run.id)
        over = await asyncio.to_thread(runs.find, run.issue)
        for fault in await tell_end(over, books) if over else ():
            self._say("untold", fault, Standing.NEEDS_PERSON, issue=run.issue)

    async def _tell_owed(self, books: Books) -> None:
        moment = asyncio.get_running_loop().time()
        if moment - self._owed_at < _OWED_PAUSE:
            return
        self._owed_at = moment
        for issue, fault in await tell_owed(books):
            self._say("untold", fault, Standing.NEEDS_PERSON, issue=issue)

    async def _keep_time(self) -> None:
        while True:
            await asyncio.sleep(_CLOCK_PAUSE)
            self._asked.doing("")
            with suppress(NewsletterError):  # a database that is away is told of elsewhere
                await asyncio.to_thread(set_clock, self._asked)

    def _say(
        self, event: str, text: str, standing: Standing, issue: str = "", run_id: int | None = None
    ) -> None:
        happening = Happening(event=event, issue=issue, text=text, standing=standing, run_id=run_id)
        self._asked.hear(happening)
