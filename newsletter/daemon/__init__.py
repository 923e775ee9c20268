"""The door of the daemon room: what a process needs that lives long."""

from newsletter.daemon.pulse import (
    HANGS,
    INTERVAL,
    Pulse,
)
from newsletter.daemon.service_manager import (
    ALIVE,
    READY,
    STOPPING,
    ServiceManager,
    service_manager,
)
from newsletter.daemon.stop import (
    Stop,
)

__all__ = [
    "ALIVE",
    "HANGS",
    "INTERVAL",
    "READY",
    "STOPPING",
    "Pulse",
    "ServiceManager",
    "Stop",
    "service_manager",
]
