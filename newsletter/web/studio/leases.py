"""Which page writes an issue: one at a time, the first that came, until it leaves or is silent.

A page says so about once a second; a hidden one seldom, for browsers wake those once a minute. The
file is safe without any of this (publishing/drafts): it keeps two pages from writing past another.
"""

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

SEEN_SECONDS = 5.0
HIDDEN_SECONDS = 90.0

HANDING_OVER_SECONDS = 3.0
"""What a page has, that is asked to let go, for saving what it has."""


class Answer(StrEnum):
    """What a page hears. `asked for` is its own still, but another page would like to write."""

    YOURS = "yours"
    ASKED_FOR = "asked for"
    ANOTHERS = "another's"


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """One that asks. `is_new` has just been opened, `wrote` has been writing until now, `wants` to
    take over.
    """

    tab: str
    is_new: bool = False
    wrote: bool = False
    wants: bool = False
    is_hidden: bool = False


@dataclass
class _Lease:
    tab: str
    until: float
    wanted_by: str = ""
    wanted_since: float = 0.0


@dataclass
class Leases:
    """By issue. While it has just begun, whoever was writing when it ended comes first."""

    clock: Callable[[], float] = time.monotonic
    _by_issue: dict[str, _Lease] = field(default_factory=dict)
    _left: deque[str] = field(default_factory=lambda: deque(maxlen=50))
    _begun: float = field(default=0.0, init=False)

    def __post_init__(self) -> None:
        self._begun = self.clock()

    def ask(self, issue: str, page: Page) -> Answer:
        now, lease = self.clock(), self._by_issue.get(issue)
        if lease is None or (lease.tab != page.tab and self._may_take(lease, page, now)):
            if lease is None and not self._may_begin(page, now):
                return Answer.ANOTHERS
            lease = self._by_issue[issue] = _Lease(page.tab, now)
        if lease.tab != page.tab:
            return Answer.ANOTHERS
        lease.until = now + (HIDDEN_SECONDS if page.is_hidden else SEEN_SECONDS)
        return Answer.ASKED_FOR if lease.wanted_by else Answer.YOURS

    def holds(self, issue: str, tab: str) -> bool:
        lease = self._by_issue.get(issue)
        return lease is not None and lease.tab == tab and lease.until > self.clock()

    def is_anothers(self, issue: str, tab: str) -> bool:
        """Whether a page other than this one is writing."""
        lease = self._by_issue.get(issue)
        return lease is not None and lease.tab != tab and lease.until > self.clock()

    def leave(self, issue: str, tab: str) -> None:
        """The page writes no more, whatever it had asked before; who asked for it is next."""
        self._left.append(tab)
        lease = self._by_issue.get(issue)
        if lease is None or lease.tab != tab:
            return
        del self._by_issue[issue]
        if lease.wanted_by:
            self._by_issue[issue] = _Lease(lease.wanted_by, self.clock() + SEEN_SECONDS)

    def _may_begin(self, page: Page, now: float) -> bool:
        if page.wrote and not page.is_new:
            return page.tab not in self._left
        return page.is_new or now > self._begun + SEEN_SECONDS

    def _may_take(self, lease: _Lease, page: Page, now: float) -> bool:
        if lease.until <= now:
            return True
        if page.wants and not lease.wanted_by:
            lease.wanted_by, lease.wanted_since = page.tab, now
        waited = now - lease.wanted_since
        return lease.wanted_by == page.tab and waited >= HANDING_OVER_SECONDS
