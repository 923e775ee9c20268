"""A publication that lives for weeks: its issues, a clock of its own, and the relay it sends to.

The commands are the installed ones; only what they take for the time is ours (libfaketime). A
daemon reads its clock from a file that the test moves.
"""

import asyncio
import re
import signal
import time
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from tests.acceptance.publication import COMMAND, Publication
from tests.acceptance.schedule_world import at, issue_text
from tests.faults.peer import Answer, Peer, Taken

READERS = tuple(f"reader{number}@example.com" for number in range(12))
TEAM = "team@example.com"
SECONDS = 60.0
"""A command that takes longer hangs, and what does not come in that time does not come."""

SCHEDULE = """
[schedule]
weekday = "friday"
time = "07:00"
timezone = "Europe/London"
holidays = "GB-ENG"
move = "before"
grace_minutes = 60
remind_hours = 18

[approval]
required = 1

[notifications]
alert = ["team@example.com"]
report = ["team@example.com"]
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Ended:
    """A command's end: the exit status, or the signal's number below zero."""

    status: int
    out: str
    err: str


@dataclass
class Weeks:
    """The publication, its relay, and the clock by which its commands live."""

    publication: Publication
    relay: Peer

    def draft(self, day: date, mark: str = "", **front_matter: str) -> str:
        """Write the issue of a day; its path as a person types it."""
        path = f"issues/{day.isoformat()}.md"
        own = {"subject": subject_of(day), "date": day.isoformat(), "author": "Ada Lovelace"}
        (self.publication.folder / path).write_text(issue_text(mark, **own, **front_matter))
        return path

    async def at(self, moment: str, *arguments: str) -> Ended:
        """Run a command at a moment of UTC."""
        started = await self._start(arguments, at(moment))
        return await self._end(started)

    def move(self, moment: str) -> None:
        """Set the clock of the daemons; it runs on from there."""
        wanted = datetime.fromisoformat(moment).replace(tzinfo=UTC).timestamp()
        new = self._clock.with_suffix(".new")
        new.write_text(f"{wanted - time.time():+.0f}\n")
        new.replace(self._clock)

    @asynccontextmanager
    async def daemon(self) -> AsyncIterator[asyncio.subprocess.Process]:
        """`newsletter run`, by the clock that `move` sets; stopped in the end, if it still runs."""
        clock = at("")
        del clock["FAKETIME"]
        clock |= {"FAKETIME_TIMESTAMP_FILE": str(self._clock), "FAKETIME_NO_CACHE": "1"}
        process = await self._start(("run", "--tick", "0.2"), clock)
        try:
            yield process
        finally:
            with suppress(ProcessLookupError):
                process.send_signal(signal.SIGTERM)
            ended = await self._end(process)
            assert ended.status in {0, -signal.SIGKILL}, ended

    async def until_sent(self, day: date, count: int) -> None:
        """Wait until the relay has so many messages of an issue."""
        async with asyncio.timeout(SECONDS):
            while sum(self.sent(day).values()) < count:  # noqa: ASYNC110 - the relay tells nobody
                await asyncio.sleep(0.05)

    async def until_told(self, words: str) -> None:
        """Wait until the team has a message whose subject holds these words."""
        async with asyncio.timeout(SECONDS):
            while not any(words in subject for subject in self.told()):  # noqa: ASYNC110
                await asyncio.sleep(0.05)

    def sent(self, day: date, mark: str = "") -> Counter[str]:
        """How often the relay took an issue of a day, for each recipient."""
        subject = f"{mark}{subject_of(day)}"
        return Counter(
            taken.recipient
            for taken in self.relay.log
            if taken.answer is Answer.ACCEPTED and _subject(taken) == subject
        )

    def told(self) -> list[str]:
        """The subjects of what the team was sent, but for the issues."""
        return [_subject(taken) for taken in self.relay.log if taken.recipient == TEAM]

    @property
    def _clock(self) -> Path:
        return self.publication.folder / "clock"

    async def _start(
        self, arguments: tuple[str, ...], clock: Mapping[str, str]
    ) -> asyncio.subprocess.Process:
        environment = {
            **self.publication.environment,
            **clock,
            "NO_FAKE_STAT": "1",
            "NEWSLETTER_TRANSPORT": f"smtp://127.0.0.1:{self.relay.port}?tls=none&connections=1",
        }
        return await asyncio.create_subprocess_exec(
            COMMAND,
            *arguments,
            cwd=self.publication.folder,
            env=environment,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )

    async def _end(self, process: asyncio.subprocess.Process) -> Ended:
        async with asyncio.timeout(SECONDS):
            out, err = await process.communicate()
        assert process.returncode is not None
        assert b"Traceback" not in err, err.decode()
        return Ended(status=process.returncode, out=out.decode(), err=err.decode())


def subject_of(day: date) -> str:
    return f"Five retail stories for {day:%A} {day.day} {day:%B}"


def _subject(taken: Taken) -> str:
    head = taken.content.split(b"\r\n\r\n", 1)[0]
    found = re.search(rb"(?m)^Subject: (.*(?:\r\n[ \t].*)*)", head)
    return " ".join(found[1].decode().split()) if found else ""
