"""Approvals: a named person's yes to exactly the bytes that would go out, and what it is worth."""

from collections.abc import Sequence
from dataclasses import dataclass

from newsletter.books import Approval, Withdrawal
from newsletter.errors import Act, NewsletterError, NotApprovedError, Remedy, StoreError
from newsletter.publishing.changes import Difference, difference
from newsletter.publishing.dating import issue_date
from newsletter.publishing.digest import issue_inputs
from newsletter.publishing.publication import Books
from newsletter.publishing.ready import Ready
from newsletter.schedule import Judgement, changed_inputs, is_same_person, judge


@dataclass(frozen=True, kw_only=True, slots=True)
class Voided:
    """An approval of other bytes: which files and settings have changed since, and the text.

    `segment` is whom it goes to now.
    """

    approval: Approval
    segment: str
    changed: Sequence[str]
    difference: Difference


def judgement_on(ready: Ready, books: Books) -> Judgement:
    """Whether these bytes may go out; a correction's approvals are kept with the issue's."""
    given = books.database.approvals.of(ready.issue.name)
    return judge(given, ready.digest, ready.settings.approval)


def approvers(ready: Ready, books: Books) -> Sequence[str]:
    """The people by whose approvals it may begin. Raises NotApprovedError where it may not."""
    judgement = judgement_on(ready, books)
    if not judgement.is_given:
        raise NotApprovedError(
            f"it is not approved, {judgement.reason}",
            where=ready.name,
            remedy=Remedy(Act.APPROVE, ready.issue.path),
        )
    return judgement.names


def approve(ready: Ready, books: Books, *, override_reason: str | None = None) -> None:
    """Record the yes of whoever has the books, with the text and the digest of all that went in.

    Raises NewsletterError for the issue's own author, where the rule forbids it, unless it is an
    override with its reason.
    """
    if override_reason is None:
        _check_author(ready, books.by)
    books.database.approvals.add(
        Approval(
            issue=ready.issue.name,
            digest=ready.digest,
            approved_by=books.by,
            approved_at=books.now(),
            author=ready.issue.author or None,
            override_reason=override_reason,
            subject=ready.rendered.subject,
            text=ready.rendered.text,
            inputs=_inputs(ready),
            segment=ready.segment,
        )
    )


def withdraw(issue: str, books: Books, *, because: str = "") -> Withdrawal:
    """Take back every approval of the issue by whoever has the books, whichever text it was of.

    From then on nothing begins by them; what has begun goes on. Raises StoreError where there is
    none of theirs.
    """
    given = [each for each in books.database.approvals.of(issue) if each.withdrawn_at is None]
    names = {each.approved_by for each in given if is_same_person(each.approved_by, books.by)}
    done = books.database.approvals.withdraw(issue, sorted(names), books.now(), because)
    if not done.approvals:
        others = " and ".join(dict.fromkeys(each.approved_by for each in given))
        by = f"it is approved by {others}" if others else "nobody has approved it"
        raise StoreError(
            f"there is no approval by {books.by} to withdraw: {by}",
            where=issue,
            next_step="give the name that approved it" if others else "",
            remedy=None if others else Remedy(Act.SEE_STATUS, issue),
        )
    return done


def is_author_unknown(ready: Ready) -> bool:
    """Whether the rule wants another person than the author, and the issue names none."""
    return not (ready.settings.approval.author_may_approve or ready.issue.author)


def since_approval(approval: Approval, ready: Ready) -> Voided:
    """What has changed since somebody approved other bytes than these."""
    is_correction = ready.name != ready.issue.name  # which goes to whom the issue went to
    return Voided(
        approval=approval,
        segment=approval.segment if is_correction else ready.segment,
        changed=changed_inputs(approval, _inputs(ready)),
        difference=difference(approval.subject, approval.text, ready.rendered),
    )


def _inputs(ready: Ready) -> dict[str, str]:
    day = issue_date(ready.issue, ready.settings, ready.moment)
    return dict(
        issue_inputs(ready.issue, ready.settings, day, ready.rendered.pictures, ready.segment)
    )


def may_approve(ready: Ready, name: str) -> bool:
    """Whether the rule lets somebody approve it; not its own author, unless it says so."""
    author = ready.issue.author
    if ready.settings.approval.author_may_approve or not author:
        return True
    return not is_same_person(author, name)


def _check_author(ready: Ready, name: str) -> None:
    if not may_approve(ready, name):
        raise NewsletterError(
            f"{name} wrote it, and authors may not approve their own issue",
            where=ready.issue.path,
            next_step="ask somebody else, or override the rule with a reason",
        )
