"""The transport `failover(smtps://a smtps://b)`: the next relay where one fails us.

A relay is left for the rest of the run when it cannot be reached, does not let us in or refuses
our mail as such; what it says of a recipient is that recipient's, and is never asked of another.
A message goes to another relay only while nobody can have it: before its content was committed.
Which transport a URL opens is left to `registry`.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Self

from newsletter.errors import RelayFault, SessionLost, Trouble
from newsletter.transports.base import BeforeContent, Envelope, Reply, Session, Transport

MAX_LOSSES = 3
"""Sessions that may be lost one after another, with the same message, before a relay is left."""

_PROOF_SECONDS = 10.0
"""How long a refused session waits for a word on whether the others of its relay are alive."""


class _Relay:
    """One of the transports, and what is known of its sessions."""

    def __init__(self, transport: Transport) -> None:
        self.transport = transport
        self.fault: RelayFault | None = None
        self._opening = 0
        self._alive = 0
        self._answers = 0
        self._news = asyncio.Condition()

    async def open(self) -> Session:
        await self.count(opening=1)
        try:
            session = await self.transport.open()
        except BaseException:
            await self.count(opening=-1)
            raise
        await self.count(opening=-1, alive=1)
        return session

    async def is_in_use(self) -> bool:
        """Whether a session is open, once no other opening can change that."""
        async with self._news:
            await self._news.wait_for(lambda: self._alive or not self._opening)
        return self._alive > 0

    async def count(self, *, opening: int = 0, alive: int = 0, answers: int = 0) -> None:
        self._opening += opening
        self._alive += alive
        self._answers += answers
        async with self._news:
            self._news.notify_all()

    async def answers_another(self) -> bool:
        """True when one of its sessions gets a reply, or none says anything; False at their end."""
        before = self._answers

        def is_known() -> bool:
            return self._answers > before or not self._alive

        try:
            async with asyncio.timeout(_PROOF_SECONDS), self._news:
                await self._news.wait_for(is_known)
        except TimeoutError:
            return True
        return self._answers > before


class FailoverTransport:
    """Sends over the first of `transports` until it fails, then over the second, and so on.

    `left` has the fault of each that was left. Nobody goes back to one within a run: the next
    run begins with the first again.
    """

    def __init__(self, transports: Sequence[Transport]) -> None:
        self._relays = tuple(_Relay(each) for each in transports)

    @property
    def name(self) -> str:
        return f"failover({' '.join(each.transport.name for each in self._relays)})"

    @property
    def connections(self) -> int:
        """The smallest number of all: nobody knows beforehand which one will carry."""
        return min(each.transport.connections for each in self._relays)

    @property
    def rate(self) -> float | None:
        """The smallest rate of all, as above."""
        return min(
            (each.transport.rate for each in self._relays if each.transport.rate), default=None
        )

    @property
    def is_idempotent(self) -> bool:
        """False, whatever they are: the second would not know what the first one has."""
        return False

    @property
    def transports(self) -> tuple[Transport, ...]:
        return tuple(each.transport for each in self._relays)

    @property
    def left(self) -> tuple[RelayFault, ...]:
        return tuple(each.fault for each in self._relays if each.fault is not None)

    @property
    def has_failed(self) -> bool:
        return len(self.left) == len(self._relays)

    async def open(self) -> "FailoverSession":
        return FailoverSession(self, *await self.open_one())

    async def open_one(self) -> tuple[_Relay, Session]:
        """A session with the relay whose turn it is.

        Raises RelayFault when all have failed, or when this one takes no more sessions than are
        open: a relay that still answers on another session has not failed.
        """
        while True:
            relay = self._whose_turn()
            try:
                return relay, await relay.open()
            except RelayFault as fault:
                if not await relay.is_in_use():
                    self.leave(relay, fault)
                elif await relay.answers_another() and relay.fault is None:
                    raise

    def leave(self, relay: _Relay, fault: RelayFault) -> None:
        relay.fault = relay.fault or fault

    def _whose_turn(self) -> _Relay:
        for relay in self._relays:
            if relay.fault is None:
                return relay
        last = self.left[-1]
        raise RelayFault(
            f"all {len(self._relays)} relays have failed, the last because {last.what}",
            where=self.name,
            next_step=last.next_step,
            trouble=last.trouble,
        ) from last

    async def __aenter__(self) -> Self:
        for relay in self._relays:
            await relay.transport.__aenter__()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        for relay in self._relays:
            await relay.transport.__aexit__(kind, error, traceback)


@dataclass
class _Commitment:
    """Whether the journal was asked to say that a recipient may have the message."""

    before_content: BeforeContent
    is_made: bool = False

    async def __call__(self) -> None:
        self.is_made = True
        await self.before_content()


class FailoverSession:
    """A session with one relay at a time; `_session` is None between two."""

    def __init__(self, transport: FailoverTransport, relay: _Relay, session: Session) -> None:
        self._transport = transport
        self._relay = relay
        self._session: Session | None = session

    async def deliver(
        self,
        envelope: Envelope,
        content: bytes,
        *,
        before_content: BeforeContent,
        following: Envelope | None = None,
    ) -> Reply:
        losses = 0
        while True:
            session = self._session or await self._open_another()
            commitment = _Commitment(before_content)
            try:
                reply = await session.deliver(
                    envelope, content, before_content=commitment, following=following
                )
            except (RelayFault, SessionLost) as error:
                await self._let_go()
                if commitment.is_made:
                    raise
                losses = losses + 1 if isinstance(error, SessionLost) else MAX_LOSSES
                if losses >= MAX_LOSSES:
                    self._transport.leave(self._relay, _fault(error))
                    losses = 0
                continue
            if reply.code is None:
                await self._let_go()
            else:
                await self._relay.count(answers=1)
            return replace(reply, transport=self._relay.transport.name)

    async def _open_another(self) -> Session:
        """Raises SessionLost where the relay takes no more: the message goes by another session."""
        try:
            self._relay, self._session = await self._transport.open_one()
        except RelayFault as fault:
            if self._transport.has_failed:
                raise
            raise SessionLost(fault.what, where=fault.where, next_step=fault.next_step) from fault
        return self._session

    async def _let_go(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            await self._relay.count(alive=-1)
            await session.close()

    async def close(self) -> None:
        await self._let_go()


def _fault(error: RelayFault | SessionLost) -> RelayFault:
    if isinstance(error, RelayFault):
        return error
    return RelayFault(
        f"{MAX_LOSSES} sessions in a row were lost: {error.what}",
        where=error.where,
        next_step="look at the relay",
        trouble=Trouble.AWAY,
    )
