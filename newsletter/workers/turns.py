"""The turns of one process: which shards it has in hand, with which share of the sessions.

What a turn is stands in `taking_part`; here it is opened, closed, and told of.
"""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from dataclasses import replace
from typing import TypeGuard

from newsletter.books import BY_SCHEDULE, Standing, standing_of
from newsletter.errors import NewsletterError, RunConflictError, StoreError
from newsletter.publishing.letting_out import Refusal
from newsletter.publishing.publication import Books, Publication
from newsletter.publishing.sending import Sent
from newsletter.publishing.taking_part import Common, Turn, TurnEnd, give_back, take_turn
from newsletter.publishing.tick import Happening
from newsletter.reports import balance_sentence
from newsletter.workers.working import Working


def shares(sessions: int, among: int) -> Sequence[int]:
    """So many sessions dealt out evenly, to no more than there are.

    >>> shares(10, 4), shares(1, 4)
    ([3, 3, 2, 2], [1])
    """
    among = max(min(sessions, among), 1)
    return [sessions // among + (place < sessions % among) for place in range(among)]


class Turns:
    """`stop` drains all that are under way; `is_unfit` says that this process may send nothing."""

    def __init__(self, asked: Working, sessions: int) -> None:
        self._asked = asked
        self._free = list(shares(sessions, asked.concurrency))
        self.at_a_time = len(self._free)
        self._in_hand: set[int] = set()
        self._common = Common()
        self._left: dict[int, str] = {}
        self.stop = asyncio.Event()
        self.unfit = asyncio.Event()

    def begin(self) -> None:
        """From here on turns are taken, or again."""
        self.stop = asyncio.Event()
        self.unfit.clear()

    def close(self) -> None:
        """Nothing is left open for turns to come; they open it anew."""
        self._common.close()

    async def take(self, shard_id: int, issue: str) -> bool:
        """One turn; whether the shard is to be given to somebody again.

        Raises StoreError where the books failed in mid-turn: it is to be tried again after a pause.
        """
        if self.stop.is_set() or self.unfit.is_set():
            return True
        if shard_id in self._in_hand or not self._free:
            return False  # the books see to it that it is not forgotten
        with self._held(shard_id) as sessions:
            try:
                end = await self._turn(shard_id, issue, sessions)
                is_to_go_on = self._ended(end, issue)
                fault = end.sent.fault if end.sent is not None else None
            except NewsletterError as error:
                self._say("error", issue, str(error), Standing.UNABLE)
                fault, is_to_go_on = error, False
            if _is_of_the_books(fault):
                self.close()
                await self._break_off(shard_id, issue, fault)
        return is_to_go_on

    async def _break_off(self, shard_id: int, issue: str, fault: NewsletterError) -> None:
        """What it left behind is given back: at once, or when the books answer again."""
        self._left[shard_id] = issue
        with suppress(StoreError):
            await asyncio.to_thread(self._give_back, [shard_id])
        raise fault

    def give_back(self) -> None:
        """What turns that broke off still have, while none is under way. Raises StoreError."""
        self._give_back(list(self._left))

    def _give_back(self, shards: Sequence[int]) -> None:
        with self.reading() as books:
            for shard_id in shards:
                give_back(books, self._left[shard_id], shard_id)
                del self._left[shard_id]

    @contextmanager
    def _held(self, shard_id: int) -> Iterator[int]:
        sessions = self._free.pop(0)
        self._in_hand.add(shard_id)
        try:
            yield sessions
        finally:
            self._in_hand.discard(shard_id)
            self._free.append(sessions)
            if not self._in_hand:
                self._asked.doing("waiting")

    def reading(self) -> AbstractContextManager[Books]:
        return self.publication().reading()

    async def _turn(self, shard_id: int, issue: str, sessions: int) -> TurnEnd:
        with ExitStack() as stack:
            books = await asyncio.to_thread(lambda: stack.enter_context(self._books(sessions)))
            turn = Turn(
                books=books,
                issue=issue,
                shard_id=shard_id,
                common=self._common,
                stop=self.stop,
                listener=self._asked.listener,
            )
            return await take_turn(turn)

    @contextmanager
    def _books(self, sessions: int) -> Iterator[Books]:
        publication = self.publication().at_pace(connections=sessions, rate=None)
        with publication.acting_in(self._common.database(publication), BY_SCHEDULE) as books:
            yield books

    def publication(self) -> Publication:
        """The publication as it is by now, by the clock that is shared."""
        found = self._asked.open_publication()
        return replace(found, clock=self._asked.clock, warn=self._warned)

    def _warned(self, error: NewsletterError) -> None:
        self._say("warning", "", str(error), Standing.NEEDS_PERSON)

    def _ended(self, end: TurnEnd, issue: str) -> bool:
        for fault in end.untold:
            self._say("untold", issue, fault, Standing.NEEDS_PERSON)
        if end.refusal is not None:
            self._rest(end.refusal, issue)
            return True
        if end.sent is not None:
            self._say_sent(end.sent, has_ended=end.has_ended)
        return end.is_cut_short

    def _rest(self, refusal: Refusal, issue: str) -> None:
        text = "; ".join([f"is left to other workers: {refusal.reason}", *refusal.lines])
        self._say("unfit", issue, text, Standing.NEEDS_PERSON)
        self.unfit.set()

    def _say_sent(self, sent: Sent, *, has_ended: bool) -> None:
        """Of all who have a run in hand, one says that it is finished."""
        run = sent.run
        if has_ended:
            text = balance_sentence(sent.balance)
            self._say("finished", run.issue, text, standing_of(sent.balance), run.id)
        elif sent.fault is not None and not isinstance(sent.fault, RunConflictError):
            self._say("stopped", run.issue, str(sent.fault), Standing.UNABLE, run.id)
        elif sent.fault is not None:
            self._say("busy", run.issue, str(sent.fault), run_id=run.id)

    def _say(
        self,
        event: str,
        issue: str,
        text: str,
        standing: Standing = Standing.WAITING,
        run_id: int | None = None,
    ) -> None:
        happening = Happening(event=event, issue=issue, text=text, standing=standing, run_id=run_id)
        self._asked.hear(happening)


def _is_of_the_books(fault: NewsletterError | None) -> TypeGuard[StoreError]:
    """And not a matter of who has what."""
    return isinstance(fault, StoreError) and not isinstance(fault, RunConflictError)
