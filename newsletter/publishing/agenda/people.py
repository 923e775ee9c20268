"""The list and its people: whether there is anybody, who is owed a letter, and what came back.

Bounces and complaints are those whose people are suppressed for them; all that came back is in the
report.
"""

from collections.abc import Iterator

from newsletter.books import DeliveryState, Run
from newsletter.errors import Act, Remedy
from newsletter.publishing.agenda.item import Item, Kind, Urgency
from newsletter.publishing.publication import Books
from newsletter.subscribers import PersonEventKind, SuppressionKind


def people_items(books: Books, *, is_kept: bool) -> Iterator[Item]:
    """`is_kept`: a daemon or a site is alive, which sends letters as well."""
    if not books.database.subscribers.audience_counts(books.now()).owed:
        yield nobody()
    if owed := books.database.letters.owed():
        yield Item(
            kind=Kind.LETTERS,
            urgency=Urgency.NOTE if is_kept else Urgency.NEXT,
            facts={"letters": owed},
            remedy=None if is_kept else Remedy(Act.SERVE_SITE),
        )
    issues = [run for run in books.database.runs.all() if run.corrects is None]
    if issues:
        yield from _came_back(issues[-1], books)


def nobody() -> Item:
    remedy = Remedy(Act.IMPORT_SUBSCRIBERS)
    return Item(kind=Kind.NOBODY, urgency=Urgency.NEXT, remedy=remedy)


def _came_back(run: Run, books: Books) -> Iterator[Item]:
    """Since the last issue began; what the relay refused while it was sent, too."""
    database = books.database
    (moves,) = database.subscribers.moves((run.started_at, books.now()))
    suppressed = database.suppressions.count(run.started_at)
    counts = {
        "refused": database.statistics.in_state(DeliveryState.REFUSED).get(run.issue, 0),
        "failed": database.statistics.in_state(DeliveryState.FAILED).get(run.issue, 0),
        "left": moves.get(PersonEventKind.LEFT, 0),
        "complaints": suppressed[SuppressionKind.COMPLAINT],
        "bounces": suppressed[SuppressionKind.BOUNCE],
        "suppressed_by_hand": suppressed[SuppressionKind.BY_HAND],
    }
    if any(counts.values()):
        yield Item(
            kind=Kind.CAME_BACK,
            urgency=Urgency.NOTE,
            issue=run.issue,
            facts={"since": run.started_at, **counts},
            remedy=Remedy(Act.READ_REPORT, run.issue),
        )
