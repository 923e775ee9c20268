"""The pages of signing up: the form, the look into the inbox, the button that confirms, a welcome.

And the same form for somebody else's site. Every answer to the form is the same, whoever asks.
"""

from dataclasses import dataclass

from newsletter.render.site.forms import MOST_OF_ADDRESS, MOST_OF_NAME, Fault, SignUpForm
from newsletter.render.site.page import Frame, SitePage
from newsletter.render.site.published import PublishedIssue
from newsletter.render.site.reading import Upcoming

CONFIRM_HOURS = 48
"""For how long a link to confirm is good, where nobody says otherwise."""
_SHOWN = 300
"""Characters of an entry that are given back to be mended."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SubscribePage(SitePage):
    form: SignUpForm
    latest_path: str


@dataclass(frozen=True, kw_only=True, slots=True)
class SentPage(SitePage):
    """`subject` is the confirmation's own; `is_embedded` says that the form was elsewhere."""

    address: str
    subject: str
    upcoming: Upcoming | None
    is_embedded: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class ConfirmPage(SitePage):
    address: str
    action: str
    stamp: str
    hours: int
    upcoming: Upcoming | None


@dataclass(frozen=True, kw_only=True, slots=True)
class ConfirmedPage(SitePage):
    """`preferences_path` is the reader's own; "" where there are no preferences to choose."""

    address: str
    preferences_path: str
    upcoming: Upcoming | None
    latest: PublishedIssue | None


@dataclass(frozen=True, kw_only=True, slots=True)
class ExpiredPage(SitePage):
    form: SignUpForm
    hours: int


@dataclass(frozen=True, kw_only=True, slots=True)
class EmbedPage(SitePage):
    """`most_of_address` and `most_of_name` are what the fields take."""

    stamp: str
    most_of_address: int = MOST_OF_ADDRESS
    most_of_name: int = MOST_OF_NAME


@dataclass(frozen=True, kw_only=True, slots=True)
class SignUpPages:
    """Each method makes one page and raises RenderError for a template at fault.

    An address is shown whole: it was just typed, or the link to it was just followed.
    """

    frame: Frame

    def subscribe(
        self,
        *,
        action: str,
        stamp: str = "",
        email: str = "",
        first_name: str = "",
        fault: Fault | None = None,
        latest: PublishedIssue | None = None,
    ) -> str:
        """The form alone: for 200, and for 422 with a fault."""
        site = self.frame.site
        form = SignUpForm(
            site=site,
            action=action,
            stamp=stamp,
            email=email[:_SHOWN],
            first_name=first_name[:_SHOWN],
            fault=fault,
        )
        title = site.words.subscribe
        page = SubscribePage(
            site=site,
            styles_path=self.frame.styles_path,
            title=site.words.plain("error_title", title=title) if fault else title,
            description=site.description,
            form=form,
            latest_path=site.paths.issue(latest.name) if latest else "",
        )
        return self.frame.fill("subscribe", page)

    def sent(
        self,
        *,
        address: str,
        subject: str,
        upcoming: Upcoming | None = None,
        is_embedded: bool = False,
    ) -> str:
        """What answers the form, to everybody; `subject` is that of the confirmation."""
        page = SentPage(
            site=self.frame.site,
            styles_path=self.frame.styles_path,
            title=self.frame.site.words.sent_title,
            address=address,
            subject=subject,
            upcoming=upcoming,
            is_embedded=is_embedded,
        )
        return self.frame.fill("sent", page)

    def confirm(
        self,
        *,
        address: str,
        action: str,
        stamp: str,
        hours: int = CONFIRM_HOURS,
        upcoming: Upcoming | None = None,
    ) -> str:
        page = ConfirmPage(
            site=self.frame.site,
            styles_path=self.frame.styles_path,
            title=self.frame.site.words.confirm_title,
            address=address,
            action=action,
            stamp=stamp,
            hours=hours,
            upcoming=upcoming,
        )
        return self.frame.fill("confirm", page)

    def confirmed(
        self,
        *,
        address: str,
        preferences_path: str = "",
        upcoming: Upcoming | None = None,
        latest: PublishedIssue | None = None,
    ) -> str:
        page = ConfirmedPage(
            site=self.frame.site,
            styles_path=self.frame.styles_path,
            title=self.frame.site.words.confirmed_title,
            address=address,
            preferences_path=preferences_path,
            upcoming=upcoming,
            latest=latest,
        )
        return self.frame.fill("confirmed", page)

    def expired(self, *, action: str, stamp: str, hours: int = CONFIRM_HOURS) -> str:
        """For 410: the link was good once, and the way to a new one is on the page."""
        site = self.frame.site
        page = ExpiredPage(
            site=site,
            styles_path=self.frame.styles_path,
            title=site.words.expired_title,
            form=SignUpForm(site=site, action=action, stamp=stamp),
            hours=hours,
        )
        return self.frame.fill("expired", page)

    def embed(self, *, stamp: str) -> str:
        """The form to paste into another site, as its source; `stamp` goes with it."""
        page = EmbedPage(
            site=self.frame.site,
            styles_path=self.frame.styles_path,
            title=self.frame.site.words.embed_title,
            stamp=stamp,
        )
        return self.frame.fill("embed", page)
