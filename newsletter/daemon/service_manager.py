"""Tells a service manager how a daemon is: ready, alive, stopping (sd_notify(3), its protocol).

Without NOTIFY_SOCKET in the environment nobody is told anything.
"""

import asyncio
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

READY = "READY=1"
ALIVE = "WATCHDOG=1"
STOPPING = "STOPPING=1"


@dataclass(frozen=True, kw_only=True, slots=True)
class ServiceManager:
    """`watchdog` is how often, in seconds, it wants to hear that we live; None is not at all."""

    address: str = ""
    watchdog: float | None = None

    def tell(self, *words: str) -> None:
        """One datagram. A service manager that cannot be told is no reason to stop."""
        if not self.address:
            return
        with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as out:
            out.sendto("\n".join(words).encode(), self.address)


def service_manager(environ: Mapping[str, str], process: int) -> ServiceManager:
    """The one that started this process, by its environment (sd_watchdog_enabled(3))."""
    address = environ.get("NOTIFY_SOCKET", "")
    if address.startswith("@"):  # an abstract socket, whose name begins with a zero byte
        address = f"\0{address[1:]}"
    microseconds = environ.get("WATCHDOG_USEC", "")
    is_ours = environ.get("WATCHDOG_PID", str(process)) == str(process)
    is_set = bool(address) and is_ours and microseconds.isdecimal() and int(microseconds) > 0
    return ServiceManager(
        address=address, watchdog=int(microseconds) / 2_000_000 if is_set else None
    )


@asynccontextmanager
async def beating(manager: ServiceManager) -> AsyncIterator[None]:
    """It hears that we live as often as it wants to, while this is entered and the loop turns."""
    beats = asyncio.create_task(_beat(manager))
    try:
        yield
    finally:
        beats.cancel()


async def _beat(manager: ServiceManager) -> None:
    while manager.watchdog is not None:
        manager.tell(ALIVE)
        await asyncio.sleep(manager.watchdog)
