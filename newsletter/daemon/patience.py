"""Patience with a run that met a fault of ours, or a relay that refuses us: not at every tick.

Faults are counted in the books, so that a daemon, cron and another host all wait alike.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from newsletter.errors import NewsletterError, RelayFault, Trouble
from newsletter.store import Faults

PAUSES = (20.0, 60.0, 180.0, 300.0, 600.0, 900.0)
"""Seconds after a fault before the same run is tried again: once, twice, and so on."""

LOGIN_PAUSES = (300.0, 900.0, 1_800.0, 3_600.0)
"""The same after a login that was refused: each one more brings a lockout nearer."""


@dataclass(frozen=True, slots=True)
class Patience:
    """Faults are counted for each run, and refused logins for each relay, until it goes well.

    `relay` is the name of a transport.
    """

    faults: Faults

    def next_try(self, issue: str, relay: str, now: datetime) -> datetime | None:
        """When the run may be tried again over the relay; None for now."""
        found = (
            self._next(f"run {issue}", PAUSES, now),
            self._next(f"login for {issue}", LOGIN_PAUSES, now),  # wherever the relay is by now
            self.next_login(relay, now),
        )
        return max(filter(None, found), default=None)

    def next_login(self, relay: str, now: datetime) -> datetime | None:
        """When it may be seen whether the relay lets us in again; None for now."""
        return self._next(f"login at {relay}", LOGIN_PAUSES, now)

    def failed_in_a_row(self, issue: str) -> int:
        """How often the run of an issue was tried and met a fault, since it last went well."""
        found = self.faults.find(f"run {issue}")
        return found.count if found else 0

    def failed(self, issue: str, relay: str, fault: NewsletterError, now: datetime) -> None:
        self.faults.add(f"run {issue}", now)
        if _is_refused_login(fault):
            self.faults.add(f"login for {issue}", now)
        self.met(relay, fault, now)

    def met(self, relay: str, fault: NewsletterError, now: datetime) -> None:
        """A fault of the relay alone, in whatever was to be sent."""
        if _is_refused_login(fault):
            self.faults.add(f"login at {relay}", now)

    def went_well(self, issue: str, relay: str) -> None:
        for subject in (f"run {issue}", f"login for {issue}", f"login at {relay}"):
            self.faults.forget(subject)

    def _next(self, subject: str, pauses: Sequence[float], now: datetime) -> datetime | None:
        found = self.faults.find(subject)
        if found is None or found.last_at > now:  # written under a clock that was wrong
            return None
        pause = pauses[min(found.count, len(pauses)) - 1]
        due = found.last_at + timedelta(seconds=pause)
        return due if due > now else None


def _is_refused_login(fault: NewsletterError) -> bool:
    return isinstance(fault, RelayFault) and fault.trouble is Trouble.LOGIN
