"""Approvals as the commands show and record them: what they are worth for an issue as it is now."""

from collections.abc import Iterator

from newsletter import wiring
from newsletter.books import Approval
from newsletter.cli.changed_issue import difference_lines
from newsletter.cli.console import bad, faint, good, warning
from newsletter.cli.delivering import remember
from newsletter.cli.ready import Ready
from newsletter.clock import now
from newsletter.errors import NewsletterError
from newsletter.schedule import Verdict, changes, judge
from newsletter.store import Database

_MAX_NAME = 200


def verdict_on(ready: Ready, database: Database) -> Verdict[Approval]:
    """Whether these bytes may go out; a correction's approvals are kept with the issue's."""
    given = database.approvals.of(ready.issue.name)
    return judge(given, ready.digest, ready.settings.approval)


def approve(ready: Ready, database: Database, *, by: str, override_reason: str | None) -> None:
    """Record a yes to these bytes, with the text and the digest of all that went in."""
    day = wiring.issue_date(ready.issue, ready.settings, ready.moment)
    database.approvals.add(
        Approval(
            issue=ready.issue.name,
            digest=ready.digest,
            approved_by=by,
            approved_at=now(),
            author=ready.issue.author or None,
            override_reason=override_reason,
            subject=ready.rendered.subject,
            text=ready.rendered.text,
            inputs=wiring.issue_inputs(ready.issue, ready.settings, day),
        )
    )
    remember(database, ready.settings)


def verdict_line(verdict: Verdict[Approval]) -> str:
    if verdict.is_given:
        return good(verdict.reason)
    return warning(verdict.reason)


def approval_lines(ready: Ready, database: Database) -> Iterator[str]:
    """Each approval, and whether it still holds; of the newest that does not, what has changed."""
    verdict = verdict_on(ready, database)
    for approval in database.approvals.of(ready.issue.name):
        holds = approval.digest == ready.digest
        word = good("holds") if holds else bad("void")
        by = f"{approval.approved_by}, {approval.approved_at:%Y-%m-%d %H:%M} UTC"
        override = f", overriding: {approval.override_reason}" if approval.override_reason else ""
        yield f"  {word}  {by}  {faint(f'digest {approval.digest[:12]}')}{override}"
    yield f"  {verdict_line(verdict)}"
    if verdict.voided is not None:
        yield from voided_lines(verdict.voided, ready)


def voided_lines(approval: Approval, ready: Ready) -> Iterator[str]:
    """Which file or setting has changed since, and the first lines of the text's difference."""
    day = wiring.issue_date(ready.issue, ready.settings, ready.moment)
    inputs = wiring.issue_inputs(ready.issue, ready.settings, day)
    changed = changes(approval, inputs)
    since = f"since {approval.approved_by} approved it ({approval.approved_at:%Y-%m-%d %H:%M} UTC)"
    yield f"  Changed {since}: {', '.join(changed) or 'nothing that is known by name'}"
    for line in difference_lines(approval.subject, approval.text, ready.rendered):
        yield f"    {line}"


def person_said(name: str, *, option: str = "--by") -> str:
    """A person's name as it was given, on one line. Raises NewsletterError for none."""
    said = " ".join(name.split())
    if not said or len(said) > _MAX_NAME or not said.isprintable():
        raise NewsletterError(
            "this is no name", where=option, next_step=f'say who it is: {option} "Ada Lovelace"'
        )
    return said


def reason_said(*, force: bool, reason: str) -> str | None:
    """Why somebody goes against the rule; None where nobody does."""
    said = " ".join(reason.split())
    if force and not said:
        raise NewsletterError(
            "an override needs its reason", where="--force", next_step='add --reason "…"'
        )
    if said and not force:
        raise NewsletterError(
            "a reason is for an override", where="--reason", next_step="say --force as well"
        )
    return said if force else None


def is_same_person(one: str, other: str) -> bool:
    return " ".join(one.casefold().split()) == " ".join(other.casefold().split())
