"""What a worker is told by whoever starts it: how many shards at a time, and who hears of it.

How it works is left to the supervisor.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from newsletter.books import Standing, in_words
from newsletter.publishing.handing_out import shared_server
from newsletter.publishing.publication import Publication
from newsletter.publishing.terms import Listener
from newsletter.publishing.tick import Happening
from newsletter.workers.shared_clock import OFF, SharedClock


@dataclass(frozen=True, kw_only=True, slots=True)
class Working:
    """`open_publication` reads settings and files anew each time it is called, in any thread.

    `concurrency` is in shards at a time. `hear` is told what happens, as it happens; `well`, that
    what stood in the way is over; `doing`, what people are shown. `listener` hears of the sends.
    """

    open_publication: Callable[[], Publication]
    clock: SharedClock
    concurrency: int
    hear: Callable[[Happening], object]
    well: Callable[[], object]
    doing: Callable[[str], object]
    listener: Listener

    def check_database(self) -> None:
        """Raises StoreError where it is none that machines can share."""
        shared_server(self.open_publication())


def set_clock(asked: Working) -> None:
    """Set it by the database's, and say where this machine's own is wrong. Raises StoreError."""
    with asked.open_publication().reading() as books:
        ahead = asked.clock.set_by(books.database.time)
    if abs(ahead) < OFF:
        return
    side = "ahead of" if ahead > timedelta() else "behind"
    text = f"this machine’s is {in_words(abs(ahead))} {side} the database’s, which is gone by"
    asked.hear(Happening(event="clock", issue="", text=text, standing=Standing.NEEDS_PERSON))
