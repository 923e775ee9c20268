"""Approvals: a named person's yes to exactly the bytes that would go out, and what it is worth."""

from collections.abc import Sequence
from dataclasses import dataclass

from newsletter.books import Approval
from newsletter.errors import NewsletterError
from newsletter.publishing.changes import Difference, difference
from newsletter.publishing.dating import issue_date
from newsletter.publishing.digest import issue_inputs
from newsletter.publishing.publication import Books
from newsletter.publishing.ready import Ready
from newsletter.schedule import Judgement, changed_inputs, is_same_person, judge


@dataclass(frozen=True, kw_only=True, slots=True)
class Voided:
    """An approval of other bytes: which files and settings have changed since, and the text."""

    approval: Approval
    changed: Sequence[str]
    difference: Difference


def judgement_on(ready: Ready, books: Books) -> Judgement:
    """Whether these bytes may go out; a correction's approvals are kept with the issue's."""
    given = books.database.approvals.of(ready.issue.name)
    return judge(given, ready.digest, ready.settings.approval)


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
        )
    )


def is_author_unknown(ready: Ready) -> bool:
    """Whether the rule wants another person than the author, and the issue names none."""
    return not (ready.settings.approval.author_may_approve or ready.issue.author)


def since_approval(approval: Approval, ready: Ready) -> Voided:
    """What has changed since somebody approved other bytes than these."""
    return Voided(
        approval=approval,
        changed=changed_inputs(approval, _inputs(ready)),
        difference=difference(approval.subject, approval.text, ready.rendered),
    )


def _inputs(ready: Ready) -> dict[str, str]:
    day = issue_date(ready.issue, ready.settings, ready.moment)
    return dict(issue_inputs(ready.issue, ready.settings, day))


def _check_author(ready: Ready, name: str) -> None:
    author = ready.issue.author
    if ready.settings.approval.author_may_approve or not author:
        return
    if is_same_person(author, name):
        raise NewsletterError(
            f"{name} wrote it, and authors may not approve their own issue",
            where=ready.issue.path,
            next_step="ask somebody else, or override the rule with a reason",
        )
