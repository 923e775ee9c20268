"""The figures of a publication, for whoever draws them over time; and its transport watched.

What they are called for machines is said in `newsletter.metrics`. Nothing is changed, also where
the database is of another version.
"""

from collections.abc import Callable
from dataclasses import replace

from newsletter.books import DeliveryState, FleetFigures, SlotState
from newsletter.daemon import Patience
from newsletter.errors import StoreError
from newsletter.publishing.agenda import Kind
from newsletter.publishing.agenda.slots import slot_items
from newsletter.publishing.publication import Books, Publication
from newsletter.schedule import slot_instant
from newsletter.transports import Watcher, watched


def measure(publication: Publication) -> FleetFigures:
    """All of it, now. Raises StoreError where there is no database that can be read."""
    with publication.looking() as books:
        if books is None:
            raise StoreError("there is no database")
        return _figures(books)


def reader_of(publication: Publication) -> Callable[[], FleetFigures]:
    """What measures it whenever it is called, from any thread."""
    return lambda: measure(publication)


def watching(publication: Publication, watcher: Watcher) -> Publication:
    """The publication, with somebody who watches over its transport."""
    opened = publication.open_transport
    return replace(publication, open_transport=lambda: watched(opened(), watcher))


def _figures(books: Books) -> FleetFigures:
    database = books.database
    now = database.time() if database.is_shared else books.now()
    runs = database.figures.open_runs(now)
    patience = Patience(database.faults)
    doubts = dict(database.statistics.in_state(DeliveryState.IN_DOUBT))
    doubts |= {run.issue: run.counts.get(DeliveryState.IN_DOUBT, 0) for run in runs}
    late = [item.kind for item in slot_items(books)]
    slots = database.slots.in_states(SlotState.SCHEDULED)
    coming = [at for slot in slots if (at := slot_instant(slot)) > now]
    return FleetFigures(
        at=now,
        runs=runs,
        faults={run.issue: patience.failed_in_a_row(run.issue) for run in runs},
        in_doubt=sum(doubts.values()),
        heartbeats=database.heartbeats.known(),
        scheduled=len(slots),
        overdue=late.count(Kind.OVERDUE),
        missed=late.count(Kind.MISSED),
        next_slot_at=min(coming, default=None),
        letters=database.figures.letters(now),
        returns=database.returns.totals(),
    )
