"""When to try a deferred recipient again: a table, and nothing else."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class RetryTable:
    """`pauses[0]` follows the first attempt, `pauses[1]` the second; after the last comes none."""

    pauses: Sequence[timedelta]

    def next_attempt(self, attempts: int, now: datetime) -> datetime | None:
        """The moment of the next attempt after `attempts` that failed, None to give up."""
        if attempts > len(self.pauses):
            return None
        return now + self.pauses[attempts - 1]
