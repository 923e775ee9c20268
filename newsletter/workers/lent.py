"""The database that all turns of a process share: opened for the first, and kept for the others.

Opening one asks what version it is and connects anew, which for a turn of a few seconds is much.
What is done in it is left to the turns.
"""

import threading

from newsletter.publishing.publication import Publication
from newsletter.store import Database


class LentDatabase:
    """Any thread may ask for it. Whoever has it does not close it."""

    def __init__(self) -> None:
        self._opened: Database | None = None
        self._alone = threading.Lock()

    def of(self, publication: Publication) -> Database:
        """Raises StoreError where it cannot be opened."""
        with self._alone:
            if self._opened is None:
                self._opened = publication.open_database()
            return self._opened

    def drop(self) -> None:
        """The next one is opened anew; who still has this one may go on with it."""
        with self._alone:
            opened, self._opened = self._opened, None
        if opened is not None:
            opened.close()
