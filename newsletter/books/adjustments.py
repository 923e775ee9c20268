"""What a send does otherwise from now on, because of what the relay said; for people to be told."""

from dataclasses import dataclass
from enum import StrEnum


class Manner(StrEnum):
    """How it goes on."""

    FEWER = "with fewer sessions"


@dataclass(frozen=True, kw_only=True, slots=True)
class Adjustment:
    """`said` is in the relay's words. `sessions` belongs to FEWER."""

    manner: Manner
    said: str
    sessions: int = 0
