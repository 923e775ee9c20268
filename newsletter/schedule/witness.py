"""The witness: the last audit entry that was seen, kept outside the database.

A database whose log does not hold that entry under that chain was restored from a backup, and may
have forgotten what was sent. The file that keeps the line is read and written by the wiring.
"""

import re
from dataclasses import dataclass
from typing import Self

from newsletter.errors import Act, Remedy, StoreError

_LINE = re.compile(r"([1-9][0-9]{0,17}) ([0-9a-f]{64})\n")


@dataclass(frozen=True, kw_only=True, slots=True)
class Witness:
    """The number of an audit entry, and its chain, which seals everything before it."""

    entry_id: int
    chain: str

    def to_line(self) -> str:
        return f"{self.entry_id} {self.chain}\n"

    def is_borne_out(self, chain: str | None) -> bool:
        """Whether the log's entry of this number has this chain; None where it has no such."""
        return chain == self.chain

    @classmethod
    def from_line(cls, line: str) -> Self:
        """Raises StoreError for anything that `to_line` did not write, a torn line too."""
        found = _LINE.fullmatch(line)
        if found is None:
            raise StoreError(
                "the witness cannot be read, so the database may be a restored one",
                where="newsletter.witness",
                next_step="if the log has all that happened, accept the database",
                remedy=Remedy(Act.ACCEPT_RESTORED),
            )
        return cls(entry_id=int(found[1]), chain=found[2])
