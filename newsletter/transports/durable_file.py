"""Message files that are there whole or not at all, and stay there when the power goes.

They hold addresses and living tokens, so they and new folders of theirs are for their owner. How
is left to `newsletter.files`, which names to the transports that keep messages as files. What the
system refuses is a fault of ours here, never of the recipient's.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from newsletter.errors import RelayFault
from newsletter.files import write_whole


def write_durably(temporary: Path, final: Path, content: bytes) -> None:
    """Write `temporary`, then let it become `final`, which must not exist. Raises RelayFault."""
    with _refusals_of(final.parent):
        write_whole(temporary, final, content, mode=0o600)


def make_folders(*folders: Path) -> None:
    """Make each where it is missing. Raises RelayFault."""
    for folder in folders:
        with _refusals_of(folder):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)


@contextmanager
def _refusals_of(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise RelayFault(
            f"cannot be written to: {error.strerror or error}",
            where=str(folder),
            next_step="make room there, or name another folder",
        ) from error
