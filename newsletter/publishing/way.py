"""The way of one issue, from a draft to its readers: how far it is, and what brings it further.

Of its file as it is saved and of the books; where there is no database yet, none is made. What the
check finds in a text that is not saved, whoever shows it knows; how an act is done is left to the
acts.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from newsletter.books import OVER, Approval, Balance, Run, RunState, Slot, SlotState
from newsletter.errors import NewsletterError
from newsletter.issue import Issue
from newsletter.publishing.agenda.slots import NextSlot, next_slot, rule_slot
from newsletter.publishing.approving import may_approve
from newsletter.publishing.correcting import ready_to_approve
from newsletter.publishing.dating import dated, issue_date
from newsletter.publishing.issues import read_issue
from newsletter.publishing.publication import Books, Publication
from newsletter.publishing.ready import Ready, Unready, make_ready
from newsletter.publishing.standing import ApprovalStanding, approvals_of
from newsletter.schedule import is_same_person, judge
from newsletter.store import examine


class Step(StrEnum):
    """Where an issue passes, in this order."""

    DRAFT = "draft"
    CHECKED = "checked"
    APPROVED = "approved"
    SCHEDULED = "scheduled"
    SENT = "sent"


class Forward(StrEnum):
    """What brings an issue further. Rest: nothing that is this person's to do."""

    MEND = "mend"
    APPROVE = "approve"
    SCHEDULE = "schedule"
    REST = "rest"
    REPORT = "report"
    CORRECT = "correct"


class Offer(StrEnum):
    """What may be done to an issue as it stands; each act looks again when it is done."""

    TEST = "test"
    APPROVE = "approve"
    WITHDRAW = "withdraw"
    SCHEDULE = "schedule"
    UNSCHEDULE = "unschedule"
    PAUSE = "pause"
    RESUME = "resume"
    CANCEL = "cancel"
    CORRECT = "correct"
    REPORT = "report"


@dataclass(frozen=True, kw_only=True, slots=True)
class Way:
    """How far an issue is.

    `fault` is why it cannot be read, checked or rendered. `ready` is what would go out next, None
    where that is nothing or cannot be told; `corrects` is the first sending, where it is its
    correction. `slot` is one to come or one that has begun, `missed` one that went by. `person`
    is who looks.
    """

    issue: Issue | None
    fault: NewsletterError | None
    has_errors: bool
    ready: Ready | None
    approvals: ApprovalStanding | None
    person: str
    required: int
    upcoming: NextSlot
    slot: Slot | None = None
    missed: Slot | None = None
    run: Run | None = None
    balance: Balance | None = None
    corrects: Run | None = None

    @property
    def is_sound(self) -> bool:
        return self.fault is None and not self.has_errors

    @property
    def is_over(self) -> bool:
        return self.run is not None and self.run.state in OVER

    @property
    def given(self) -> Sequence[Approval]:
        """The approvals that hold for these bytes, the newest first."""
        held = self.approvals.held if self.approvals else ()
        return [approval for approval, holds in held if holds]

    @property
    def own(self) -> Sequence[Approval]:
        """Those of who looks."""
        return [each for each in self.given if is_same_person(each.approved_by, self.person)]

    @property
    def is_approved(self) -> bool:
        return self.approvals is not None and self.approvals.judgement.is_given

    @property
    def may_approve(self) -> bool:
        """Whether the rule lets who looks approve it; None ready is no matter of the rule's."""
        return self.ready is None or may_approve(self.ready, self.person)

    @property
    def done(self) -> frozenset[Step]:
        """What is behind it; while its file has errors, that is not much."""
        if self.is_over:
            return frozenset(Step)
        found = {Step.DRAFT, Step.CHECKED} if self.is_sound else set()
        if self.run is not None or (self.is_sound and self.is_approved):
            found |= {Step.DRAFT, Step.CHECKED, Step.APPROVED}
        if self.run is not None or self.slot is not None:
            found.add(Step.SCHEDULED)
        return frozenset(found)

    @property
    def here(self) -> Step:
        """The first step that is not behind it."""
        return next((step for step in Step if step not in self.done), Step.SENT)

    @property
    def forward(self) -> Forward:
        if self.corrects is not None:
            return Forward.CORRECT
        if self.run is not None:
            return Forward.REPORT
        if not self.is_sound:
            return Forward.MEND
        if not self.is_approved and not self.own and self.may_approve:
            return Forward.APPROVE
        return Forward.SCHEDULE if self.slot is None else Forward.REST

    @property
    def offers(self) -> frozenset[Offer]:
        """In a slot or a run, what would be refused is not offered."""
        found = {Offer.TEST} if self.is_sound or self.has_errors else set()
        if self.ready is not None and self.is_sound:
            found.add(Offer.APPROVE)
        if self._can_withdraw:
            found.add(Offer.WITHDRAW)
        if self.run is not None:
            return frozenset(found | _OF_RUNS[self.run.state])
        if self.slot is None:
            found |= {Offer.SCHEDULE} if self.is_sound else set()
        elif self.slot.state is SlotState.SCHEDULED:
            found.add(Offer.UNSCHEDULE)
        return frozenset(found)

    @property
    def _can_withdraw(self) -> bool:
        """Whether who looks has an approval to take back, of whichever text."""
        held = self.approvals.held if self.approvals else ()
        standing = [approval for approval, _ in held if approval.withdrawn_at is None]
        return any(is_same_person(each.approved_by, self.person) for each in standing)


