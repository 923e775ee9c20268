"""The issues that are being written: findings, whose yes is missing, and whether they have a slot.

An issue is rendered only where somebody has approved it, to know whether that still holds; and it
is weighed as the check weighs it.
"""

import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain
from pathlib import Path

from newsletter.books import Slot, SlotState
from newsletter.check import Diagnostic, Severity, all_rules
from newsletter.errors import (
    Act,
    CheckError,
    IssueFileError,
    MessageError,
    NewsletterError,
    Remedy,
    RenderError,
)
from newsletter.issue import issue_date, load_source, read_front_matter
from newsletter.publishing.agenda.item import Facts, Item, Kind, Urgency
from newsletter.publishing.agenda.slots import NextSlot, slot_near
from newsletter.publishing.checking import Checking
from newsletter.publishing.dating import dated
from newsletter.publishing.history import History, day_named
from newsletter.publishing.issue_names import FOLDER, SUFFIXES
from newsletter.publishing.issues import publication_path, read_issue
from newsletter.publishing.pictures import PictureFolder
from newsletter.publishing.publication import Books, Publication
from newsletter.publishing.scales import Scales
from newsletter.publishing.standing import issue_standing
from newsletter.schedule import Judgement, judge, slot_instant

MOST = 3
"""Issues that are looked at: those that come next."""

_FIRST = 2
"""Findings that are named of each."""

