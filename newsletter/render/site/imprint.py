"""What every page of the public site says of its publication, and how it writes a date."""

import re
from dataclasses import dataclass, field
from datetime import date, datetime

from newsletter.errors import RenderError
from newsletter.render.html import Html
from newsletter.render.imprint import Imprint
from newsletter.render.site.paths import SitePaths
from newsletter.render.site.words import SiteWords
from newsletter.render.theme import Theme
from newsletter.render.words import Words

_HTTPS = re.compile(r"https://[^\s/<>\"]+(?:/[^\s<>\"]*)?")
_MAILTO = re.compile(r"mailto:[^\s@<>\"?]+@[^\s@<>\"?]+")


@dataclass(frozen=True, kw_only=True, slots=True)
class Topic:
    """What a reader may choose: a `tag` of the list, its name, and a sentence, which may be ""."""

    tag: str
    name: str
    sentence: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class SiteImprint:
    """A publication as its site shows it.

    `mailbox` is the addr-spec that the issues come from. `promise` says in a sentence what readers
    get and when; `privacy_url`, an https address, and `contact_url`, one or a mailto, may be "".
    Raises RenderError for an address that is none.
    """

    publication: Imprint
    theme: Theme
    mailbox: str
    promise: str = ""
    privacy_url: str = ""
    contact_url: str = ""
    topics: tuple[Topic, ...] = ()
    has_preferences: bool = True
    words: SiteWords = field(default_factory=SiteWords)

    def __post_init__(self) -> None:
        for name, allowed in (("privacy_url", (_HTTPS,)), ("contact_url", (_HTTPS, _MAILTO))):
            url = getattr(self, name)
            if url and not any(one.fullmatch(url) for one in allowed):
                raise RenderError(
                    f"{url!r} is not an address for a link",
                    where=f"site {name}",
                    next_step="write it as https://example.com/page",
                )

    @property
    def paths(self) -> SitePaths:
        return SitePaths(base_url=self.publication.base_url)

    @property
    def contact(self) -> str:
        """Where a reader who needs a person can write to; there is always somewhere."""
        return self.contact_url or f"mailto:{self.mailbox}"

    @property
    def description(self) -> str:
        """One sentence about the whole, or ""."""
        return self.promise or self.publication.tagline

    @property
    def frame(self) -> Words:
        """The words that the e-mail has too."""
        return self.publication.words

    def weekday_day(self, day: date) -> str:
        """`Friday 4 December`."""
        return self._dated("weekday_day", day)

    def day(self, day: date) -> str:
        """`4 December`."""
        return self._dated("day", day)

    def month(self, day: date) -> str:
        """`December 2026`."""
        names = self.words.months or self.frame.months
        return self.words.plain("month", month=names[day.month - 1], year=str(day.year))

    def moment(self, moment: datetime) -> str:
        """`Friday 4 December, 07:00`, in the moment's own zone."""
        return self.words.plain("moment", date=self.weekday_day(moment), time=clock_time(moment))

    def say(self, name: str, /, **values: str) -> Html:
        return self.words.say(name, **values)

    def _dated(self, name: str, day: date) -> str:
        weekday, month = self.frame.weekdays[day.weekday()], self.frame.months[day.month - 1]
        return self.words.plain(name, weekday=weekday, day=str(day.day), month=month)


def clock_time(moment: datetime) -> str:
    """`07:00 GMT`; the zone is named where it has a name of letters, else by its offset.

    >>> from datetime import timezone, timedelta
    >>> clock_time(datetime(2026, 12, 4, 7, tzinfo=timezone(timedelta(hours=3))))
    '07:00 UTC+03:00'
    """
    name = moment.tzname() or ""
    offset = moment.strftime("%z")
    zone = name if name.isalpha() or name.startswith("UTC") else f"UTC{offset[:3]}:{offset[3:5]}"
    return f"{moment:%H:%M} {zone}"
