"""How long each stage of a mail transaction may take; the numbers are RFC 5321's, 4.5.3.2."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Timeouts:
    """Seconds for the whole reply of each stage (its subsection of RFC 5321, 4.5.3.2 beside it).

    `block` is for 64 KiB of content to go out. The one of the final dot is long because a
    receiver that is cut short there may deliver all the same, and again on the next attempt.
    """

    mail: float = 300.0  # .2
    rcpt: float = 300.0  # .3
    data: float = 120.0  # .4
    block: float = 180.0  # .5
    final_dot: float = 600.0  # .6
