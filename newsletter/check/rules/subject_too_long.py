"""Beyond a line's length a subject is cut in every inbox, and the end of it read by nobody."""

from collections.abc import Iterator

from newsletter.check.diagnostic import Finding, Severity
from newsletter.check.inbox_lines import subject_of
from newsletter.check.rule import Context, Rule
from newsletter.issue import Issue


def check(issue: Issue, context: Context) -> Iterator[Finding]:
    subject, most = subject_of(issue), context.house.lengths.subject_most
    if subject and issue.stories and len(subject.text) > most:
        message = f"the subject has {len(subject.text)} characters; more than {most} are cut"
        yield Finding(span=subject.span, message=message, hint=subject.hint or "shorten it")


RULE = Rule(
    code="M002",
    slug="subject-too-long",
    summary="A subject is not cut by inboxes.",
    severity=Severity.WARNING,
    check=check,
)
