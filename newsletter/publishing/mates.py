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
from newsletter.transports import Transport, carriers


def mates_over(
    transport: Transport,
    order: Order,
    settings: Settings,
    adjusted: Callable[[Adjustment], object],
) -> list[Mate]:
    """The order for each relay, with its own quotas.

    One that is alone has its sessions from the beginning, so that they last for all rounds.
    """
    several = carriers(transport)
    return [
        Mate(
            transport=each.transport,
            order=replace(order, quotas=quotas_over(each.transport, settings)),
            weight=each.allotment.weight,
            sessions=Sessions(each.transport, adjusted) if len(several) == 1 else None,
        )
        for each in several
    ]


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
    )
