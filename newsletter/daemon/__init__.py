"""The door of the daemon room: what a process needs that lives long."""

from newsletter.daemon.patience import Patience
from newsletter.daemon.pulse import HANGS, INTERVAL, Pulse
from newsletter.daemon.service_manager import (
    ALIVE,
    READY,
    STOPPING,
    ServiceManager,
    beating,
    service_manager,
)
from newsletter.daemon.stop import stop_on_signals

__all__ = [
    "ALIVE",
    "HANGS",
    "INTERVAL",
    "READY",
    "STOPPING",
    "Patience",
    "Pulse",
    "ServiceManager",
    "beating",
    "service_manager",
    "stop_on_signals",
]
