"""What the journal remembers of a relay's mood: the replies at the end of the send before this one.

So that a run which was refused as a whole begins with one message, not with as many as there are
sessions, and whoever keeps the schedule knows when to begin at all.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from newsletter.books import DeliveryState, LastReply, relay_of
from newsletter.delivery.journal_writer import JournalWriter
from newsletter.delivery.mood import Judge, Mood
from newsletter.transports import Reply, Stage, Transport, Verdict, members

REMEMBERED = 64
"""Replies that are read again: more than it takes to know a mood."""

_LEAST_REST, _LONGEST_REST = timedelta(minutes=5), timedelta(hours=1)

NO_RECEIVERS: Mapping[str, str] = {}

_UNDECIDED = frozenset({DeliveryState.PLANNED, DeliveryState.CLAIMED, DeliveryState.DEFERRED})
_STAGES = {stage.value: stage for stage in Stage}


@dataclass(frozen=True, kw_only=True, slots=True)
class Rest:
    """When a run may go on that the relay refused as a whole, and what it said, and when.

    `is_capped` says that it was a cap, which is for all runs over that relay.
    """

    until: datetime
    words: str
    said_at: datetime
    is_capped: bool


def relays_over(transport: Transport) -> tuple[str, ...]:
    """What carries something over a transport, each once, as `relay_of` names it."""
    return tuple(dict.fromkeys(relay_of(each.name) for each in members(transport)))


async def remembered(
    journal: JournalWriter,
    run_id: int,
    relays: Sequence[str],
    now: datetime,
    *,
    of_these: bool = False,
    receivers: Mapping[str, str] = NO_RECEIVERS,
) -> Judge:
    """A judge that has heard what the journal has, and knows of a cap that another run met.

    `of_these` leaves out what other relays have said in the run, which have judges of their own.
    """
    only = relays if of_these else None
    replies = await journal.call(lambda found: found.last_replies(run_id, REMEMBERED, only))
    judge = judge_of(replies, receivers)
    if not judge.is_bad:
        said = await journal.call(lambda found: found.last_replies_of(relays, REMEMBERED))
        rest = rest_after(said, receivers)
        if rest is not None and rest.is_capped and rest.until > now:
            judge.expect(Mood.CAPPED, rest.words)
    return judge


def judge_of(replies: Iterable[LastReply], receivers: Mapping[str, str] = NO_RECEIVERS) -> Judge:
    """A judge that has heard these, but for refusals that were the recipient's own."""
    judge = Judge(receivers=receivers)
    for each in replies:
        reply = _reply(each)
        if reply.verdict is Verdict.ACCEPTED:
            judge.heard_before(each.delivery, accepted_at=each.number)
        elif reply.verdict is not Verdict.IN_DOUBT and each.state in _UNDECIDED:
            judge.refuse(reply, each.delivery)
    return judge


def rest_after(
    replies: list[LastReply], receivers: Mapping[str, str] = NO_RECEIVERS
) -> Rest | None:
    """How long the schedule leaves a run alone after these replies; None where it need not.

    For a stated cap that is its time; else as long again as the relay has refused everybody, five
    minutes to an hour.
    """
    judge = judge_of(replies, receivers)
    if judge.mood not in (Mood.CAPPED, Mood.NOT_NOW):
        return None
    refused = [each.attempt for each in replies if _reply(each).verdict is not Verdict.ACCEPTED]
    last = refused[-1].ended_at
    rest = judge.cap
    if judge.mood is Mood.NOT_NOW:
        first = _row(replies)[0].attempt.ended_at
        rest = min(max(last - first, _LEAST_REST), _LONGEST_REST)
    is_capped = judge.mood is Mood.CAPPED
    return Rest(until=last + rest, words=judge.words, said_at=last, is_capped=is_capped)


def _row(replies: list[LastReply]) -> list[LastReply]:
    """Those behind the last acceptance."""
    row: list[LastReply] = []
    for each in replies:
        row = [] if _reply(each).verdict is Verdict.ACCEPTED else [*row, each]
    return row


def _reply(heard: LastReply) -> Reply:
    attempt = heard.attempt
    return Reply(
        code=attempt.code,
        enhanced_code=attempt.enhanced_code,
        text=attempt.text,
        stage=_STAGES.get(attempt.stage, Stage.MAIL),
    )
