"""What an import would do to the list, before anything is written. Pure.

An import adds people and mends first names. It never touches a state: who has left, was
suppressed or has not confirmed yet stays so, whatever the file says (the commonest complaint
about other systems: an import that brought the unsubscribed back). Writing is the store's.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from newsletter.subscribers.csv_file import Duplicate, Row, RowFault, SubscriberFile
from newsletter.subscribers.model import Subscriber, SubscriberState


class Kept(StrEnum):
    """Why a person in the file is left as they are."""

    SUPPRESSED = "suppressed"
    UNSUBSCRIBED = "unsubscribed"
    PENDING = "pending"


@dataclass(frozen=True, kw_only=True, slots=True)
class KeptOut:
    """A row that the import will not act on; `detail` is the suppression's own reason."""

    row: Row
    because: Kept
    detail: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class NameChange:
    """A member whose first name the file gives differently."""

    subscriber: Subscriber
    first_name: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ImportPlan:
    """Each record of the file in exactly one of these."""

    new: tuple[Row, ...]
    changed: tuple[NameChange, ...]
    unchanged: tuple[Row, ...]
    kept_out: tuple[KeptOut, ...]
    faults: tuple[RowFault, ...]
    duplicates: tuple[Duplicate, ...]

    @property
    def kept_out_counts(self) -> Mapping[Kept, int]:
        """How many are kept out for which reason, in the order of `Kept`."""
        found = Counter(kept.because for kept in self.kept_out)
        return {because: found[because] for because in Kept if found[because]}

    @property
    def changes_something(self) -> bool:
        return bool(self.new or self.changed)


def diff(
    file: SubscriberFile, members: Mapping[str, Subscriber], suppressed: Mapping[str, str]
) -> ImportPlan:
    """Compare a file with the list.

    `members` are those of the file's people who are on the list, `suppressed` the reasons for
    those on the suppression list; both by address key. An empty first name in the file says
    nothing and changes nothing.
    """
    new: list[Row] = []
    changed: list[NameChange] = []
    unchanged: list[Row] = []
    kept_out: list[KeptOut] = []
    for row in file.rows:
        key = row.address.key
        member = members.get(key)
        if key in suppressed:
            kept_out.append(KeptOut(row=row, because=Kept.SUPPRESSED, detail=suppressed[key]))
        elif member is None:
            new.append(row)
        elif member.state is not SubscriberState.CONFIRMED:
            kept_out.append(KeptOut(row=row, because=Kept(member.state.value)))
        elif row.first_name and row.first_name != member.first_name:
            changed.append(NameChange(subscriber=member, first_name=row.first_name))
        else:
            unchanged.append(row)
    return ImportPlan(
        new=tuple(new),
        changed=tuple(changed),
        unchanged=tuple(unchanged),
        kept_out=tuple(kept_out),
        faults=file.faults,
        duplicates=file.duplicates,
    )
