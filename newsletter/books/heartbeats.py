"""Heartbeats: which processes keep the schedule or serve the site, and which have fallen silent.

And how often in a row something has failed, which all of them go by.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

SILENT = timedelta(minutes=1)
"""Four beats: whoever was not heard of for longer hangs, or is dead."""


class Kind(StrEnum):
    """What a process is there for."""

    DAEMON = "daemon"
    WORKER = "worker"


SERVING = "serving the site"
"""What a process does that serves it and keeps no schedule."""

UNFIT = "resting: its files are not those of the run"
"""What a worker does that may send nothing as it is."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Heartbeat:
    """A process that lives long: since when, last heard of when, and doing what."""

    owner: str
    started_at: datetime
    beat_at: datetime
    doing: str
    kind: Kind = Kind.DAEMON

    @property
    def keeps_schedule(self) -> bool:
        return self.kind is Kind.DAEMON and self.doing != SERVING

    @property
    def serves_site(self) -> bool:
        """Whether it serves the site and does nothing else."""
        return self.kind is Kind.DAEMON and self.doing == SERVING

    def is_silent(self, now: datetime) -> bool:
        return now - self.beat_at > SILENT


@dataclass(frozen=True, kw_only=True, slots=True)
class FaultCount:
    """So many faults in a row, without a success between, and when the last one was."""

    count: int
    last_at: datetime
