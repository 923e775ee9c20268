"""Delivery status notifications: RFC 3464 and its international kin, RFC 6533, field by field.

What is missing is sought in the words beside it. A delay is not a failure, and what was delivered,
relayed or expanded is no bounce. Of what kind a failure is, `kinds` says.
"""

import re
from collections.abc import Iterator, Sequence

from newsletter.books import ReturnKind
from newsletter.bounces.delays import is_of_a_delay
from newsletter.bounces.kinds import codes_in, is_doubted, kind_of, one_line, sure_kind
from newsletter.bounces.mime import Fields, read_fields
from newsletter.bounces.named import named_in
from newsletter.bounces.naming import recipient_named
from newsletter.bounces.nearby import is_after_content, rest_of_line, words_about
from newsletter.bounces.outline import Outline
from newsletter.bounces.statuses import words_for
from newsletter.bounces.understanding import ReturnedRecipient

MOST_RECIPIENTS = 200
_RECIPIENT = (
    "final-recipient", "original-recipient", "x-actual-recipient", "x-original-recipient",
    "x-failed-recipient", "recipient",
)  # fmt: skip
_OF_ONE = frozenset({*_RECIPIENT, "action", "status", "diagnostic-code"})
_STARTS = ("final-recipient", "original-recipient")
_NO_BOUNCE = frozenset({"delivered", "relayed", "expanded", "deliverable", "delivery"})
_TYPED = re.compile(r"^\s*[\w.-]{1,40}\s*;\s*")
_STATUS = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d])")


def recipients_in(outline: Outline) -> list[ReturnedRecipient]:
    """One a group of fields that tells of a recipient, in the order of the report."""
    groups = [group for text in outline.reports for group in _groups(text)]
    told = [group for group in groups if _is_of_a_recipient(group)]
    goes_on = is_of_a_delay(outline)
    return [
        _recipient(group, outline, many=len(told), goes_on=goes_on)
        for group in told[:MOST_RECIPIENTS]
    ]


def _groups(text: str) -> Iterator[Fields]:
    """Groups as blank lines part them, or as the recipient's name begins one anew."""
    rest, looked = text.lstrip("\n"), 0
    while rest.strip() and looked < 4 * MOST_RECIPIENTS:
        looked += 1
        fields, following = read_fields(rest)
        yield from _parted(fields)
        if len(following) >= len(rest):
            following = rest.partition("\n")[2]
        elif not fields:
            following = following.partition("\n")[2]
        rest = following.lstrip("\n \t")


def _parted(fields: Fields) -> Iterator[Fields]:
    group: list[tuple[str, str]] = []
    names: set[str] = set()
    for name, value in fields:
        if name in _STARTS and name in names:
            yield group
            group, names = [], set()
        group.append((name, value))
        names.add(name)
    if group:
        yield group


def _is_of_a_recipient(group: Fields) -> bool:
    names = {name for name, _ in group}
    is_named = bool(names & {"final-recipient", "original-recipient", "x-actual-recipient"})
    return is_named or len(names & _OF_ONE) >= 2


def _recipient(group: Fields, outline: Outline, *, many: int, goes_on: bool) -> ReturnedRecipient:
    address = _address(group) or (_elsewhere(outline) if many == 1 else "")
    diagnostic = _diagnostic(group)
    beside = words_about(outline.words, address, alone=many == 1)
    code, enhanced_code = codes_in(diagnostic)
    status = _status(group)
    if code is None and not enhanced_code:
        code, enhanced_code = _fitting(codes_in(beside), status)
    enhanced_code = _better(enhanced_code, status, code)
    action = _value(group, "action").partition("(")[0].strip().lower()
    is_delay = not status.startswith("5") and goes_on
    is_final = action == "failed" or (action != "delayed" and not is_delay)
    kind = kind_of(diagnostic, code, enhanced_code, beside=beside)
    told_where = f"{diagnostic} {beside if many > 1 else outline.words}"
    if kind is ReturnKind.HARD and is_doubted(told_where) and is_after_content(told_where):
        kind = ReturnKind.SOFT
    if action in _NO_BOUNCE or (not action and status.startswith("2")):
        kind, is_final = ReturnKind.UNKNOWN, False
    elif not is_final:
        kind = ReturnKind.SOFT
    return ReturnedRecipient(
        address=address or _unqualified(group),
        kind=kind,
        code=code,
        enhanced_code=enhanced_code,
        reason=one_line(diagnostic or _said(beside, outline.words, address, enhanced_code)),
        is_final=is_final,
    )


def _said(beside: str, words: str, address: str, enhanced_code: str) -> str:
    """Why, where the report has no words: those beside it if they tell, else the code's."""
    if codes_in(beside) != (None, "") or sure_kind(beside) is not None:
        return beside
    return rest_of_line(words, address) or words_for(enhanced_code) or beside


def _address(group: Fields) -> str:
    """The final recipient, unless its domain means nothing outside and the original one's does."""
    found = [recipient_named(value) for value in _values(group, *_RECIPIENT)]
    named = [each for each in found if each]
    whole = [each for each in named if "." in each.rpartition("@")[2]]
    return next(iter(whole or named), "")


def _elsewhere(outline: Outline) -> str:
    named = named_in(outline, outline.words[:20_000], None)
    return named[0].address if len(named) == 1 else ""


def _unqualified(group: Fields) -> str:
    """A mailbox without a domain, as a server names one of its own."""
    for value in _values(group, *_RECIPIENT):
        bare = value.partition(";")[2].strip(" <>\"'") or value.strip(" <>\"'")
        if (
            bare
            and len(bare) <= 254
            and "@" not in bare
            and recipient_named(value) == ""
            and bare.isprintable()
        ):
            return bare
    return ""


def _diagnostic(group: Fields) -> str:
    """The other server's words, of several fields the one that says most."""
    values = [_TYPED.sub("", value) for value in _values(group, "diagnostic-code") if value]
    values += _values(group, "x-notes-error-message", "x-diagnostic", "x-error")
    coded = [value for value in values if codes_in(value) != (None, "")]
    words = next(iter(coded or values), "")
    comment = _value(group, "status").partition("(")[2].rstrip(") ")
    return words or comment


def _status(group: Fields) -> str:
    match = _STATUS.search(_value(group, "status"))
    return match[1] if match else ""


def _fitting(codes: tuple[int | None, str], status: str) -> tuple[int | None, str]:
    """Codes from the words beside, unless they are of another class than the report's status."""
    code, enhanced_code = codes
    if status and code is not None and str(code)[0] != status[0]:
        return None, ""
    return code, enhanced_code


def _better(told: str, status: str, code: int | None) -> str:
    """Of the server's own enhanced code and the report's status the one that says more."""
    for each in (told, status):
        if each and not each.endswith(".0.0") and (code is None or each[0] == str(code)[0]):
            return each
    return told or status


def _values(group: Fields, *names: str) -> Sequence[str]:
    return [value for name in names for each, value in group if each == name]


def _value(group: Fields, name: str) -> str:
    return next(iter(_values(group, name)), "")