_OF_RUNS = {
    RunState.FREEZING: {Offer.REPORT, Offer.CANCEL},
    RunState.RUNNING: {Offer.REPORT, Offer.PAUSE, Offer.CANCEL},
    RunState.PAUSED: {Offer.REPORT, Offer.RESUME, Offer.CANCEL},
    RunState.CANCELLED: {Offer.REPORT, Offer.CORRECT},
    RunState.COMPLETE: {Offer.REPORT, Offer.CORRECT},
}


def way_of(path: Path, publication: Publication) -> Way:
    """Raises StoreError for a database that cannot be read, SettingsError for a rule of no slots.

    What is wrong with the issue itself is in the answer.
    """
    with books_seen(publication) as books:
        return _way(path, publication, books)


@contextmanager
def books_seen(publication: Publication) -> Iterator[Books | None]:
    """The books, for whoever changes nothing; None where there are none, or another version's."""
    seen = examine(publication.settings.environment.database.reveal(), wholly=False)
    if not seen.is_there or not seen.is_current:
        yield None
        return
    with publication.reading() as books:
        yield books


def _way(path: Path, publication: Publication, books: Books | None) -> Way:
    name, rule = path.stem, publication.settings.approval
    slot = books.database.slots.find(name) if books else None
    run = books.database.runs.find(name) if books else None
    issue: Issue | None = None
    made: Ready | Unready | None = None
    first: Run | None = None
    fault: NewsletterError | None = None
    try:
        issue = read_issue(path, publication.settings.house)
        if run is None or (run.state in OVER and issue.correction):
            made, first = _made(issue, publication, books)
    except NewsletterError as error:
        fault = error
    ready = made if isinstance(made, Ready) else None
    return Way(
        issue=issue,
        fault=fault,
        has_errors=isinstance(made, Unready) or (ready is not None and ready.has_errors),
        ready=ready,
        approvals=_approvals(ready, books) if ready else None,
        person=publication.person,
        required=rule.required,
        upcoming=next_slot(books) if books else _by_rule(publication),
        slot=slot if slot and slot.state in _STANDING else None,
        missed=slot if slot and slot.state is SlotState.MISSED else None,
        run=run,
        balance=books.database.runs.balance_seen(run.id, books.now()) if books and run else None,
        corrects=first,
    )


_STANDING = (SlotState.SCHEDULED, SlotState.STARTED, SlotState.DONE)


def _by_rule(publication: Publication) -> NextSlot:
    return rule_slot(publication.settings.schedule, publication.clock())


def _made(
    issue: Issue, publication: Publication, books: Books | None
) -> tuple[Ready | Unready | None, Run | None]:
    """What goes out next; of a sent issue that is its correction, until that is begun."""
    if books is not None:
        made, first = ready_to_approve(issue, books)
        is_begun = first is not None and books.database.runs.find(_name(made)) is not None
        return (None, None) if is_begun else (made, first)
    day = issue_date(issue, publication.settings, publication.clock())
    return make_ready(dated(issue, day), publication), None


def _name(made: Ready | Unready) -> str:
    return made.name if isinstance(made, Ready) else ""


def _approvals(ready: Ready, books: Books | None) -> ApprovalStanding:
    if books is not None:
        return approvals_of(ready, books)
    judgement = judge((), ready.digest, ready.settings.approval)
    return ApprovalStanding(held=(), judgement=judgement, voided=None)
