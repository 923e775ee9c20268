"""Who carries a run: one mate for each relay over which it is sent, told what is its own.

What a mate does with it is left to `newsletter.delivery.crew`, or, where it is alone, to a sender.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace

from newsletter.books import Adjustment, DeliveryState
from newsletter.clock import Clock
from newsletter.delivery import Crew, JournalWriter, Mate, Order, RunSender, Sessions
from newsletter.publishing.resting import quotas_over
from newsletter.settings import Settings
from newsletter.store import Runs
from newsletter.transports import Carrier, Transport, carriers


def mates_over(
    transport: Transport,
    order: Order,
    settings: Settings,
    adjusted: Callable[[Adjustment], object],
    group: str | None = None,
) -> dict[Mate, Carrier]:
    """The order for each relay, with its own quotas; or for those alone that carry a group.

    One that is alone has its sessions from the beginning, so that they last for all rounds.
    """
    known = carriers(transport)
    several = [each for each in known if group is None or each.carries(group)]
    return {
        Mate(
            transport=each.transport,
            order=replace(order, quotas=quotas_over(each, settings)),
            is_one_of_many=len(known) > 1,
            weight=each.allotment.weight,
            sessions=Sessions(each.transport, adjusted) if len(several) == 1 else None,
        ): each
        for each in several
    }


def sender_over(
    mates: Sequence[Mate],
    runs: Runs,
    journal: JournalWriter,
    clock: Clock,
    heard: Callable[[DeliveryState], None],
    adjusted: Callable[[Adjustment], object],
    stop: asyncio.Event,
) -> RunSender | Crew:
    """What sends as the mates' orders say: one sender, or a crew of them."""
    if len(mates) > 1:
        return Crew(
            mates=mates,
            runs=runs,
            journal=journal,
            clock=clock,
            on_outcome=heard,
            on_adjusted=adjusted,
            stop=stop,
        )
    [alone] = mates
    return RunSender(
        alone.order,
        runs,
        journal,
        alone.transport,
        clock,
        heard,
        on_adjusted=adjusted,
        stop=stop,
        sessions=alone.sessions,
        is_one_of_many=alone.is_one_of_many,
    )
