"""Feedback reports: RFC 5965, and what Yahoo, Microsoft and others send in its place.

That somebody took a message for spam, or wants no more. A report that it is none is no complaint,
nor is one about signatures (RFC 6591), which is told to the sender of a domain.
"""

import re

from newsletter.books import ReturnKind
from newsletter.bounces.charsets import words_decoded
from newsletter.bounces.kinds import one_line
from newsletter.bounces.mime import Fields, read_fields
from newsletter.bounces.naming import distinct, recipient_named
from newsletter.bounces.outline import Outline
from newsletter.bounces.understanding import ReturnedRecipient

_NO_COMPLAINT = frozenset({"not-spam", "auth-failure", "dmarc", "auth-failure-report"})
_RECIPIENT = ("original-rcpt-to", "removal-recipient", "original-recipient", "x-original-to")
_OF_THE_COPY = ("x-hmxmroriginalrecipient", "x-original-to", "delivered-to", "x-rcpt-to", "to")
_WITHOUT_REPORT = re.compile(
    r"^(?:complaint about message from|(?:fw: )?abuse report|email feedback report for"
    r"|e-?mail abuse|\[spamcop|spam (?:complaint|report)|feedback[- ]report|jmrp)",
    re.IGNORECASE,
)
_FROM_LOOP = re.compile(
    r"(?:staff@hotmail|scomp@aol|fbl|feedback|complaints?|abuse-?(?:reply|report)|spamreport|spamcop)",
    re.IGNORECASE,
)


def complaint_in(outline: Outline) -> tuple[ReturnKind, list[ReturnedRecipient], str] | None:
    """The kind, whom it names and how it is known; None where it is no feedback report."""
    for text in outline.feedback:
        fields = read_fields(text.lstrip("\n").replace("\n\n", "\n"))[0]
        kind = _value(fields, "feedback-type").partition(";")[0].strip().lower() or "abuse"
        return _told(kind, fields, outline, f"RFC 5965: {one_line(kind)[:40]}")
    subject = words_decoded(outline.top.field("subject"))
    author = words_decoded(outline.top.field("from"))
    if outline.copies and _WITHOUT_REPORT.match(subject) and _FROM_LOOP.search(author):
        return _told("abuse", (), outline, "feedback without a report")
    return None


def _told(
    kind: str, fields: Fields, outline: Outline, how: str
) -> tuple[ReturnKind, list[ReturnedRecipient], str]:
    of_whole = ReturnKind.UNKNOWN if kind in _NO_COMPLAINT else ReturnKind.COMPLAINT
    named = [recipient_named(value) for value in _values(fields, _RECIPIENT)]
    if not any(named):
        of_copy = [
            recipient_named(words_decoded(value))
            for copy in outline.copies[:1]
            for value in _values(copy, _OF_THE_COPY)
        ]
        named = [each for each in of_copy if each][:1]
        how += ", the recipient as the copy names it" if any(named) else ""
    reason = one_line(" ".join(_values(fields, ("feedback-type", "user-agent", "source-ip"))))
    return (
        of_whole,
        [ReturnedRecipient(address=each, kind=of_whole, reason=reason) for each in distinct(named)],
        how,
    )


def _values(fields: Fields, names: tuple[str, ...]) -> list[str]:
    return [value for name in names for each, value in fields if each == name]


def _value(fields: Fields, name: str) -> str:
    return next(iter(_values(fields, (name,))), "")
