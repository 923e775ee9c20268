"""The settings as one frozen record, made of the records of the rooms that use them."""

from dataclasses import dataclass, field
from pathlib import Path

from newsletter.books import PublicationKey
from newsletter.check import HouseFormat
from newsletter.message import Sender
from newsletter.render import Imprint, Theme
from newsletter.schedule import ApprovalRule, ScheduleRule
from newsletter.settings.clients import ClientSettings
from newsletter.settings.dkim import DkimSettings
from newsletter.settings.environment import Environment
from newsletter.settings.limits import Limits
from newsletter.settings.notifications import Notifications


@dataclass(frozen=True, kw_only=True, slots=True)
class Settings:
    """Everything newsletter.toml and the environment say. `folder` is where the former stands.

    `key` is how the database knows the publication.
    """

    folder: Path
    publication: Imprint
    key: PublicationKey
    sender: Sender
    house: HouseFormat
    theme: Theme
    schedule: ScheduleRule
    approval: ApprovalRule
    notifications: Notifications
    limits: Limits
    clients: ClientSettings
    dkim: DkimSettings | None
    environment: Environment = field(repr=False)
    cautions: tuple[str, ...] = ()
    """What is no fault and worth a look: a line each."""

    @property
    def templates(self) -> Path:
        """The publication's own templates; a file that is not there is taken from the defaults."""
        return self.folder / "templates"
