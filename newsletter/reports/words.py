"""The one table of words for the states of a delivery, and all that is said of a run in them.

A state's word is its value in the database, with a space where that has an underscore.
"""

from collections.abc import Mapping

from newsletter.books import Balance, DeliveryState, Failure, RateCount, ReplyCount, Run, minute

_MEANING = {
    DeliveryState.ACCEPTED: " by the relay",
    DeliveryState.DEFERRED: ", to be tried again",
    DeliveryState.REFUSED: " for good",
    DeliveryState.IN_DOUBT: ": sent, and no reply came",
    DeliveryState.FAILED: ": the message could not be made",
    DeliveryState.SUPPRESSED: ": never to be mailed",
    DeliveryState.CANCELLED: ": the run was ended before their turn",
    DeliveryState.CLAIMED: ": being sent at this moment",
    DeliveryState.PLANNED: ": not yet tried",
}
"""What follows each state's word to explain it, in the order in which reports name the states."""

REPORTED = tuple(_MEANING)


def state_word(state: DeliveryState) -> str:
    """`in doubt`."""
    return state.value.replace("_", " ")


def state_meaning(state: DeliveryState) -> str:
    """What a page shows beside the word: `sent, and no reply came`."""
    return _MEANING[state].lstrip(" ,:")


def counts_text(counts: Mapping[DeliveryState, int]) -> str:
    """`1,190 accepted, 2 refused`, in the order of the states."""
    found = ((state, counts.get(state, 0)) for state in DeliveryState)
    return ", ".join(f"{count:,} {state_word(state)}" for state, count in found if count)


def balance_lines(balance: Balance) -> list[str]:
    """`frozen` against the sum of all states, a line each, zeros left out but for accepted."""
    width = len(f"{balance.frozen:,}")
    states = (
        f"  {balance[state]:>{width},}  {state_word(state)}{_MEANING[state]}"
        for state in shown_states(balance)
    )
    audience = f"  {balance.frozen:>{width},}  in the audience"
    return [audience, *states, f"  {balance_sentence(balance)}"]


def shown_states(balance: Balance) -> list[DeliveryState]:
    """Those that somebody is in, and accepted."""
    return [state for state in REPORTED if balance[state] or state is DeliveryState.ACCEPTED]


def balance_sentence(balance: Balance) -> str:
    total = sum(balance.counts.values())
    if not balance.balanced:
        return f"THE BOOKS DO NOT BALANCE: {balance.frozen:,} frozen, {total:,} accounted for"
    if balance.complete:
        return f"The books balance: {balance.frozen:,} = {total:,}. The run is complete."
    return f"The books balance: {balance.frozen:,} = {total:,}. {balance.unfinished:,} to be sent."


def run_times(run: Run) -> str:
    """What follows “began”: `2026-11-27 07:00 UTC, ended 2026-11-27 07:02 UTC`."""
    ended = f", ended {minute(run.finished_at)}" if run.finished_at else ""
    return f"{minute(run.started_at)}{ended}"


def rate_times(rate: RateCount) -> str:
    """`2026-11-27 07:00:00 to 07:02:00 UTC`."""
    end = rate.start + rate.span * len(rate.counts)
    return f"{rate.start:%Y-%m-%d %H:%M:%S} to {end:%H:%M:%S} UTC"


def peak(rate: RateCount) -> float:
    """Messages a second in the busiest span."""
    return max(rate.counts) / rate.span.total_seconds()


def reply_line(reply: ReplyCount) -> str:
    """`refused: 550 5.1.1 no such mailbox`."""
    return f"{state_word(reply.state)}: {_said(reply.code, reply.enhanced_code, reply.text)}"


def person_line(failure: Failure) -> str:
    return f"{failure.recipient}  {state_word(failure.state)}  {why(failure)}"


def why(failure: Failure) -> str:
    """What the relay said, then what we say, and when the next try is due."""
    said = _said(failure.reply_code, failure.enhanced_code, failure.reply_text)
    due = failure.next_attempt_at
    next_try = f"next try from {minute(due)}" if due else ""
    parts = [part for part in (said, failure.reason, next_try) if part]
    if not parts and failure.state is DeliveryState.IN_DOUBT:
        return "sent, and no reply came"
    return "; ".join(parts)


def _said(*reply: str | int | None) -> str:
    return " ".join(str(part) for part in reply if part)
