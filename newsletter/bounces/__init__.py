"""The door of the room for what comes back: pure, bytes in and an understanding out.

`read/` alone touches mailboxes. Nothing here decides whose a message is, or acts on it: that takes
keys and books, and is `publishing`'s.
"""

from newsletter.bounces.interpret import understand
from newsletter.bounces.understanding import Clues, ReturnedRecipient, Understanding, Vouching

__all__ = [
    "Clues",
    "ReturnedRecipient",
    "Understanding",
    "Vouching",
    "understand",
]
