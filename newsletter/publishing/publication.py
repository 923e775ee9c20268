"""A publication as acts find it: settings, clock, who acts, and the ways to what is outside.

`reading` and `acting` are the only two ways to its books (`acting_in` where they are open).
Whoever changes something goes through `acting`, so that a database from a backup changes nothing
and the witness is kept; the entry in the log is the store's, in the transaction of the change. How
a remedy is worded, and who hears a warning, is the front's.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Self

from newsletter.books import Run, RunState
from newsletter.clock import Clock
from newsletter.errors import Act, NewsletterError, Remedy, StoreError
from newsletter.lookup import Resolver
from newsletter.message import Signer
from newsletter.notices import Webhook
from newsletter.publishing.witness import check_not_restored, keep_witness
from newsletter.settings import Settings
from newsletter.store import Database, examine, file_of
from newsletter.transports import Transport, paced, relay_for


@dataclass(frozen=True, kw_only=True, slots=True)
class Publication:
    """`owner` names this process, `person` whoever gives orders where nobody is named.

    The openers read settings, files and the environment when they are called, and raise what is
    wrong with them; a busy database is one that many threads change at once. `former_keys` are
    those that links in old issues were made with. `word` puts a remedy into the front's words;
    `warn` hears of what could not be done, though the act itself was.
    """

    settings: Settings
    clock: Clock
    owner: str
    person: str
    open_database: Callable[[], Database]
    open_busy_database: Callable[[], Database]
    open_transport: Callable[[], Transport]
    open_signer: Callable[[], Signer | None]
    open_webhook: Callable[[], Webhook | None]
    open_resolver: Callable[[], Resolver]
    secret_key: Callable[[], bytes]
    former_keys: Callable[[], Sequence[bytes]]
    word: Callable[[Remedy], str]
    warn: Callable[[NewsletterError], None]

    @contextmanager
    def reading(self) -> Iterator["Books"]:
        """The books, for whoever changes nothing in them."""
        with self.open_database() as database:
            yield Books(publication=self, database=database, by=self.person)

    @contextmanager
    def looking(self) -> Iterator["Books | None"]:
        """The books for whoever only looks in passing; None where there is no database yet.

        None is made, and one of another version is left as it is: raises StoreError for that.
        """
        seen = examine(self.settings.environment.database.reveal(), wholly=False)
        if not seen.is_there:
            yield None
            return
        if not seen.is_current:
            raise StoreError(
                "the database is another version’s, and the next command brings it up to date",
                where=seen.name,
                next_step="make a backup first",
                remedy=Remedy(Act.BACK_UP),
            )
        with self.reading() as books:
            yield books

    @contextmanager
    def acting(self, by: str = "") -> Iterator["Books"]:
        """The books, for whoever changes something; `by` is who does it, for the log.

        Raises StoreError where the database is older than what this machine has seen of it. The
        witness is kept at the end, also where the act failed half-way.
        """
        with self.open_database() as database, self.acting_in(database, by) as books:
            yield books

    @contextmanager
    def acting_in(self, database: Database, by: str = "") -> Iterator["Books"]:
        """The same in a database of ours that somebody has opened and will close."""
        books = Books(publication=self, database=database, by=by or self.person)
        check_not_restored(database, self.settings.witness_folder)
        self._say_renamed(database)
        try:
            yield books
        finally:
            books.remember()

    def _say_renamed(self, database: Database) -> None:
        """A key that two folders have by mistake is found by the name, which goes to and fro."""
        known, name = database.publication, self.settings.key.name
        if known.key and known.name != name:
            what = (
                f"the database knows “{known.key}” as “{known.name}”, and from now on as “{name}”"
            )
            step = "if these are two publications, give one of them another key"
            self.warn(NewsletterError(what, where=database.name, next_step=step))

    def open_existing_database(self) -> Database:
        """Raises StoreError where there is none: nothing is made."""
        file = file_of(self.settings.environment.database.reveal())
        if file is not None and not file.exists():
            raise StoreError("there is no database", where=str(file))
        return self.open_database()

    def at_pace(self, *, connections: int | None, rate: float | None) -> Self:
        """The publication with another number of sessions, or of messages a second, at the most.

        What is None stays as the transport URL has it.
        """
        return replace(
            self,
            open_transport=lambda: paced(self.open_transport(), connections=connections, rate=rate),
        )

    def relay_name(self, group: str = "") -> str:
        """The name of what carries a group of domains, or all others; "" for a transport at fault,
        which is told where it is used.
        """
        try:
            return relay_for(self.open_transport(), group).name
        except NewsletterError:
            return ""

    def this_second(self) -> datetime:
        """A Date header has no smaller parts."""
        return self.clock().replace(microsecond=0)


@dataclass(frozen=True, kw_only=True, slots=True)
class Books:
    """A publication with its database open, in the hands of `by`."""

    publication: Publication
    database: Database
    by: str

    @property
    def settings(self) -> Settings:
        return self.publication.settings

    @property
    def salt(self) -> str:
        """What goes into the secret of this publication's tokens and message ids."""
        return self.database.publication.salt

    def now(self) -> datetime:
        return self.publication.clock()

    def remember(self) -> None:
        """Keep the witness. Where it cannot be kept nothing is undone, and a person is told."""
        if fault := keep_witness(self.database.audit, self.settings.witness_folder):
            self.publication.warn(fault)

    def begun(self, issue: str) -> Run | None:
        """The run of an issue; None also where its audience is not frozen whole.

        Then nothing was sent, and it is begun anew.
        """
        run = self.database.runs.find(issue)
        return None if run is not None and run.state is RunState.FREEZING else run

    def run_of(self, issue: str) -> Run:
        """The run of an issue. Raises StoreError where it has none."""
        found = self.database.runs.find(issue)
        if found is None:
            raise StoreError(
                "this issue has never been sent", where=issue, remedy=Remedy(Act.SEE_STATUS)
            )
        return found
