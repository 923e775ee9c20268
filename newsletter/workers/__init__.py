"""The door of the workers: processes that send runs together, on as many machines as one likes.

They decide nothing: which shard may go out is the books' to say, and what a turn with one is an
act's. Cheap to open: Procrastinate, an extra, is loaded when somebody works.
"""

from typing import TYPE_CHECKING

from newsletter.errors import MissingExtraError
from newsletter.workers.shared_clock import SharedClock
from newsletter.workers.working import Working, set_clock

if TYPE_CHECKING:
    from newsletter.workers.supervisor import Supervisor

__all__ = ["SharedClock", "Working", "open_worker", "set_clock"]


def open_worker(asked: Working) -> "Supervisor":
    """A worker that is to be set going; nothing is connected to yet.

    Raises StoreError where the database is none that machines can share, MissingExtraError without
    Procrastinate.
    """
    asked.check_database()
    try:
        from newsletter.workers.supervisor import Supervisor
    except ImportError as error:
        raise MissingExtraError("A worker", extra="workers") from error
    return Supervisor(asked)
