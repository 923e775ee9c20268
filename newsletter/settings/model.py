"""The settings as one frozen record, made of the records of the rooms that use them."""

from dataclasses import dataclass, field
from pathlib import Path

from newsletter.books import PublicationKey
from newsletter.check import HouseFormat
from newsletter.message import LetterWords, Sender
from newsletter.render import Imprint, Theme
from newsletter.render.site import SiteImprint
from newsletter.schedule import ApprovalRule, ScheduleRule
from newsletter.settings.bounces import BounceSettings
from newsletter.settings.clients import ClientSettings
from newsletter.settings.dkim import DkimSettings
from newsletter.settings.environment import Environment
from newsletter.settings.images import ImageSettings
from newsletter.settings.limits import Limits
from newsletter.settings.notifications import Notifications
from newsletter.settings.relay import RelaySettings
from newsletter.settings.site import SiteSettings
from newsletter.settings.tests import TestSettings
from newsletter.settings.theme_package import ThemePackage
from newsletter.starter import default_templates


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
    theme_package: ThemePackage | None
    schedule: ScheduleRule
    approval: ApprovalRule
    tests: TestSettings
    notifications: Notifications
    limits: Limits
    bounces: BounceSettings
    clients: ClientSettings
    images: ImageSettings
    dkim: DkimSettings | None
    relay: RelaySettings
    site: SiteSettings
    letters: LetterWords
    environment: Environment = field(repr=False)
    cautions: tuple[str, ...] = ()
    """What is no fault and worth a look: a line each."""

    @property
    def witness_folder(self) -> Path:
        """Where this machine keeps what it has seen of the books."""
        return self.environment.witness or self.folder

    @property
    def templates(self) -> Path:
        """The publication's own templates; a file that is not there is taken from the defaults."""
        return self.folder / "templates"

    @property
    def template_folders(self) -> tuple[Path, ...]:
        """Where templates are looked for: the publication's own, its theme's, ours."""
        themes = (self.theme_package.templates,) if self.theme_package else ()
        return (self.templates, *themes, default_templates())

    @property
    def public_site(self) -> SiteImprint:
        """The publication as its public site shows it."""
        return SiteImprint(
            publication=self.publication,
            theme=self.theme,
            mailbox=str(self.sender.mailbox.addr_spec),
            promise=self.site.promise,
            privacy_url=self.site.privacy_url,
            contact_url=self.site.contact_url,
            topics=self.site.topics,
            has_preferences=self.site.has_preferences,
            words=self.site.words,
        )
