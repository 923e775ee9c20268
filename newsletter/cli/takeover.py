"""`newsletter init --from EXPORT`: a publication taken over from another system, shown before it is
there.
"""

import os
import sys
from collections.abc import Mapping
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from shlex import quote

from newsletter.cli.console import confirm, good, note_fitted, say, show_warning, warning
from newsletter.cli.interview import Interview
from newsletter.cli.people.reading_bar import reading_bar
from newsletter.cli.takeover_view import cautions, takeover_lines, what_it_is
from newsletter.cli.wording import command_for
from newsletter.clock import now
from newsletter.errors import NewsletterError
from newsletter.importing.exports import Shelf, System
from newsletter.installation import package_origin
from newsletter.publishing.answers import Answers
from newsletter.publishing.inherited import inherit, with_inheritance
from newsletter.publishing.laying_out import LaidOut, lay_out
from newsletter.publishing.publication import Books
from newsletter.publishing.taking_over import Asked, TakenOver, aside, bring, opening, settled
from newsletter.settings import load_settings
from newsletter.wiring import publication_of

_DATABASE = "NEWSLETTER_DATABASE"


@dataclass(frozen=True, kw_only=True, slots=True)
class Done:
    """A publication that was taken over."""

    answers: Answers
    laid_out: LaidOut
    taken: TakenOver


def wanted(export: Path, kind: str, *, audience: str, site: str) -> Asked:
    """What was asked for by options. Raises NewsletterError for what cannot be."""
    if kind and kind not in list(System):
        raise NewsletterError(
            f"“{kind}” is no system whose exports can be read",
            where="--from-kind",
            next_step=f"give one of {', '.join(System)}",
        )
    if site and not site.startswith(("https://", "http://")):
        raise NewsletterError(
            f"“{site}” is no address of a site",
            where="--old-site",
            next_step="write it as https://news.example.com",
        )
    system = System(kind) if kind else None
    return Asked(path=export, system=system, audience=audience, site=site)


def take_over(
    folder: Path,
    asked: Asked,
    *,
    said: Mapping[str, str | None],
    known: Mapping[str, str],
    yes: bool,
) -> Done | None:
    """Asks what the export does not know, shows what it brings, and asks whether to take it.

    None where somebody says no. Raises NewsletterError, ExportError, OutputError.
    """
    _refuse_other_database(os.environ)
    asks = sys.stdin.isatty() and not yes
    with ExitStack() as stack:
        opened = stack.enter_context(opening(asked))
        say(f"{what_it_is(opened.export)}.")
        for caution in cautions(opened.export):
            note_fitted(caution, word="warning:", paint=warning)
        inherited = inherit(opened.export)
        interview = Interview(said=said, known={**known, **inherited.answers}, asks=asks)
        answers = interview.answers()
        answers = replace(answers, own=with_inheritance(answers, inherited))
        place = stack.enter_context(aside(folder))
        lay_out(place, answers, now())
        with reading_bar() as report:
            taken = bring(opened, place, open_books=_books_at, report=report)
        for line in takeover_lines(taken, answers, inherited, said):
            say(line)
        if not confirm("Take it over?", yes=yes):
            say("Nothing was taken over.")
            return None
        with settled(place, folder):
            laid_out = lay_out(folder, answers, now(), package=package_origin())
    say(good(f"Taken over {'here' if folder == Path() else f'into {folder}'}."))
    return Done(answers=answers, laid_out=laid_out, taken=taken)


def say_next(folder: Path, done: Done) -> None:
    """The three commands that come now."""
    say()
    say("Next:")
    if folder != Path():
        say(f"  cd {quote(str(folder))}")
    if done.taken.readers:
        say("  newsletter subscribers count")
    if done.taken.on(Shelf.ARCHIVE):
        say("  newsletter publish issues/archive/*.md")
    say(f"  newsletter check {done.laid_out.issue.stem}")


def _refuse_other_database(environ: Mapping[str, str]) -> None:
    """The readers go into the new publication's own; they must not seem to be gone at once."""
    if environ.get(_DATABASE):
        raise NewsletterError(
            f"{_DATABASE} names a database, and the readers go into a new one",
            where="environment",
            next_step=f"unset {_DATABASE}, and set it again once you have moved them there",
        )


def _books_at(place: Path) -> AbstractContextManager[Books]:
    """Of the publication that is laid out there, whatever the environment says of another."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("NEWSLETTER_")}
    settings = load_settings(place, own)
    return publication_of(settings, word=command_for, warn=show_warning).acting()
