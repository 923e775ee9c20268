"""Several issues beside each other: who got each, what came back of it, who left after it.

A row an issue, the oldest first. A correction is no issue of its own, and a run that is not over
has no figures yet.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from newsletter.books import DeliveryState, Run, RunState
from newsletter.reports.returned import Returned, returned_of
from newsletter.store import Database

MOST = 52


@dataclass(frozen=True, kw_only=True, slots=True)
class OverRow:
    """One issue: `recipients` are those it was to be sent to, nobody suppressed."""

    issue: str
    recipients: int
    accepted: int
    refused: int
    returned: Returned

    @property
    def shares(self) -> tuple[float, float, float]:
        """Of those accepted: what was returned, complaints, and who left."""
        found = self.returned
        share = found.share
        return share(found.returned), share(found.complaints), share(found.left)


def over(database: Database, most: int, now: datetime) -> Sequence[OverRow]:
    """The last so many issues that are over."""
    runs = [run for run in database.runs.all() if _is_whole(run)]
    newest = sorted(runs, key=lambda run: (run.started_at, run.id))[-most:]
    return [_row(run, database, now) for run in newest]


def highest(rows: Sequence[OverRow], of: Callable[[OverRow], float]) -> float:
    """The greatest of a number, to draw the others against; 0 where there is none."""
    return max(map(of, rows), default=0.0)


def is_early(row: OverRow) -> bool:
    """Whether most of what will come back has not had the time to."""
    return row.returned.within < timedelta(days=2)


def _is_whole(run: Run) -> bool:
    return run.state is RunState.COMPLETE and run.corrects is None


def _row(run: Run, database: Database, now: datetime) -> OverRow:
    balance = database.runs.balance(run.id)
    return OverRow(
        issue=run.issue,
        recipients=balance.frozen - balance[DeliveryState.SUPPRESSED],
        accepted=balance[DeliveryState.ACCEPTED],
        refused=balance[DeliveryState.REFUSED],
        returned=returned_of(run, database, now),
    )
