"""What a daemon says of itself: a line for each thing, for people or for machines, and once.

What stands at every look is said when it begins, and again when its words change. For machines no
line has an address in it, unless that is asked for.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated

import typer

from newsletter.books import Standing
from newsletter.cli.console import note
from newsletter.clock import Clock, now
from newsletter.publishing.marking import Mark
from newsletter.publishing.tick import Happening


class Level(StrEnum):
    """How much a line matters: whether somebody must look, and whether the work goes on."""

    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


LogAddresses = Annotated[
    bool, typer.Option("--log-addresses", help="Name in the log who was refused, and the like.")
]


class LogFormat(StrEnum):
    """How a line is written; JSON is one object a line."""

    TEXT = "text"
    JSON = "json"


_LEVELS: Mapping[Standing, Level] = {
    Standing.DONE: Level.INFO,
    Standing.WAITING: Level.INFO,
    Standing.NEEDS_PERSON: Level.WARNING,
    Standing.UNABLE: Level.ERROR,
}

_STRANGE = r"\s<>()\[\],;:/*=\"“”"
_USER = re.compile(r"//[^/@\s]*@")
_ADDRESS = re.compile(rf"[^{_STRANGE}]+@[^{_STRANGE}]+")
_SOMEBODY = "(an address)"

DEEDS = frozenset({"started", "resumed", "finished", "missed"})
"""What happens at one moment. Everything else is a state, and is found again at every look."""


@dataclass
class DaemonLog:
    """Written to standard error. `names` says that addresses may be in it."""

    format: LogFormat = LogFormat.TEXT
    names: bool = False
    clock: Clock = now
    _states: dict[tuple[str, str], str] = field(default_factory=dict)

    def say(
        self,
        event: str,
        text: str,
        *,
        issue: str = "",
        level: Level = Level.INFO,
        run_id: int | None = None,
        delivery_id: int | None = None,
    ) -> None:
        """One line, whatever a relay put into the text. Any thread may say it."""
        plain = " ".join(text.split())
        moment = self.clock()
        if self.format is LogFormat.JSON:
            at = moment.isoformat(timespec="seconds")
            record = {
                "time": at,
                "level": level,
                "event": event,
                "issue": issue,
                "run": run_id,
                "delivery": delivery_id,
                "text": plain if self.names else without_addresses(plain),
            }
            note(json.dumps(record, ensure_ascii=False))
        else:
            words = " ".join(filter(None, (issue, plain)))
            note(f"{moment:%Y-%m-%d %H:%M:%S}Z {level} {event}: {words}")

    def happened(self, happening: Happening) -> None:
        """Say it, unless it stands as it did when it was said last."""
        event, issue, text = happening.event, happening.issue, happening.text
        if event in DEEDS:
            self.ended(issue)
        elif self._states.get((event, issue)) == text:
            return
        else:
            self._states[event, issue] = text
        level, run_id = _LEVELS[happening.standing], happening.run_id
        self.say(event, text, issue=issue, level=level, run_id=run_id)

    def marked(self, mark: Mark) -> None:
        """A delivery that is refused, failed or in doubt, by its number; and by name where names
        are asked for. Who it was, `newsletter status --failed` says.
        """
        said = mark.said if self.names else without_addresses(mark.said)
        who = f"{mark.recipient}: " if self.names else ""
        self.say(
            mark.state.value,
            f"delivery {mark.delivery_id} {who}{said}",
            issue=mark.issue,
            level=Level.WARNING,
            run_id=mark.run_id,
            delivery_id=mark.delivery_id,
        )

    def measuring(self, url: str) -> None:
        """Where the metrics are."""
        self.say("measuring", f"{url}/metrics")

    def untraced(self, text: str) -> None:
        """Why traces do not get to where they are collected; nothing else waits for that."""
        self.say("traces", text, level=Level.WARNING)

    def failed(self, text: str) -> None:
        """A look that came to nothing, for a reason that may stand for a while."""
        standing = Standing.UNABLE
        self.happened(Happening(event="error", issue="", text=text, standing=standing))

    def ended(self, issue: str) -> None:
        """The states of an issue, or "" for the whole's, are over: said anew if they return."""
        self._states = {key: text for key, text in self._states.items() if key[1] != issue}


def without_addresses(text: str) -> str:
    """What a relay or an error said, without who it was said of.

    >>> without_addresses("550 <ada@example.com> is unknown at smtps://ada:***@relay.example:465")
    '550 <(an address)> is unknown at smtps://relay.example:465'
    """
    return _ADDRESS.sub(_SOMEBODY, _USER.sub("//", text))
