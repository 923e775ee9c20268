"""The door of the room for what comes back: pure, bytes in and an understanding out.

`read/` alone touches mailboxes. Nothing here decides whose a message is, or acts on it: that takes
keys and books, and is `publishing`'s. Whoever only asks for the rules, as settings do, loads none
of the forms.
"""

from typing import TYPE_CHECKING

from newsletter.bounces.understanding import Clues, ReturnedRecipient, Understanding, Vouching
from newsletter.bounces.verdict import Before, Proven, Rules, verdict
from newsletter.doors import later

if TYPE_CHECKING:
    from newsletter.bounces.interpret import understand
    from newsletter.bounces.kinds import kind_of

__all__ = [
    "Before",
    "Clues",
    "Proven",
    "ReturnedRecipient",
    "Rules",
    "Understanding",
    "Vouching",
    "kind_of",
    "understand",
    "verdict",
]

__getattr__ = later(__name__, {"kind_of": "kinds", "understand": "interpret"})
