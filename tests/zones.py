"""Names as a resolver that answers at once: records in, answers out, for what only judges them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from newsletter.lookup import Answer, Outcome, RecordType


@dataclass
class Zone:
    """`records` by `name TYPE`; what is `lost` is never answered. Keeps what it was asked."""

    records: Mapping[str, Sequence[str]]
    lost: Collection[str] = frozenset()
    asked: list[tuple[str, RecordType]] = field(default_factory=list)

    async def ask(self, name: str, kind: RecordType) -> Answer:
        self.asked.append((name, kind))
        name = name.lower().rstrip(".")
        if name in self.lost:
            why = "no answer within 6 seconds"
            return Answer(name=name, kind=kind, outcome=Outcome.NO_TIME, why=why)
        values = tuple(self.records.get(f"{name} {kind}", ()))
        is_there = any(key.split()[0] == name for key in self.records)
        missing = Outcome.NO_RECORD if is_there else Outcome.NO_NAME
        outcome = Outcome.FOUND if values else missing
        return Answer(name=name, kind=kind, outcome=outcome, values=values)
