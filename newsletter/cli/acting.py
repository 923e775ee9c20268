"""An act on an issue: people are told as it goes, and programs at the end how the issue stands."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import typer

from newsletter.cli.formats import Format, Record, say_record, words_aside
from newsletter.cli.opening import publication_here
from newsletter.cli.standing_record import one_record
from newsletter.publishing.publication import Books


@contextmanager
def acting_on(
    issue: str | Path,
    format_: Format,
    by: str = "",
    *,
    told: Callable[[Path, Books], Record] = one_record,
) -> Iterator[Books]:
    """The books, to act on an issue by its name or file.

    Where a program asked, it has what is `told` of the issue once the act is done, which is what
    `status` tells; also where it was not done because of what was found. Nothing where it could not
    be tried.
    """
    record, ended = None, None
    with words_aside(format_), publication_here().acting(by) as books:
        try:
            yield books
        except typer.Exit as end:
            ended = end
        if format_ is Format.JSON:
            record = told(Path(issue), books)
    if record is not None:
        say_record(record)
    if ended is not None:
        raise ended
