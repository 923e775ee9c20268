"""How far each issue is that has not been sent: what the check finds in it, and whose yes it has.

That takes a while, so it is worked out aside, and kept until the file, its slot, its approvals or
the day are others.
"""

from collections.abc import Hashable
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from threading import Lock

from newsletter.books import Approval, Balance, Run, RunState, Slot, needs_person
from newsletter.check import Severity
from newsletter.errors import NewsletterError
from newsletter.publishing.agenda.writing import checking_of
from newsletter.publishing.checking import Checking
from newsletter.publishing.dating import dated
from newsletter.publishing.issues import read_issue
from newsletter.publishing.letting_out import Refusal
from newsletter.publishing.publication import Books, Publication
from newsletter.publishing.shelf.heads import Head
from newsletter.publishing.standing import issue_standing, slot_standing
from newsletter.schedule import judge

_BLANKS = "empty-slot"


@dataclass(frozen=True, kw_only=True, slots=True)
class Yeses:
    """Who has approved the issue as it is now. `reason` is the judgement's, in one sentence."""

    names: tuple[str, ...]
    required: int
    missing: int
    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """What stands between an issue and its readers.

    `fault` is why it cannot be read, checked or rendered, `refusal` why its slot would not let it
    out although it is approved.
    """

    errors: int = 0
    warnings: int = 0
    blanks: int = 0
    fault: str = ""
    refusal: str = ""
    yeses: Yeses | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Draft:
    """An issue that has not been sent; `found` is None until somebody has looked.

    `given` are its approvals, those taken back among them.
    """

    head: Head
    slot: Slot | None = None
    given: tuple[Approval, ...] = ()
    found: Found | None = None

    @property
    def day(self) -> date | None:
        return self.slot.local_date if self.slot else self.head.day


@dataclass(frozen=True, kw_only=True, slots=True)
class Sending:
    """An issue that was sent, or is being sent; `head` is None where its file is gone."""

    run: Run
    balance: Balance
    head: Head | None = None
    is_corrected: bool = False

    @property
    def needs_person(self) -> int:
        return needs_person(self.balance)

    @property
    def cancelled_after(self) -> timedelta | None:
        if self.run.state is not RunState.CANCELLED or self.run.controlled_at is None:
            return None
        return self.run.controlled_at - self.run.started_at


@dataclass
class Standings:
    """What was found of each draft. One thread works it out, and any may ask for what is known."""

    _known: dict[Path, tuple[Hashable, Found]] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def known(self, draft: Draft, day: date) -> Found | None:
        kept = self._known.get(draft.head.path)
        return kept[1] if kept and kept[0] == _key(draft, day) else None

    def work_out(self, draft: Draft, day: date, books: Books | None, desk: "Desk") -> None:
        """Unless it is known already."""
        with self._lock:
            if self.known(draft, day) is None:
                found = desk.find(draft, books)
                self._known[draft.head.path] = (_key(draft, day), found)


@dataclass(frozen=True, kw_only=True)
class Desk:
    """What every draft is looked at with."""

    publication: Publication
    checking: Checking

    def find(self, draft: Draft, books: Books | None) -> Found:
        try:
            return self._find(draft, books)
        except NewsletterError as error:
            return Found(fault=str(error))

    def _find(self, draft: Draft, books: Books | None) -> Found:
        head = draft.head
        issue = read_issue(head.path, self.publication.settings.house)
        found = self.checking.find(dated(issue, draft.day), path=head.path)
        errors = [each for each in found.diagnostics if each.severity is Severity.ERROR]
        blanks = sum(each.slug == _BLANKS for each in found.diagnostics)
        warnings = sum(each.severity is Severity.WARNING for each in found.diagnostics)
        fault = str(found.faults[0]) if found.faults else ""
        yeses, refusal = (None, "") if errors or fault else self._yeses(draft, books)
        return Found(
            errors=len(errors),
            warnings=warnings,
            blanks=blanks,
            fault=fault,
            refusal=refusal,
            yeses=yeses,
        )

    def _yeses(self, draft: Draft, books: Books | None) -> tuple[Yeses | None, str]:
        """An issue is rendered only where somebody has approved it, or it has a slot."""
        rule, name = self.publication.settings.approval, draft.head.name
        judgement, refusal = judge((), "", rule), ""
        if books is not None and draft.given:
            standing = issue_standing(name, draft.head.path, draft.slot, books)
            if standing.approvals is None:
                return None, str(standing.fault or "")
            judgement = standing.approvals.judgement
        if books is not None and draft.slot is not None and judgement.is_given:
            prospect = slot_standing(draft.slot, books)
            refusal = prospect.reason if isinstance(prospect, Refusal) else ""
        yeses = Yeses(
            names=tuple(judgement.names),
            required=rule.required,
            missing=judgement.missing,
            reason=judgement.reason,
        )
        return yeses, refusal


def desk_of(publication: Publication) -> Desk:
    return Desk(publication=publication, checking=checking_of(publication))


def _key(draft: Draft, day: date) -> Hashable:
    given = tuple((each.approved_by, each.digest, each.withdrawn_at) for each in draft.given)
    return (draft.head.state, draft.slot, given, day)
