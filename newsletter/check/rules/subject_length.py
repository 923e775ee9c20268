"""A short subject says little; what is long is cut by most inboxes, on telephones first."""

from collections.abc import Iterator

from newsletter.check.diagnostic import Finding, Severity
from newsletter.check.inbox_lines import subject_of
from newsletter.check.rule import Context, Rule
from newsletter.issue import Issue


def check(issue: Issue, context: Context) -> Iterator[Finding]:
    """Beyond the most that inboxes show, subject-too-long speaks."""
    subject, lengths = subject_of(issue), context.house.lengths
    least, most = lengths.subject
    if subject and issue.stories and not least <= len(subject.text) <= most:
        length = len(subject.text)
        if length <= lengths.subject_most:
            message = f"the subject has {length} characters; {least} to {most} are good"
            yield Finding(span=subject.span, message=message, hint=subject.hint)


RULE = Rule(
    code="M001",
    slug="subject-length",
    summary="A subject has a good length.",
    severity=Severity.INFO,
    check=check,
)