_LATE = timedelta(days=7)
"""For so long an issue that was not sent on its day is one that is still to come."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Draft:
    """An issue that has not been sent; `day` is that of its slot, its name or its front matter."""

    path: Path
    day: date | None
    slot: Slot | None = None

    @property
    def name(self) -> str:
        return self.path.stem


def drafts_in(publication: Publication, books: Books | None) -> Sequence[Draft]:
    """The next of them, those with a day first; without books, no day is past."""
    folder, today = publication.settings.folder, _today(publication)
    slots = books.database.slots.in_states(SlotState.SCHEDULED) if books else []
    placed = [Draft(path=folder / slot.path, day=slot.local_date, slot=slot) for slot in slots]
    gone = {run.issue for run in books.database.runs.all()} if books else set()
    gone |= {draft.name for draft in placed}
    since = today - _LATE if books else today
    files = [file for file in _files(folder / FOLDER) if file.stem not in gone]
    found = chain(placed, (Draft(path=file, day=_day_of(file)) for file in files))
    coming = [each for each in found if each.slot or each.day is None or each.day >= since]
    return sorted(coming, key=lambda each: (each.day is None, each.day or today, each.name))[:MOST]


@dataclass(frozen=True, kw_only=True, slots=True)
class Desk:
    """What every issue is looked at with."""

    publication: Publication
    books: Books | None
    upcoming: NextSlot
    checking: Checking

    def items_of(self, draft: Draft) -> Iterator[Item]:
        """What is to be done about one, in the order in which it is done."""
        try:
            issue = read_issue(draft.path, self.publication.settings.house)
        except NewsletterError as error:
            yield self._unreadable(draft, error)
            return
        if draft.slot and issue.date not in (None, draft.slot.local_date):
            facts = {"day": str(issue.date), "slot": str(draft.slot)}
            yield self._item(Kind.MISDATED, draft, facts, Remedy(Act.UNSCHEDULE, draft.name))
        found = self.checking.find(dated(issue, draft.day), path=draft.path)
        for fault in found.faults[:1]:
            yield self._unreadable(draft, fault)
        findings = [each for each in found.diagnostics if each.severity is not Severity.INFO]
        if findings:
            yield self._findings(draft, findings)
        if not any(each.severity is Severity.ERROR for each in findings):
            yield from self._steps(draft)

    def _unreadable(self, draft: Draft, error: NewsletterError) -> Item:
        """Why, with paths as people write them; of one that is gone, the way out of its slot."""
        fault = str(error).replace(f"{self.publication.settings.folder}{os.sep}", "")
        is_text = isinstance(error, IssueFileError)
        remedy = error.remedy or (Remedy(Act.CHECK, self._subject(draft)) if is_text else None)
        if draft.slot is not None and not draft.path.exists():
            fault = f"{self._path(draft)} is gone, and its slot is {draft.slot}; bring it back"
            remedy = Remedy(Act.UNSCHEDULE, draft.name)
        return self._item(Kind.UNREADABLE, draft, {"fault": fault}, remedy)

    def _findings(self, draft: Draft, findings: Sequence[Diagnostic]) -> Item:
        by_weight = sorted(findings, key=lambda each: each.severity is not Severity.ERROR)
        errors = sum(each.severity is Severity.ERROR for each in findings)
        facts: Facts = {
            "errors": errors,
            "warnings": len(findings) - errors,
            "first": tuple(f"line {each.span.line}: {each.message}" for each in by_weight[:_FIRST]),
        }
        remedy = Remedy(Act.CHECK, self._subject(draft))
        return self._item(Kind.FINDINGS, draft, facts, remedy, is_urgent=bool(errors))

    def _steps(self, draft: Draft) -> Iterator[Item]:
        """Approval and slot of an issue that nothing else keeps from going out."""
        judgement = self._judgement(draft)
        if isinstance(judgement, NewsletterError):
            yield self._unreadable(draft, judgement)
            return
        if judgement is None:
            return
        if not judgement.is_given:
            facts: Facts = {
                "missing": judgement.missing,
                "reason": judgement.reason,
                "voided": judgement.voided.approved_by if judgement.voided else "",
            }
            remedy = Remedy(Act.APPROVE, self._subject(draft))
            yield self._item(Kind.UNAPPROVED, draft, facts, remedy)
        if draft.slot is None:
            remedy = Remedy(Act.SCHEDULE, self._subject(draft))
            yield self._item(Kind.UNSCHEDULED, draft, {}, remedy)
        elif judgement.is_given and slot_instant(draft.slot) > self.publication.clock():
            slot = draft.slot
            facts = {"slot": str(slot), "at": slot_instant(slot), "reason": judgement.reason}
            remedy = Remedy(Act.SEE_SLOTS)
            yield Item(
                kind=Kind.READY,
                urgency=Urgency.NOTE,
                issue=draft.name,
                facts=facts,
                remedy=remedy,
            )

    def _judgement(self, draft: Draft) -> Judgement | RenderError | MessageError | None:
        """Why there is none, where it cannot be rendered; None where there is no telling, for want
        of a key perhaps: that is told by itself.
        """
        rule = self.publication.settings.approval
        if self.books is None or not self.books.database.approvals.of(draft.name):
            return judge((), "", rule)
        standing = issue_standing(draft.name, draft.path, draft.slot, self.books)
        if isinstance(standing.fault, RenderError | MessageError):
            return standing.fault
        return standing.approvals.judgement if standing.approvals else None

    def _item(
        self,
        kind: Kind,
        draft: Draft,
        facts: Facts,
        remedy: Remedy | None,
        *,
        is_urgent: bool = True,
    ) -> Item:
        is_near = is_urgent and self._is_near(draft)
        return Item(
            kind=kind,
            urgency=Urgency.NOW if is_near else Urgency.NEXT,
            issue=draft.name,
            facts={"path": self._path(draft), **facts},
            remedy=remedy,
        )

    def _is_near(self, draft: Draft) -> bool:
        """Whether it is to go out within a day, in its slot or in that of its day."""
        now = self.publication.clock()
        if draft.slot is not None:
            return slot_near(draft.slot, now)
        return draft.day == self.upcoming.day and self.upcoming.is_near(now)

    def _path(self, draft: Draft) -> str:
        return publication_path(draft.path, self.publication.settings.folder)

    def _subject(self, draft: Draft) -> str:
        """Its name where that says which file is meant, else its path."""
        usual = f"{FOLDER}/{draft.name}.md"
        twins = [draft.path.with_suffix(each) for each in SUFFIXES]
        is_alone = sum(each.exists() for each in twins) < 2
        return draft.name if is_alone and self._path(draft) == usual else self._path(draft)


def writing_items(
    publication: Publication, books: Books | None, upcoming: NextSlot
) -> Iterator[Item]:
    """Each of the next issues; and that there is none, where the next slot is empty."""
    drafts = drafts_in(publication, books)
    try:
        checking = checking_of(publication)
        desk = Desk(publication=publication, books=books, upcoming=upcoming, checking=checking)
        for draft in drafts:
            yield from desk.items_of(draft)
    except (CheckError, RenderError) as error:  # of a rule or a template, and so of all issues
        facts = {"path": "", "fault": str(error)}
        yield Item(kind=Kind.UNREADABLE, urgency=Urgency.NOW, facts=facts, remedy=error.remedy)
    if not drafts:
        is_near = upcoming.is_near(publication.clock())
        urgency = Urgency.NOW if is_near else Urgency.NEXT
        yield Item(kind=Kind.NO_ISSUE, urgency=urgency, remedy=Remedy(Act.NEW_ISSUE))


def checking_of(publication: Publication) -> Checking:
    settings = publication.settings
    budget = settings.limits.html_bytes
    return Checking(
        house=settings.house,
        rules=all_rules(),
        history=History(settings.house),
        scales=Scales(folder=settings.folder, budget=budget, now=publication.clock()),
        pictures=PictureFolder(settings.folder),
    )


def _files(folder: Path) -> Iterator[Path]:
    with suppress(OSError):
        yield from sorted(file for file in folder.iterdir() if file.suffix in SUFFIXES)


def _day_of(path: Path) -> date | None:
    """By its name, else by its front matter alone."""
    if day := day_named(path.name):
        return day
    try:
        source = load_source(path)
    except IssueFileError:
        return None
    return issue_date(source, read_front_matter(source)[0])[0]


def _today(publication: Publication) -> date:
    return publication.clock().astimezone(publication.settings.schedule.zone).date()
