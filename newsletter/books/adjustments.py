"""What a send does otherwise from now on, because of what the relay said; for people to be told."""

from dataclasses import dataclass
from enum import StrEnum


class Manner(StrEnum):
    """How it goes on."""

    FEWER = "with fewer sessions"
    WAITING = "after a wait"
    SLOWER = "at a slower pace"
    FULL_SPEED = "at full speed again"
    WITHOUT = "over the other relays"


@dataclass(frozen=True, kw_only=True, slots=True)
class Adjustment:
    """`said` is in the relay's words. `sessions` belongs to FEWER, `seconds` to WAITING
    and WITHOUT, `rate`, in messages per second, to SLOWER. `relay` says which of several it is.
    """

    manner: Manner
    said: str
    sessions: int = 0
    seconds: float = 0.0
    rate: float = 0.0
    relay: str = ""
