"""`newsletter subscribers import` and `sync`: files of people, shown before they are written."""

import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from newsletter.cli.console import ask, confirm, good, say
from newsletter.cli.exit_status import ExitStatus
from newsletter.cli.opening import publication_here
from newsletter.cli.people import file_options as options
from newsletter.cli.people.file_plan import difference_line, plan_lines
from newsletter.cli.people.reading_bar import reading_bar
from newsletter.errors import NewsletterError, OtherEncoding
from newsletter.files import write_file
from newsletter.publishing.people.importing import (
    Incoming,
    Report,
    check_consent,
    check_sync,
    importing,
    stopping,
    syncing,
)
from newsletter.publishing.publication import Books
from newsletter.subscribers import Consent, ImportPlan, SuppressionKind, consent_in_words, csv_lines

Reading = Callable[[Books, Report], AbstractContextManager[Incoming]]
_DIFF_NAMES = ("what", "email", "line")


def import_(
    path: options.File,
    yes: options.Yes = False,
    consent: options.ConsentText = "",
    suppress: Annotated[
        bool,
        typer.Option("--suppress", help="Never write to these addresses, or hashes of them."),
    ] = False,
    kind: Annotated[
        SuppressionKind, typer.Option("--kind", help="With --suppress: why, where it is not told.")
    ] = SuppressionKind.BY_HAND,
    only: options.Only = None,
    without: options.Without = None,
    encoding: options.Encoding = "",
    diff: options.Diff = None,
) -> None:
    """Import a CSV file: the counts are shown first, and nobody who left is brought back."""
    wanted = options.wanted(path, encoding, only, without)
    with ExitStack() as stack:
        books = stack.enter_context(publication_here().acting())
        read = partial(stopping, wanted, kind) if suppress else partial(importing, wanted)
        with reading_bar() as report:
            incoming = stack.enter_context(_read(read, books, report))
        _show(incoming, path, diff)
        if incoming.plan.changes_something:
            _apply(incoming, "Import them?", "Nothing was imported.", consent, yes=yes)
        else:
            say("There is nothing to import.")
    raise typer.Exit(ExitStatus.FOUND if incoming.plan.faults else ExitStatus.DONE)


def sync(
    path: options.File,
    yes: options.Yes = False,
    consent: options.ConsentText = "",
    yes_remove_most: Annotated[
        bool,
        typer.Option("--yes-remove-most", help="Even if more than half of the list goes."),
    ] = False,
    only: options.Only = None,
    without: options.Without = None,
    encoding: options.Encoding = "",
    diff: options.Diff = None,
) -> None:
    """Make the list match a file: who is not in it goes; who left or is suppressed stays so.

    The difference is shown first. A file with bad rows is refused.
    """
    wanted = options.wanted(path, encoding, only, without)
    with ExitStack() as stack:
        books = stack.enter_context(publication_here().acting())
        with reading_bar() as report:
            incoming = stack.enter_context(_read(partial(syncing, wanted), books, report))
        _show(incoming, path, diff)
        _check(incoming.plan, path, yes_remove_most=yes_remove_most)
        if incoming.plan.changes_something:
            _apply(incoming, "Make the list match?", "Nothing has changed.", consent, yes=yes)
        else:
            say("The list matches the file.")


@contextmanager
def _read(read: Reading, books: Books, report: Report) -> Iterator[Incoming]:
    """The file, read; where it is in another encoding, the option that says so is named."""
    try:
        with read(books, report) as incoming:
            yield incoming
    except OtherEncoding as error:
        raise NewsletterError(
            error.what,
            where=error.where,
            next_step="save the file as UTF-8, or add --encoding cp1252, which is often Excel’s",
        ) from error


def consent_said(plan: ImportPlan, text: str) -> Consent | None:
    """How the new people said yes: the option's word, or an answer; None where all is told."""
    if not plan.without_consent:
        return None
    if not text.strip() and not sys.stdin.isatty():
        _refuse(plan)
    question = f"Where and when did the {plan.without_consent:,} new people say yes?"
    return consent_in_words(text.strip() or ask(question, option="--consent"))


def _refuse(plan: ImportPlan) -> None:
    """There is no terminal to ask on."""
    try:
        check_consent(plan, None)
    except NewsletterError as error:
        step = 'add --consent "where and when", or give the file a column consent_source'
        raise NewsletterError(error.what, next_step=step) from error


def _show(incoming: Incoming, path: Path, diff: Path | None) -> None:
    for line in plan_lines(incoming.plan, str(path)):
        say(line)
    if diff is not None:
        rows = (difference_line(each) for each in incoming.differences())
        write_file(diff, csv_lines(_DIFF_NAMES, rows), mode=0o600)
        say(f"What becomes of each is in {diff}.")


def _check(plan: ImportPlan, path: Path, *, yes_remove_most: bool) -> None:
    try:
        check_sync(plan, removes_most=yes_remove_most)
    except NewsletterError as error:
        step = "" if plan.faults else ", and add --yes-remove-most if it is"
        raise NewsletterError(
            error.what, where=str(path), next_step=f"{error.next_step}{step}"
        ) from error


def _apply(incoming: Incoming, question: str, otherwise: str, consent: str, *, yes: bool) -> None:
    given = consent_said(incoming.plan, consent)
    if confirm(question, yes=yes):
        say(good(f"{incoming.apply(given).in_words}."))
    else:
        say(otherwise)
