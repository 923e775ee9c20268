"""What reading a mailbox gives: messages one by one, and how far it was read with each of them."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol, Self

from newsletter.books import MailboxMark

MAX_OCTETS = 12_000_000
"""Of one message; of a longer one only the beginning is read, where all that is to be known is."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """A message as it lies there, or why it cannot be read: a bad one never blocks the next.

    `place` is its name in the mailbox, for people. `mark` is how far the mailbox is read once this
    one was taken in; None where that is said by a later one.
    """

    raw: bytes
    place: str
    fault: str = ""
    mark: MailboxMark | None = None


class Mailbox(AbstractContextManager["Mailbox"], Protocol):
    """An open mailbox."""

    def __enter__(self) -> Self: ...

    def since(self, mark: MailboxMark | None) -> Iterator[Found]:
        """What came after the mark, the oldest first; everything without one.

        Some before the mark may come again. Raises MailboxError.
        """
        ...

    def wait(self, seconds: float, is_over: Callable[[], bool]) -> bool:
        """Whether something has come, or may have, within so many seconds; earlier if it is over.

        Raises MailboxError.
        """
        ...
