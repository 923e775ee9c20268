"""What a message says that came back: reports first, then forms, then answers, then guesses.

A report by the standards is believed before words are, and words of mail systems before those of
people. Any bytes give an understanding; what nothing is known of is `unknown`, for a person to see.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from newsletter.books import ReturnKind
from newsletter.bounces import arf, dsn, replies, ses
from newsletter.bounces.charsets import words_decoded
from newsletter.bounces.clues import clues_of, joined
from newsletter.bounces.forms import form_of, recipients_by_form
from newsletter.bounces.kinds import codes_in, kind_of, one_line, sure_kind
from newsletter.bounces.mime import read_message
from newsletter.bounces.named import named_by_the_copy
from newsletter.bounces.nearby import coded_lines
from newsletter.bounces.outline import Outline, outline_of
from newsletter.bounces.signs import shows
from newsletter.bounces.understanding import Clues, ReturnedRecipient, Understanding

_MOST_INNER = 3
_GRAVEST = (
    ReturnKind.COMPLAINT, ReturnKind.HARD, ReturnKind.BLOCKED, ReturnKind.SOFT, ReturnKind.UNKNOWN,
)  # fmt: skip
_BY_THE_COPY = "the recipient as the copy names it"


@dataclass(frozen=True, slots=True)
class _Told:
    kind: ReturnKind
    recipients: Sequence[ReturnedRecipient]
    how: str


def understand(raw: bytes, *, recipient: str = "") -> Understanding:
    """What `raw` says, whatever it is; `recipient` is whom the envelope named, where it is known.

    The same for all line ends, in time linear to the bytes, and never raising.
    """
    outline = outline_of(read_message(raw))
    notification = ses.notification_in(outline)
    if notification is not None:
        outline = replace(outline, copies=[*outline.copies, notification.fields])
    clues = clues_of(outline, recipient)
    if notification is not None:
        told = _Told(notification.kind, notification.recipients, "a notification of Amazon SES")
    else:
        told = _told(outline, clues)
    if _BY_THE_COPY in told.how or (told.kind is ReturnKind.UNKNOWN and not told.recipients):
        told, clues = _told_inside(outline, clues) or (told, clues)
    return Understanding(
        kind=told.kind,
        recipients=tuple(told.recipients),
        how=told.how,
        subject=one_line(words_decoded(outline.top.field("subject"))),
        clues=clues,
    )


def _told_inside(outline: Outline, clues: Clues) -> tuple[_Told, Clues] | None:
    """What a report says that somebody forwarded whole."""
    for part in outline.inner[:_MOST_INNER]:
        inner = outline_of(part)
        if inner.reports or inner.feedback or _is_from_a_mail_system(inner):
            of_inner = clues_of(inner, "")
            told = _told(inner, of_inner)
            if told.kind.is_bounce or told.kind is ReturnKind.COMPLAINT:
                return replace(told, how=f"{told.how}, forwarded"), joined(clues, of_inner)
    return None


def _told(outline: Outline, clues: Clues) -> _Told:
    return (
        _by_a_standard(outline)
        or _as_an_answer(outline, clues, certain=True)
        or _by_a_form(outline)
        or _as_an_answer(outline, clues, certain=False)
        or _as_a_guess(outline)
        or _Told(ReturnKind.UNKNOWN, (), "")
    )


def _by_a_standard(outline: Outline) -> _Told | None:
    complaint = arf.complaint_in(outline)
    if complaint is not None:
        return _Told(*complaint)
    found = [] if _is_a_persons_answer(outline) else dsn.recipients_in(outline)
    if not found:
        return None
    how = "RFC 6533" if outline.is_international else "RFC 3464"
    if not any(each.address for each in found):
        named = named_by_the_copy(outline)
        if named and len(found) == 1:
            return _Told(
                found[0].kind, [replace(found[0], address=named)], f"{how}, {_BY_THE_COPY}"
            )
    return _Told(_gravest(found), found, how)


def _as_an_answer(outline: Outline, clues: Clues, *, certain: bool) -> _Told | None:
    """`certain` are those that no mail system writes about a failure.

    Programs that unsubscribe for their readers say that they are automatic, so that is asked first.
    """
    if certain and _is_from_a_mail_system(outline):
        return None
    if outline.receipts:
        return _Told(ReturnKind.AUTO_REPLY, (), "RFC 8098, a receipt")
    if replies.asked_tokens(outline):
        return _Told(ReturnKind.UNSUBSCRIBE, (), "a request with a token")
    if replies.asks_to_leave(outline):
        return _Told(ReturnKind.UNSUBSCRIBE, (), "a request")
    if replies.is_challenge(outline):
        return _Told(ReturnKind.CHALLENGE, (), "a challenge")
    if replies.is_away(outline):
        return _Told(ReturnKind.AUTO_REPLY, (), "its subject")
    if replies.is_automatic(outline):
        return _Told(ReturnKind.AUTO_REPLY, (), "RFC 3834")
    return None if certain else _perhaps_an_answer(outline, clues)


def _perhaps_an_answer(outline: Outline, clues: Clues) -> _Told | None:
    if replies.reads_as_away(outline):
        return _Told(ReturnKind.AUTO_REPLY, (), "its words")
    if replies.came_to_leave(clues.addressed_to) and not _is_from_a_mail_system(outline):
        return _Told(ReturnKind.UNSUBSCRIBE, (), "a request, by its address")
    return None


def _by_a_form(outline: Outline) -> _Told | None:
    is_of_a_system = _is_from_a_mail_system(outline)
    if is_of_a_system and shows("delivered", "subjects", words_decoded(_subject(outline))):
        return _Told(ReturnKind.UNKNOWN, (), "words of a delivery")
    form = form_of(outline, from_a_system=is_of_a_system)
    if not is_of_a_system and form is None:
        return None
    found = recipients_by_form(outline, form)
    if form is None and _may_be_a_person(outline) and not _tells_of_a_failure(outline):
        return None
    how = form.name if form else "words of a mail system"
    if found:
        return _Told(_gravest(found), found, how)
    if not is_of_a_system:
        return None
    told = coded_lines(outline.words) or outline.words[:1200]
    code, enhanced_code = codes_in(told)
    named = named_by_the_copy(outline)
    kind = form.kind if form and form.kind else kind_of(told, code, enhanced_code)
    if not (named or outline.copies or form or kind is ReturnKind.HARD):
        return None
    alone = ReturnedRecipient(
        address=named, kind=kind, code=code, enhanced_code=enhanced_code, reason=one_line(told)
    )
    return _Told(kind, [alone], f"{how}, {_BY_THE_COPY}" if named else how)


def _may_be_a_person(outline: Outline) -> bool:
    """A postmaster may be one, and on holiday."""
    author = words_decoded(" ".join(outline.top.every("from", "sender")))[:2000]
    is_machine = "daemon" in author.lower() or not shows("system", "persons", author)
    return not is_machine and replies.is_automatic(outline)


def _tells_of_a_failure(outline: Outline) -> bool:
    subject, words = words_decoded(_subject(outline)), outline.words[:4000]
    if shows("system", "subjects", subject) or shows("system", "words", words):
        return True
    is_reported = bool(outline.reports) or bool(outline.top.field("x-failed-recipients"))
    return is_reported or sure_kind(words, *codes_in(words)) is not None


def _as_a_guess(outline: Outline) -> _Told | None:
    """No form, no known author: a null reverse-path (RFC 5321, 4.5.5) and words of a failure."""
    is_null = any(value.strip() == "<>" for value in outline.top.every("return-path"))
    if not is_null or not shows("system", "words", outline.words[:4000]):
        return None
    found = recipients_by_form(outline, None)
    return _Told(_gravest(found), found, "words of a failure") if found else None


def _is_from_a_mail_system(outline: Outline) -> bool:
    """By its author, by what it reports, or by its subject where it is nobody's answer."""
    top = outline.top
    author = words_decoded(" ".join(top.every("from", "sender")))[:2000]
    if shows("system", "senders", author) or top.field("x-failed-recipients"):
        return not replies.is_away(outline)
    if top.content_type == "multipart/report" and not (outline.receipts or outline.feedback):
        return True
    subject = words_decoded(_subject(outline))
    is_an_answer = replies.is_automatic_answer(outline) or _is_a_persons_answer(outline)
    return shows("system", "subjects", subject) and not is_an_answer


def _subject(outline: Outline) -> str:
    return outline.top.field("subject")[:2000]


def _is_a_persons_answer(outline: Outline) -> bool:
    """Whether somebody wrote back, whatever they quote: a bounce answers in nobody's name."""
    top = outline.top
    author = words_decoded(" ".join(top.every("from", "sender")))[:2000]
    is_a_report = top.content_type == "multipart/report" or outline.has_status_part
    is_a_report = is_a_report or bool(top.field("x-failed-recipients"))
    is_null = any(value.strip() == "<>" for value in top.every("return-path"))
    if is_a_report or is_null or shows("system", "senders", author):
        return False
    return replies.is_a_reply(outline) and not replies.is_automatic(outline)


def _gravest(found: Sequence[ReturnedRecipient]) -> ReturnKind:
    kinds = {each.kind for each in found}
    return next((kind for kind in _GRAVEST if kind in kinds), ReturnKind.UNKNOWN)
