"""A machine of the fleet: a worker with a host name, a folder, a clock and a network of its own.

As root each has a UTS namespace, so that the others cannot see that its process is dead: they must
find out as they would over a network. A worker that ends is started again, as systemd does.
"""

import asyncio
import os
import signal
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.acceptance.publication import COMMAND
from tests.chaos.proxy import Proxy
from tests.pace import patience

RESTART_SECONDS = 1.0
"""As RestartSec= of a unit."""

FAKETIME = (
    Path("/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1"),
    Path("/usr/lib/aarch64-linux-gnu/faketime/libfaketimeMT.so.1"),
)

RENAME = 'hostname "$0" && exec "$@"'


def faketime() -> Path | None:
    """Debian's libfaketime, by which a process sees a clock of its own."""
    return next((path for path in FAKETIME if path.exists()), None)


@dataclass
class Machine:
    """`database` and `relay` are its ways to them; `skew` is how far its clock is off."""

    name: str
    folder: Path
    environment: dict[str, str]
    database: Proxy
    relay: Proxy
    arguments: Sequence[str]
    process: asyncio.subprocess.Process | None = None
    starts: int = 0
    is_wanted: bool = False
    is_frozen: bool = False
    _keeper: asyncio.Task[None] | None = field(default=None, repr=False)

    @property
    def log(self) -> Path:
        return self.folder.parent / f"{self.name}.log"

    @property
    def pid(self) -> int | None:
        return self.process.pid if self.process and self.process.returncode is None else None

    def owns(self, owner: str | None) -> bool:
        return owner is not None and self.pid is not None and f" process {self.pid} " in owner

    def switch_on(self) -> None:
        self.is_wanted = True
        self._keeper = asyncio.create_task(self._keep())

    async def switch_off(self) -> None:
        """SIGTERM, and as systemd SIGKILL where it does not go."""
        self.is_wanted = False
        if self._keeper is not None:
            self._keeper.cancel()
            await asyncio.gather(self._keeper, return_exceptions=True)
        if self.process is None:
            return
        self.thaw()
        self._signal(signal.SIGTERM)
        try:
            await asyncio.wait_for(self.process.wait(), patience(10))
        except TimeoutError:
            self.kill()
            await self.process.wait()

    def kill(self) -> None:
        self._signal(signal.SIGKILL)

    def freeze(self) -> None:
        self.is_frozen = True
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self.is_frozen = False
        self._signal(signal.SIGCONT)

    def cut(self) -> None:
        self.database.hold()
        self.relay.hold()

    def heal(self, *, reset: bool) -> None:
        self.database.heal(reset=reset)
        self.relay.heal(reset=reset)

    def set_clock(self, seconds: int) -> None:
        """How far its clock is ahead; a process that runs sees it jump within a second."""
        self._clock.write_text(f"{seconds:+d}s\n")

    @property
    def _clock(self) -> Path:
        return self.folder.parent / f"{self.name}.clock"

    def _signal(self, number: int) -> None:
        if self.pid is not None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)

    async def _keep(self) -> None:
        while self.is_wanted:
            self.process = await self._start()
            self.starts += 1
            await self.process.wait()
            await asyncio.sleep(RESTART_SECONDS)

    async def _start(self) -> asyncio.subprocess.Process:
        named = ["unshare", "--uts", "sh", "-c", RENAME, self.name] if os.getuid() == 0 else []
        with self.log.open("ab") as log:
            return await asyncio.create_subprocess_exec(
                *named,
                str(COMMAND),
                *self.arguments,
                cwd=self.folder,
                env=self.environment | self._skewed(),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def _skewed(self) -> dict[str, str]:
        library = faketime()
        if library is None:
            return {}
        if not self._clock.exists():
            self.set_clock(0)
        return {
            "LD_PRELOAD": str(library),
            "FAKETIME_TIMESTAMP_FILE": str(self._clock),
            "FAKETIME_CACHE_DURATION": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        }
