"""What came back in the words of its pages: whose, of which kind, and what was made of it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from newsletter.books import Return, ReturnedMessage, ReturnEffect, ReturnKind
from newsletter.web.studio.words import clock_words

_LINES = 200
"""Of a message, as they are shown."""

_MADE: Mapping[ReturnEffect, str] = {
    ReturnEffect.SUPPRESSED: "suppressed",
    ReturnEffect.UNSUBSCRIBED: "unsubscribed",
    ReturnEffect.COUNTED: "counted",
    ReturnEffect.NOTED: "noted",
    ReturnEffect.REPEATED: "said before",
    ReturnEffect.SHOWN: "nothing",
}
_TOTALS: Mapping[ReturnEffect, str] = {
    ReturnEffect.SUPPRESSED: "suppressed somebody",
    ReturnEffect.UNSUBSCRIBED: "took somebody off the list",
    ReturnEffect.COUNTED: "counted against a mailbox that may yet work",
    ReturnEffect.SHOWN: "did nothing: nothing proves whose it is",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class ReturnedRow:
    """One recipient of one message. `who` in brackets is what the message names, unproven."""

    number: int
    at: str
    who: str
    kind: str
    made: str
    issue: str
    said: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ReturnedList:
    heading: str
    words: str
    rows: Sequence[ReturnedRow]
    is_all: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class MessageShown:
    """`text` is how the message begins, None once it is no longer kept; `more` lines follow it."""

    subject: str
    words: str
    rows: Sequence[ReturnedRow]
    how: Sequence[str]
    text: str | None
    more: int


def list_of(
    found: Sequence[Return],
    totals: Mapping[tuple[ReturnKind, ReturnEffect], int],
    now: datetime,
    zone: ZoneInfo,
    *,
    most: int,
) -> ReturnedList:
    """`totals` are of all that has ever come back; without them `found` is counted."""
    total = sum(totals.values()) or len(found)
    heading = f"{total:,} {'has' if total == 1 else 'have'} come back." if total else ""
    return ReturnedList(
        heading=heading or "Nothing has come back.",
        words=" ".join(_totals(totals)),
        rows=returned_rows(found, now, zone),
        is_all=len(found) < most,
    )


def returned_rows(found: Sequence[Return], now: datetime, zone: ZoneInfo) -> list[ReturnedRow]:
    return [_row(each, now, zone) for each in found]


def message_of(found: ReturnedMessage, now: datetime, zone: ZoneInfo) -> MessageShown:
    lines = (found.content or b"").decode("utf-8", "replace").splitlines()
    text = "\n".join("".join(map(_plain, line)) for line in lines[:_LINES])
    at = clock_words(found.read_at, now, zone)
    return MessageShown(
        subject=found.subject or "A message without a subject",
        words=f"Read {at} from {found.source}, {found.size:,} bytes.",
        rows=returned_rows(found.returns, now, zone),
        how=list(dict.fromkeys(_how(each.told.how) for each in found.returns)),
        text=None if found.content is None else text,
        more=max(len(lines) - _LINES, 0),
    )


def _totals(totals: Mapping[tuple[ReturnKind, ReturnEffect], int]) -> Iterator[str]:
    for effect, words in _TOTALS.items():
        if count := sum(number for (_, each), number in totals.items() if each is effect):
            yield f"{count:,} {words}."


def _row(found: Return, now: datetime, zone: ZoneInfo) -> ReturnedRow:
    told = found.told
    return ReturnedRow(
        number=found.message_id,
        at=clock_words(found.read_at, now, zone),
        who=told.recipient_key or (f"({told.named})" if told.named else "nobody is named"),
        kind=told.kind.value if told.is_final else f"{told.kind.value}, a delay",
        made=_MADE[told.effect],
        issue=told.issue,
        said=told.said,
    )


def _how(how: str) -> str:
    return f"Understood by {how}." if how else "Nothing in it is understood."


def _plain(sign: str) -> str:
    """Of what is not to be seen, such as marks that turn a line round, its place alone."""
    return sign if sign.isprintable() or sign == "\t" else "\N{REPLACEMENT CHARACTER}"
