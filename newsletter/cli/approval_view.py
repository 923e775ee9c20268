"""Approvals on the terminal: what they are worth, which still hold, and what voided the others."""

from collections.abc import Iterator

from newsletter.books import Approval, minute, segment_words
from newsletter.cli.console import bad, faint, good, warning
from newsletter.publishing.letting_out import voided_lines
from newsletter.publishing.standing import ApprovalStanding
from newsletter.schedule import Judgement


def judgement_line(judgement: Judgement) -> str:
    return good(judgement.reason) if judgement.is_given else warning(judgement.reason)


def approval_lines(standing: ApprovalStanding) -> Iterator[str]:
    """Each approval, and whether it still holds; of the newest that does not, what has changed."""
    for approval, holds in standing.held:
        yield f"  {_word(approval, holds=holds)}  {_by(approval)}"
    yield f"  {judgement_line(standing.judgement)}"
    if standing.voided is not None:
        yield from (f"  {line}" for line in voided_lines(standing.voided))


def _word(approval: Approval, *, holds: bool) -> str:
    if approval.withdrawn_at is not None:
        return warning("withdrawn")
    return good("holds") if holds else bad("void")


def _by(approval: Approval) -> str:
    digest = faint(f"digest {approval.digest[:12]}")
    override = f", overriding: {approval.override_reason}" if approval.override_reason else ""
    to = f", for {segment_words(approval.segment)}" if approval.segment else ""
    gone = _withdrawal(approval)
    return f"{approval.approved_by}, {minute(approval.approved_at)}  {digest}{to}{override}{gone}"


def _withdrawal(approval: Approval) -> str:
    if approval.withdrawn_at is None:
        return ""
    because = f": {approval.withdrawn_because}" if approval.withdrawn_because else ""
    return f", taken back {minute(approval.withdrawn_at)}{because}"
