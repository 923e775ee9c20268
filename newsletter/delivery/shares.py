"""Who of several senders of one part of a run may claim how many: by weight, and within a limit.

Where weights are written, a sender that is ahead of its share waits for the others at work; one
that rests, or is done, is waited for by nobody. Where none are, each takes what it is quick to
send. Only the end of a run, or a small one, is dealt out beforehand. No clock, no journal: what is
claimed is left to `supply`.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

_LOOK_AGAIN = 0.1
"""Seconds after which one who waits looks whether it is to stop."""


@dataclass
class Ration:
    """What all parts of one send have in common: `limit` is how many deliveries may be tried by all
    together, None is no limit; they claim one at a time.
    """

    limit: int | None = None
    claiming: asyncio.Lock = field(default_factory=asyncio.Lock)
    shares: list["Share"] = field(default_factory=list)


@dataclass
class Shares:
    """Those of one part. `due` is how many deliveries there were at the beginning, None where
    nobody need know. `is_strict` is of written weights.
    """

    ration: Ration = field(default_factory=Ration)
    due: int | None = None
    is_strict: bool = False
    _all: list["Share"] = field(default_factory=list)
    _taken: int = 0
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    def join(self, weight: int = 1, sender: object = None) -> "Share":
        """A share of the work; it is at work from the beginning. One `sender` may have some of
        several parts.
        """
        share = Share(self, weight, sender or object())
        self._all.append(share)
        self.ration.shares.append(share)
        return share

    @property
    def at_work(self) -> list["Share"]:
        return [each for each in self._all if each.is_at_work]

    def room(self, most: int) -> int:
        """How many of `most` the limit leaves."""
        limit = self.ration.limit
        return most if limit is None else max(min(most, limit), 0)

    def count(self, taken: int) -> None:
        self._taken += taken
        if self.ration.limit is not None:
            self.ration.limit -= taken
        self.tell()

    def tell(self) -> None:
        """Those who wait look again."""
        self._news.set()
        self._news = asyncio.Event()

    async def news(self) -> None:
        try:
            await asyncio.wait_for(self._news.wait(), timeout=_LOOK_AGAIN)
        except TimeoutError:
            return

    def dealt(self, share: "Share", most: int) -> int:
        """How many of `most` leave the others their part of what nobody has touched yet."""
        if self.due is None:
            return most
        left = self.due - self._taken
        if left <= 0 and not share.in_hand:
            return most
        at_work = {share, *self.at_work}
        untouched = max(left, 0) + sum(each.in_hand for each in at_work)
        total = sum(each.weight for each in at_work)
        return min(-(-untouched * share.weight // total) - share.in_hand, most)


@dataclass(eq=False)
class Share:
    """One sender's. `holds` tells how many it has claimed that nobody has touched yet."""

    shares: Shares
    weight: int
    sender: object
    is_at_work: bool = True
    holds: Callable[[], int] = lambda: 0
    taken: int = 0
    asked: int = 0

    @property
    def in_hand(self) -> int:
        """What it holds, and what it has been let claim."""
        return self.holds() + self.asked

    async def portion(self, most: int, is_over: Callable[[], bool]) -> int:
        """How many may be claimed now, up to `most`; waits for its turn. 0 where none ever may.

        They count as taken until `took` says how many they were.
        """
        while not is_over():
            if not self.shares.room(most):
                if not self._is_some_asked_for:
                    return 0
                await self.shares.news()
                continue
            allowed = min(self.shares.dealt(self, most), self._lead_left(most))
            if allowed > 0:
                self.asked = self.shares.room(allowed)
                self._count(self.asked)
                return self.asked
            await self.shares.news()
        return 0

    def took(self, count: int) -> None:
        """So many of its portion were there."""
        asked, self.asked = self.asked, 0
        self._count(count - asked)

    def gave_back(self, count: int = 1) -> None:
        """So many may be claimed anew, by whoever comes to it."""
        self._count(-count)

    def _count(self, count: int) -> None:
        self.taken += count
        self.shares.count(count)

    def leave(self) -> None:
        """Nobody waits for it any more."""
        self.is_at_work = False
        self.shares.tell()

    def rejoin(self) -> None:
        """At work again, where the others are: what it has missed is not made up for."""
        others = [each.taken / each.weight for each in self._others]
        self.is_at_work = True
        if others:
            self.taken = max(self.taken, round(min(others) * self.weight))

    @property
    def held_by_others(self) -> int:
        """What other senders have claimed, of whichever part, and not touched: it does not go out
        by this one.
        """
        known = self.shares.ration.shares
        return sum(each.holds() for each in known if each.sender is not self.sender)

    @property
    def _is_some_asked_for(self) -> bool:
        """Whether somebody has been let claim, of which there may not be so many."""
        return any(each.asked for each in self.shares.ration.shares)

    @property
    def _others(self) -> list["Share"]:
        return [each for each in self.shares.at_work if each is not self]

    def _lead_left(self, most: int) -> int:
        """So many until it is ahead of the slowest by what is claimed at a time."""
        others = self._others
        if not self.shares.is_strict or not others:
            return most
        heaviest = max(each.weight for each in (self, *others))
        step = max(most * self.weight // heaviest, 1)
        slowest = min(each.taken / each.weight for each in others)
        return int(slowest * self.weight) + step - self.taken
