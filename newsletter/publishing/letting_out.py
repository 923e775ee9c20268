"""Whether an issue may be let out at its slot: everything that is looked at before the claim.

The file is read, checked, rendered and compared with its approvals anew; what is wrong comes back
as a refusal. Nothing is written here, so that what is mended in time is sent in time.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from newsletter.books import Run, Slot, minute, segment_words
from newsletter.check import FORMATS
from newsletter.errors import Act, NewsletterError, Remedy, StoreError
from newsletter.publishing.approving import Voided, judgement_on, since_approval
from newsletter.publishing.changes import since_run
from newsletter.publishing.dating import dated
from newsletter.publishing.issues import read_issue
from newsletter.publishing.publication import Books
from newsletter.publishing.ready import Ready, Unready, errors_of, make_ready
from newsletter.publishing.segments import segment_of


@dataclass(frozen=True, kw_only=True, slots=True)
class Refusal:
    """Why an issue is not let out at its slot.

    `lines` are the particulars, `step` what to do in plain words, and `remedies` the acts that
    mend it, any of them.
    """

    reason: str
    lines: Sequence[str] = ()
    step: str = ""
    remedies: Sequence[Remedy] = ()


def clear_new(slot: Slot, books: Books) -> Ready | Refusal:
    """For an issue without a run: it must be sound, approved, and for somebody."""
    ready = _clear(slot, books, books.publication.this_second(), slot.segment)
    if isinstance(ready, Refusal):
        return ready
    judgement = judgement_on(ready, books)
    if not judgement.is_given:
        voided = since_approval(judgement.voided, ready) if judgement.voided else None
        return Refusal(
            reason=f"it is not approved, {judgement.reason}",
            lines=voided_lines(voided) if voided else (),
            step="Approve it",
            remedies=(Remedy(Act.APPROVE, slot.path),),
        )
    segment = segment_of(slot.segment)
    if not books.database.subscribers.audience_counts(books.now(), segment).owed:
        return _nobody(slot)
    return ready


def clear_begun(slot: Slot, run: Run, books: Books) -> Ready | Refusal:
    """For a run that is under way: it must be the very bytes that it was begun with."""
    ready = _clear(slot, books, run.message_date, run.segment)
    if isinstance(ready, Refusal) or ready.digest == run.digest:
        return ready
    return Refusal(
        reason="it has changed since its run began",
        lines=since_run(books, run, ready.rendered).words(),
        step=f"Put {slot.path} back as it was, or end the run",
        remedies=(Remedy(Act.CANCEL, slot.issue),),
    )


def voided_lines(voided: Voided) -> list[str]:
    """Which file or setting has changed since, and the first lines of the text's difference."""
    approval, changed = voided.approval, ", ".join(voided.changed)
    since = f"{approval.approved_by} approved it ({minute(approval.approved_at)})"
    first = f"Changed since {since}: {changed or 'nothing we can name'}"
    if voided.segment != approval.segment:
        before, after = segment_words(approval.segment), segment_words(voided.segment)
        first += f" (it was for {before}, and is for {after})"
    return [first, *(f"  {line}" for line in voided.difference.words())]


def _nobody(slot: Slot) -> Refusal:
    if slot.segment:
        return Refusal(
            reason=f"there is nobody in {segment_words(slot.segment)} to send it to",
            step="Move it, for another segment",
            remedies=(Remedy(Act.UNSCHEDULE, slot.issue),),
        )
    return Refusal(
        reason="there is nobody to send it to",
        step="Import subscribers",
        remedies=(Remedy(Act.IMPORT_SUBSCRIBERS),),
    )


def _clear(slot: Slot, books: Books, moment: datetime, segment: str) -> Ready | Refusal:
    """Errors of the store are not the issue's, and are raised."""
    publication = books.publication
    try:
        path = books.settings.folder / slot.path
        issue = read_issue(path, books.settings.house)
        if issue.date is not None and issue.date != slot.local_date:
            return Refusal(
                reason=f"the issue is dated {issue.date}, and its slot is on {slot.local_date}",
                step="Correct the date, or move the issue",
                remedies=(Remedy(Act.UNSCHEDULE, slot.issue),),
            )
        issue = dated(issue, slot.local_date)
        ready = make_ready(issue, publication, moment=moment, segment=segment)
        if errors := errors_of(ready.diagnostics):
            return Refusal(
                reason="the check has errors",
                lines=FORMATS["text"](errors).splitlines(),
                step="Mend it",
                remedies=(Remedy(Act.CHECK, slot.path),),
            )
        assert not isinstance(ready, Unready)  # which has errors
        publication.open_transport()  # one that cannot be opened is a reason too
        return ready
    except StoreError:
        raise
    except NewsletterError as error:
        return Refusal(
            reason=str(error),
            lines=error.faults,
            remedies=(error.remedy,) if error.remedy else (),
        )
