"""People who come with a send: their file's plan is shown first, and they are asked about apart."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from newsletter.cli.console import confirm, say
from newsletter.cli.people.file_plan import plan_lines
from newsletter.cli.people.files import consent_said
from newsletter.cli.people.reading_bar import reading_bar
from newsletter.publishing.people.importing import Incoming, Wanted, importing
from newsletter.publishing.publication import Books


@contextmanager
def incoming_shown(books: Books, path: Path | None) -> Iterator[Incoming | None]:
    """The people of a file, whose plan is shown; None without one."""
    if path is None:
        yield None
        return
    with ExitStack() as stack:
        with reading_bar() as report:
            incoming = stack.enter_context(importing(Wanted(path=path), books, report))
        for line in plan_lines(incoming.plan, str(path)):
            say(line)
        say()
        yield incoming


def bring(incoming: Incoming | None, consent: str, *, yes: bool) -> None:
    """Import them, if there is anything to import and somebody says yes."""
    if incoming is None or not incoming.plan.changes_something:
        return
    given = consent_said(incoming.plan, consent)
    if confirm("Import these subscribers?", yes=yes):
        incoming.apply(given)
