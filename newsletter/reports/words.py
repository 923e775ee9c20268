"""The books of a run in words: the numbers that must balance, and who needs a person."""

from newsletter.books import Balance, DeliveryState

_WORDS = {
    DeliveryState.ACCEPTED: "accepted by the relay",
    DeliveryState.DEFERRED: "deferred, to be tried again",
    DeliveryState.REFUSED: "refused for good",
    DeliveryState.IN_DOUBT: "in doubt: sent, and no reply came",
    DeliveryState.FAILED: "failed: the message could not be made",
    DeliveryState.SUPPRESSED: "suppressed: never to be mailed",
    DeliveryState.CANCELLED: "cancelled: the run was ended before their turn",
    DeliveryState.CLAIMED: "claimed: being sent at this moment",
    DeliveryState.PLANNED: "planned: not yet tried",
}
_PERSON = (DeliveryState.REFUSED, DeliveryState.IN_DOUBT, DeliveryState.FAILED)


def balance_lines(balance: Balance) -> list[str]:
    """`frozen` against the sum of all states, a line each, zeros left out but for accepted."""
    width = len(f"{balance.frozen:,}")
    lines = [f"  {balance.frozen:>{width},}  in the audience"]
    for state, words in _WORDS.items():
        if balance[state] or state is DeliveryState.ACCEPTED:
            lines.append(f"  {balance[state]:>{width},}  {words}")
    return [*lines, f"  {verdict(balance)}"]


def verdict(balance: Balance) -> str:
    total = sum(balance.counts.values())
    if not balance.balanced:
        return f"THE BOOKS DO NOT BALANCE: {balance.frozen:,} frozen, {total:,} accounted for"
    if balance.complete:
        return f"The books balance: {balance.frozen:,} = {total:,}. The run is complete."
    return f"The books balance: {balance.frozen:,} = {total:,}. {balance.unfinished:,} to be sent."


def needs_person(balance: Balance) -> int:
    """How many deliveries no retry will mend."""
    return sum(balance[state] for state in _PERSON)
