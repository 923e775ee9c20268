"""An issue made ready to send: checked, rendered, with a desk to write its messages at."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from newsletter.books import Run, SlotState
from newsletter.check import (
    Context,
    Diagnostic,
    Severity,
    all_rules,
    at_least,
    check_issue,
    without_followers,
)
from newsletter.errors import MessageError, RenderError
from newsletter.issue import Issue
from newsletter.publishing.dating import dated, issue_date
from newsletter.publishing.desk import Desk, open_desk
from newsletter.publishing.digest import issue_digest
from newsletter.publishing.history import History
from newsletter.publishing.pictures import PictureFolder
from newsletter.publishing.publication import Books, Publication
from newsletter.publishing.rendering import render, with_size
from newsletter.publishing.segments import segment_in_books
from newsletter.render import Rendered
from newsletter.settings import Settings
from newsletter.subscribers import Segment


@dataclass(frozen=True, slots=True)
class Ready:
    """An issue that was checked and rendered, at one moment, with a desk to write messages at.

    `name` is its run's: the issue's own, or that of a correction of it. `moment` is the Date of
    every message. `pictures` has those of the issue, for whoever renders it once more. `segment` is
    whom it goes to, in its one text form; "" is everybody.
    """

    name: str
    issue: Issue
    settings: Settings
    moment: datetime
    diagnostics: tuple[Diagnostic, ...]
    rendered: Rendered
    desk: Desk
    pictures: PictureFolder
    segment: str = ""

    @property
    def has_errors(self) -> bool:
        return bool(errors_of(self.diagnostics))

    @property
    def digest(self) -> str:
        """What is approved, and what the run holds on to."""
        return issue_digest(self.rendered, self.settings, self.segment)


@dataclass(frozen=True, slots=True)
class Unready:
    """An issue whose errors keep it from being rendered at all; the check says which they are."""

    diagnostics: tuple[Diagnostic, ...]


def errors_of(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    return tuple(item for item in diagnostics if item.severity is Severity.ERROR)


def make_ready(
    issue: Issue,
    publication: Publication,
    *,
    moment: datetime | None = None,
    mark: str = "",
    name: str = "",
    segment: str = "",
) -> Ready | Unready:
    """Check, render and compile.

    `moment` is that of the run where there is one already, `name` the run's where it is not the
    issue's own, `mark` what stands before the subject of a test. Raises RenderError or MessageError
    for what cannot become a message although the check finds nothing in it.
    """
    settings, moment = publication.settings, moment or publication.this_second()
    folder = PictureFolder(settings.folder)
    try:
        rendered = render(issue, settings, moment, folder)
        desk = open_desk(
            issue,
            rendered,
            settings,
            message_date=moment,
            subject_mark=mark,
            key=publication.secret_key(),
            signer=publication.open_signer(),
        )
    except (RenderError, MessageError):
        found = _check(issue, settings, moment, folder, None)
        if errors_of(found):
            return Unready(found)
        raise
    if name:
        desk = replace(desk, issue=name)  # a message of its own, with a Message-ID of its own
    found = _check(issue, settings, moment, folder, rendered)
    return Ready(
        name or issue.name, issue, settings, moment, found, rendered, desk, folder, segment
    )


def ready_in_books(issue: Issue, books: Books, segment: Segment | None = None) -> Ready | Unready:
    """Ready by what the books know of it: the moment of its run, the day of its slot.

    And for the segment that is asked for, or else that of either. Raises as `segment_in_books`.
    """
    to = segment_in_books(issue.name, segment, books)
    run = books.database.runs.find(issue.name)
    moment = run.message_date if run else None
    issue = dated_in_books(issue, books, run)
    return make_ready(issue, books.publication, moment=moment, segment=to)


def dated_in_books(issue: Issue, books: Books, run: Run | None) -> Issue:
    """The issue with its day: its own, its slot's, or that of the run it had."""
    slot = books.database.slots.find(issue.name)
    if slot is not None and slot.state is not SlotState.CANCELLED:
        return dated(issue, slot.local_date)
    moment = run.message_date if run else books.now()
    return dated(issue, issue_date(issue, books.settings, moment))


def _check(
    issue: Issue,
    settings: Settings,
    now: datetime,
    folder: PictureFolder,
    rendered: Rendered | None,
) -> tuple[Diagnostic, ...]:
    """Warnings and errors in an issue about to be sent; of its size if it is rendered."""
    day = issue_date(issue, settings, now)
    past = History(settings.house).past(Path(issue.path), day)
    pictures = folder.of(issue)
    context = Context(house=settings.house, send_date=day, past=past, pictures=pictures)
    if rendered:
        context = with_size(context, issue, rendered, settings, now, folder)
    found = check_issue(issue, all_rules(), context)
    found = without_followers(found)
    return tuple(item for item in found if at_least(item.severity, Severity.WARNING))
