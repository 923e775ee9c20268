"""Acts on exactly what somebody has before them: the text at their desk, the message they saw.

Where the issue's file or its message is another by now, nothing is done. The acts themselves, and
who may do them, are those of `approving`, `scheduling` and `testing`.
"""

from datetime import date, time
from pathlib import Path

from newsletter.check import HouseFormat
from newsletter.errors import ChangedElsewhereError, NewsletterError
from newsletter.issue import Issue
from newsletter.publishing import approving, scheduling
from newsletter.publishing.correcting import ready_to_approve
from newsletter.publishing.drafts import as_written
from newsletter.publishing.issues import read_issue
from newsletter.publishing.publication import Books, Publication
from newsletter.publishing.ready import Ready, Unready, make_ready
from newsletter.publishing.scheduling import Scheduled
from newsletter.publishing.testing import TEST_MARK
from newsletter.subscribers import Segment


def read_exactly(path: Path, text: str, house: HouseFormat) -> Issue:
    """The issue of a file, read once. `text` has LF at its line ends, as an editor's has.

    Raises ChangedElsewhereError where the file has another text, IssueFileError.
    """
    issue = read_issue(path, house)
    if as_written(issue.source.text) != text:
        raise ChangedElsewhereError("this was changed by another program", where=str(path))
    return issue


def approve(
    path: Path, text: str, digest: str, books: Books, *, override_reason: str | None = None
) -> Ready:
    """A yes to the message with this digest, and to no other.

    Raises as `read_exactly` and `approving.approve`; NewsletterError for an issue with errors, or
    one whose templates, settings or pictures have changed meanwhile.
    """
    issue = read_exactly(path, text, books.settings.house)
    made, _ = ready_to_approve(issue, books)
    ready = _sound(made, "it is not approved", issue)
    if ready.digest != digest:
        raise NewsletterError(
            "the message has changed since you looked at it",
            where=issue.path,
            next_step="look at it again",
        )
    approving.approve(ready, books, override_reason=override_reason)
    return ready


def schedule(
    path: Path, text: str, at: tuple[date, time], books: Books, segment: Segment | None
) -> Scheduled:
    """Raises as `read_exactly` and `scheduling.schedule`; NewsletterError for errors in it."""
    issue = read_exactly(path, text, books.settings.house)
    found = scheduling.schedule(path, at, books, segment)
    if isinstance(found, Scheduled):
        return found
    raise _erroneous("it is not scheduled", issue)


def ready_for_tests(path: Path, text: str, publication: Publication) -> Ready:
    """The message of a test, which goes out even with errors in the check.

    Raises as `read_exactly`; NewsletterError for an issue that cannot be rendered at all.
    """
    issue = read_exactly(path, text, publication.settings.house)
    made = make_ready(issue, publication, mark=TEST_MARK)
    if isinstance(made, Ready):
        return made
    raise _erroneous("nothing was sent", issue)


def _sound(made: Ready | Unready, undone: str, issue: Issue) -> Ready:
    if isinstance(made, Unready) or made.has_errors:
        raise _erroneous(undone, issue)
    return made


def _erroneous(undone: str, issue: Issue) -> NewsletterError:
    return NewsletterError(f"{undone}: the check has errors", where=issue.path)
