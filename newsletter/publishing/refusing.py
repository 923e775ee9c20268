"""Who was refused for good in a run is not tried again with the next issue.

A relay that says at RCPT that there is no such mailbox says what a bounce would have said later. It
is the same rule, at the end of the run and once: where more are refused so than a list can have
gone bad by itself, it is the relay or the list that is at fault, and a person has to look.
"""

from newsletter.books import DeliveryState, Failure, ReturnKind, Run
from newsletter.bounces import kind_of
from newsletter.publishing.bouncing import BY_BOUNCES
from newsletter.publishing.publication import Books
from newsletter.subscribers import SuppressionKind

FEW = 20
"""People refused in one run that are never too many."""

SHARE = 0.1
"""Of a run's people: where more than this are refused as unknown, nobody is suppressed by it."""


def suppress_refused(run: Run, books: Books) -> int:
    """How many are suppressed by it now; once a run, whoever asks. Raises StoreError."""
    notices, key = books.database.notices, f"refused {run.issue} {run.finished_at}"
    if books.settings.bounces.rules.hard_issues > 1 or not notices.begin(key, books.now()):
        return 0
    gone = [
        failure
        for failure in books.database.audiences.failures(run.issue, [DeliveryState.REFUSED])
        if is_gone(failure)
    ]
    most = max(FEW, int(SHARE * run.frozen))
    suppressed = 0 if len(gone) > most else sum(_suppress(each, books) for each in gone)
    notices.end(key, books.now())
    return suppressed


def is_gone(failure: Failure) -> bool:
    """Whether the relay has said that there is no such mailbox, by the rule for what comes back."""
    words, code, enhanced = failure.reply_text, failure.reply_code, failure.enhanced_code
    return kind_of(words, code, enhanced) is ReturnKind.HARD


def _suppress(failure: Failure, books: Books) -> bool:
    said = (failure.reply_code, failure.enhanced_code, failure.reply_text)
    reason = f"refused: {' '.join(str(each) for each in said if each)}"
    key, now = failure.recipient.key, books.now()
    suppressions, kind = books.database.suppressions, SuppressionKind.BOUNCE
    return suppressions.add(key, reason, now, kind=kind, by=BY_BOUNCES)
