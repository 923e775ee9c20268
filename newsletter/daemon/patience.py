"""Patience with a run that met a fault of ours, or a relay that refuses us: not at every tick."""

from collections.abc import Callable
from dataclasses import dataclass, field

PAUSES = (20.0, 60.0, 180.0, 300.0, 600.0)
"""Seconds after a fault before the same run is tried again: once, twice, and so on."""


@dataclass
class Patience:
    """`seconds` is a monotonic clock. Faults are counted for each issue until a send goes well."""

    seconds: Callable[[], float]
    _faults: dict[str, int] = field(default_factory=dict)
    _not_before: dict[str, float] = field(default_factory=dict)

    def may_try(self, issue: str) -> bool:
        return self.seconds() >= self._not_before.get(issue, 0.0)

    def failed(self, issue: str) -> None:
        count = self._faults.get(issue, 0)
        self._faults[issue] = count + 1
        pause = PAUSES[min(count, len(PAUSES) - 1)]
        self._not_before[issue] = self.seconds() + pause

    def went_well(self, issue: str) -> None:
        self._faults.pop(issue, None)
        self._not_before.pop(issue, None)
