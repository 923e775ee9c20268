"""The settings as one frozen record, made of the records of the rooms that use them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from newsletter.check import HouseFormat
from newsletter.message import Sender
from newsletter.render import Publication, Theme
from newsletter.schedule import ScheduleRule
from newsletter.settings.environment import Environment


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """Ceilings and waits. `retry_after` is the pause before the second try, the third, and on."""

    html_bytes: int = 100_000
    lease: timedelta = timedelta(minutes=10)
    retry_after: Sequence[timedelta] = (
        timedelta(minutes=5),
        timedelta(minutes=15),
        timedelta(hours=1),
        timedelta(hours=4),
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Settings:
    """Everything newsletter.toml and the environment say. `folder` is where the former stands."""

    folder: Path
    publication: Publication
    sender: Sender
    house: HouseFormat
    theme: Theme
    schedule: ScheduleRule
    limits: Limits
    environment: Environment = field(repr=False)

    @property
    def templates(self) -> Path:
        """The publication's own templates; a file that is not there is taken from the defaults."""
        return self.folder / "templates"
