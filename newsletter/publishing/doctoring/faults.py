"""An error told as findings: whatever cannot be looked at is one too, so no fault hides another."""

from collections.abc import Callable, Iterable, Iterator

from newsletter.errors import NewsletterError
from newsletter.publishing.doctoring.finding import Finding, Level
from newsletter.publishing.publication import Publication


def guarded(
    look: Callable[[Publication], Iterable[Finding]], publication: Publication
) -> Iterator[Finding]:
    """What a look finds, and its error, under the name of the look."""
    try:
        yield from look(publication)
    except NewsletterError as error:
        yield from fault_findings(look.__name__, error)


def fault_findings(name: str, error: NewsletterError) -> Iterator[Finding]:
    """An error as findings, one for each particular."""
    for fault in error.faults or (f"{error.where}: {error.what}".removeprefix(": "),):
        yield Finding(
            name=name, level=Level.BAD, what=fault, step=error.next_step, remedy=error.remedy
        )
