"""The whole agenda of a publication, gathered: from its settings, its files and its books.

Nothing is changed, also where there is no database yet, or one of another version. What cannot be
looked at is on the agenda too.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from newsletter.books import OVER, SlotState
from newsletter.errors import Act, NewsletterError, Remedy
from newsletter.publishing.agenda.item import Item, Kind, Urgency, in_order
from newsletter.publishing.agenda.keepers import keeper_items, keepers_of
from newsletter.publishing.agenda.means import means_items, site_items
from newsletter.publishing.agenda.people import nobody, people_items
from newsletter.publishing.agenda.runs import run_items
from newsletter.publishing.agenda.slots import (
    NextSlot,
    next_slot,
    rule_slot,
    slot_items,
    slot_near,
)
from newsletter.publishing.agenda.writing import writing_items
from newsletter.publishing.outside import Outside
from newsletter.publishing.publication import Books, Publication
from newsletter.publishing.witness import check_own_log, is_restored, read_witness
from newsletter.store import examine


@dataclass(frozen=True, kw_only=True, slots=True)
class Agenda:
    """`made_at` is in the zone of the schedule; the most urgent item comes first.

    Where `is_blind` the books could not be read, and whether the next slot has an issue is unknown.
    """

    name: str
    made_at: datetime
    next_slot: NextSlot
    items: Sequence[Item]

    @property
    def is_blind(self) -> bool:
        return any(item.kind in (Kind.DATABASE, Kind.SCHEMA) for item in self.items)

    def of(self, urgency: Urgency) -> Sequence[Item]:
        return [item for item in self.items if item.urgency is urgency]


def agenda_of(publication: Publication, *, outside: Outside | None = None) -> Agenda:
    """What should be done now. With `outside` the site is asked, too.

    Raises SettingsError where the schedule's rule has no slot left within a year.
    """
    now, settings = publication.clock(), publication.settings
    upcoming, items = rule_slot(settings.schedule, now), list[Item]()
    try:
        seen = examine(settings.environment.database.reveal(), wholly=False)
        if not seen.is_there:
            items += _without_books(publication, upcoming)
        elif not seen.is_current:
            items += [_other_schema(seen.version), *_beside_books(publication, upcoming)]
        else:
            with publication.reading() as books:
                upcoming = next_slot(books)
                items += list(_with_books(books, upcoming))
    except NewsletterError as error:
        facts = {"fault": "; ".join(error.faults) or str(error)}
        items += [
            Item(kind=Kind.DATABASE, urgency=Urgency.NOW, facts=facts, remedy=error.remedy),
            *_beside_books(publication, upcoming),
        ]
    if outside is not None:
        items += site_items(publication, outside)
    return Agenda(
        name=settings.publication.name,
        made_at=now.astimezone(settings.schedule.zone),
        next_slot=upcoming,
        items=in_order(items),
    )


def _without_books(publication: Publication, upcoming: NextSlot) -> list[Item]:
    """Nobody is on the list of a database that is not there, which comes last."""
    return [
        *means_items(publication, Urgency.NEXT),
        *writing_items(publication, None, upcoming),
        nobody(),
    ]


def _beside_books(publication: Publication, upcoming: NextSlot) -> list[Item]:
    """Of books that are there and cannot be read, nobody knows what stands in them."""
    unknown = (Kind.NOBODY, Kind.UNAPPROVED, Kind.UNSCHEDULED)
    return [item for item in _without_books(publication, upcoming) if item.kind not in unknown]


def _other_schema(version: str | None) -> Item:
    facts = {"schema": version or ""}
    return Item(kind=Kind.SCHEMA, urgency=Urgency.NOW, facts=facts, remedy=Remedy(Act.BACK_UP))


def _with_books(books: Books, upcoming: NextSlot) -> Iterator[Item]:
    check_own_log(books.database, books.settings.folder)
    if is_restored(books.database.audit, read_witness(books.settings.folder)):
        remedy = Remedy(Act.ACCEPT_RESTORED)
        yield Item(kind=Kind.RESTORED, urgency=Urgency.NOW, remedy=remedy)
    keepers, is_near = keepers_of(books), _is_near(books)
    yield from run_items(books, is_kept=keepers.is_kept)
    yield from slot_items(books)
    yield from means_items(books.publication, Urgency.NOW if is_near else Urgency.NEXT)
    yield from keeper_items(keepers, books, is_near=is_near)
    yield from writing_items(books.publication, books, upcoming)
    yield from people_items(books, is_kept=bool(keepers.alive or keepers.sites))


def _is_near(books: Books) -> bool:
    """Whether something is to be sent within a day, or is being sent."""
    slots = books.database.slots.in_states(SlotState.SCHEDULED)
    if any(slot_near(slot, books.now()) for slot in slots):
        return True
    return any(run.state not in OVER for run in books.database.runs.all())
