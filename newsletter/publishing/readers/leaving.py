"""Leaving: at once, by one press, as often as somebody presses; and undone as easily for a day.

No setting can switch this off, and nothing is asked first (RFC 8058, 3.2). Why somebody left is
theirs to say, afterwards.
"""

from newsletter.publishing.publication import Books
from newsletter.render.site import Reason


def leave(address_key: str, books: Books) -> bool:
    """Durable when it returns; False where the person had left before. Raises StoreError."""
    return books.database.membership.leave(address_key, books.now())


def undo_leaving(address_key: str, books: Books) -> bool:
    """False where there is nothing to undo, or it is more than a day ago."""
    return books.database.membership.undo_leaving(address_key, books.now())


def say_why(address_key: str, reason: Reason, books: Books) -> bool:
    """False where an answer was given already, or nobody has just left."""
    return books.database.membership.say_why(address_key, reason.value, books.now())
