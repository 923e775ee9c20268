"""How the publication stands: its runs, its slots, its approvals, and who keeps the schedule.

Read only; what is needed of it is gathered here, and each front shows it in its own way.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from newsletter.books import FAILURES, Approval, DeliveryState, Failure, Run, Slot, SlotState
from newsletter.errors import Act, NewsletterError, Remedy, StoreError
from newsletter.publishing.approving import Voided, judgement_on, since_approval
from newsletter.publishing.issue_names import SUFFIXES
from newsletter.publishing.issues import publication_path, read_issue
from newsletter.publishing.letting_out import Refusal, clear_new
from newsletter.publishing.publication import Books
from newsletter.publishing.ready import Ready, dated_in_books, make_ready
from newsletter.publishing.segments import segment_in_books
from newsletter.schedule import Judgement

_LEFT_OUT = (DeliveryState.SUPPRESSED, DeliveryState.CANCELLED)


@dataclass(frozen=True, kw_only=True, slots=True)
class ApprovalStanding:
    """What the approvals of an issue are worth for its bytes as they are now.

    `held` are the approvals, the newest first, each with whether it still holds; those that were
    taken back do not.
    """

    held: Sequence[tuple[Approval, bool]]
    judgement: Judgement
    voided: Voided | None


@dataclass(frozen=True, kw_only=True, slots=True)
class IssueStanding:
    """An issue that was not sent, by its file as it is now.

    `fault` is why it cannot be read or rendered; `approvals` is None where there is no telling.
    `path` is the file, as the publication names it.
    """

    path: str
    has_errors: bool = False
    fault: NewsletterError | None = None
    approvals: ApprovalStanding | None = None


def approvals_of(ready: Ready, books: Books) -> ApprovalStanding:
    judgement = judgement_on(ready, books)
    given = books.database.approvals.of(ready.issue.name)
    voided = since_approval(judgement.voided, ready) if judgement.voided else None
    return ApprovalStanding(
        held=[(approval, _holds(approval, ready)) for approval in given],
        judgement=judgement,
        voided=voided,
    )


def _holds(approval: Approval, ready: Ready) -> bool:
    return approval.digest == ready.digest and approval.withdrawn_at is None


def issue_standing(name: str, path: Path, slot: Slot | None, books: Books) -> IssueStanding:
    """`path` is the issue's file, or no more than its name: then the books say where it was."""
    file = path if path.suffix in SUFFIXES else _file_of(name, slot, books)
    shown = publication_path(file, books.settings.folder)
    try:
        issue = read_issue(file, books.settings.house)
        segment = segment_in_books(issue.name, None, books)
        issue = dated_in_books(issue, books, None)
        ready = make_ready(issue, books.publication, segment=segment)
    except NewsletterError as error:
        return IssueStanding(path=shown, fault=error)
    if not isinstance(ready, Ready):
        return IssueStanding(path=shown, has_errors=True)
    approvals = approvals_of(ready, books)
    return IssueStanding(path=shown, has_errors=ready.has_errors, approvals=approvals)


def slot_standing(slot: Slot, books: Books) -> Judgement | Refusal | None:
    """What would become of an issue in its slot now; None where it is not to come any more."""
    if slot.state is not SlotState.SCHEDULED:
        return None
    found = clear_new(slot, books)
    return found if isinstance(found, Refusal) else judgement_on(found, books)


def check_known(name: str, books: Books) -> None:
    """Raises StoreError for an issue that the books know nothing of."""
    database = books.database
    if not (database.runs.find(name) or database.slots.find(name) or database.approvals.of(name)):
        raise StoreError(
            "this issue has never been sent, scheduled or approved",
            where=name,
            remedy=Remedy(Act.SEE_STATUS),
        )


def without_it(issue: str, books: Books) -> Iterator[Failure]:
    """Everyone who does not have an issue: those whom somebody should look at, then those who
    never will.
    """
    for states in (FAILURES, _LEFT_OUT):
        yield from books.database.audiences.failures(issue, states, now=books.now())


def approvals_sent(run: Run, books: Books) -> Sequence[Approval]:
    """Who approved the bytes that were sent; who took it back only afterwards is among them."""
    given = books.database.approvals.of(run.corrects or run.issue)
    return [
        approval
        for approval in given
        if approval.digest == run.digest
        and (approval.withdrawn_at is None or approval.withdrawn_at >= run.started_at)
    ]


def _file_of(name: str, slot: Slot | None, books: Books) -> Path:
    """Where the issue was when it was scheduled, else when it was approved last."""
    folder = books.settings.folder
    if slot is not None:
        return folder / slot.path
    for approval in books.database.approvals.of(name):
        for each in approval.inputs:
            if Path(each).stem == name and Path(each).suffix in SUFFIXES:
                return folder / each
    return folder / "issues" / f"{name}.md"
