"""What somebody says who starts a publication, each answer read alone, so that a bad one is refused
before the next is asked for. What follows from the answers is left to `first_settings`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time
from difflib import get_close_matches
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from newsletter.addresses import AddrSpec, Mailbox, parse_mailbox
from newsletter.check import BLANK
from newsletter.errors import AddressError, NewsletterError, SettingsError
from newsletter.languages import LAID_OUT, is_language_tag, language_of
from newsletter.schedule import WEEKDAYS, zone_named
from newsletter.settings import FILE_NAME, MAX_STORIES

_LONGEST_NAME = 100
_LONGEST_ADDRESS = 300
_SHORTEST_WORD = 2
"""Letters of a weekday that is cut short."""
_WALL = re.compile(r"([01]?[0-9]|2[0-3])[:.]([0-5][0-9])")
_EXAMPLE = AddrSpec("newsletter", "example.com")
"""Reserved for examples (RFC 2606, 3): nobody's mail goes there."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Answers:
    """All that is asked of whoever starts a publication.

    `weekday` counts from Monday, zero. `own` are further settings by section and key, such as
    `{"theme.light": {"accent": "#c2410c"}}`; they go before those that follow from the answers.
    """

    name: str
    sender: Mailbox
    language: str = "en-GB"
    weekday: int = 4
    time: time = time(7, 0)
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("Europe/London"))
    stories: int = 5
    postal_address: str = BLANK
    own: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @property
    def is_example(self) -> bool:
        """Whether the sender is nobody yet."""
        return self.sender.addr_spec.domain == _EXAMPLE.domain

    @property
    def has_postal_address(self) -> bool:
        return self.postal_address != BLANK


def example_sender(name: str) -> Mailbox:
    """The sender of a publication that has none yet."""
    return Mailbox(name, _EXAMPLE)


def own_zone(language: str) -> ZoneInfo:
    """The zone that most readers of a language live in."""
    return ZoneInfo(language_of(language).starter["timezone"])


def parse_name(text: str) -> str:
    """A publication's name, on one line. Raises NewsletterError, as all of these do."""
    name = " ".join(text.split())
    if not name:
        raise NewsletterError("a newsletter needs a name", next_step="give it one")
    if not name.isprintable():
        raise NewsletterError("the name holds a sign that nobody sees", next_step="type it anew")
    if len(name) > _LONGEST_NAME:
        what = f"the name has {len(name)} characters"
        raise NewsletterError(what, next_step=f"give one of {_LONGEST_NAME} at the most")
    return name


def parse_language(text: str) -> str:
    """A BCP 47 tag of a language that a publication can be laid out in: `de`, `de-AT`."""
    tag = text.strip()
    if is_language_tag(tag) and language_of(tag).tag in LAID_OUT:
        return tag
    raise NewsletterError(
        f"“{tag}” is not a language that can be laid out",
        next_step=f"choose one of {', '.join(LAID_OUT)}, then set another and its words in "
        f"{FILE_NAME}",
    )


def parse_weekday(text: str, language: str) -> int:
    """A weekday in English or in the language, which may be cut short: `friday`, `Fr`.

    >>> parse_weekday("Freitag", "de"), parse_weekday("fri", "de")
    (4, 4)
    """
    said = text.strip().rstrip(".").casefold()
    names = [*enumerate(WEEKDAYS), *enumerate(language_of(language).house.get("weekdays", ()))]
    exact = {number for number, name in names if name.casefold() == said}
    begun = {number for number, name in names if name.casefold().startswith(said)}
    found = exact or (begun if len(said) >= _SHORTEST_WORD else set())
    if len(found) != 1:
        what = f"“{text.strip()}” is not a day of the week"
        raise NewsletterError(what, next_step=f"give one of {', '.join(WEEKDAYS)}")
    return found.pop()


def parse_time(text: str) -> time:
    """A wall time: `07:00`, `7:00`."""
    found = _WALL.fullmatch(text.strip())
    if found is None:
        what = f"“{text.strip()}” is not a time of day"
        raise NewsletterError(what, next_step="write it as 07:00")
    return time(int(found[1]), int(found[2]))


def parse_zone(text: str) -> ZoneInfo:
    """An IANA zone, in whatever capitals. A city alone is answered with the zone it may mean."""
    name = "_".join(text.split())
    try:
        return zone_named(name)
    except SettingsError:
        known = {each.casefold(): each for each in available_timezones()}
    if name.casefold() in known:
        return ZoneInfo(known[name.casefold()])
    cities = {each.rpartition("/")[2].casefold(): each for each in sorted(known.values())}
    near = get_close_matches(name.rpartition("/")[2].casefold(), cities, 1, 0.8)
    step = f"did you mean {cities[near[0]]}?" if near else "give one such as Europe/London"
    raise NewsletterError(f"there is no time zone “{text.strip()}”", next_step=step)


def parse_sender(text: str, name: str) -> Mailbox:
    """`Name <address>` or an address, which has the publication's name then."""
    try:
        mailbox = parse_mailbox(text.strip())
    except AddressError as error:
        step = error.next_step or "write it as Name <name@example.com>"
        raise NewsletterError(error.what.rstrip("."), next_step=step) from error
    spec = mailbox.addr_spec
    if not spec.is_ascii or '"' in spec.local_part:
        what = f"{spec} is an address that not every server takes"
        raise NewsletterError(what, next_step="take one of plain letters and digits")
    return Mailbox(parse_name(mailbox.display_name or name), spec)


def parse_stories(text: str) -> int:
    """How many stories an issue has."""
    said = text.strip()
    if not (said.isascii() and said.isdigit() and 1 <= int(said[:4]) <= MAX_STORIES):
        what = f"“{said}” is not a number of stories"
        raise NewsletterError(what, next_step=f"give one from 1 to {MAX_STORIES}")
    return int(said)


def parse_postal_address(text: str) -> str:
    """On one line, its parts parted by commas; a blank for nothing, to be filled in later."""
    address = " ".join(text.split()) or BLANK
    if not address.isprintable():
        raise NewsletterError("the address holds a sign that nobody sees", next_step="type it anew")
    if len(address) > _LONGEST_ADDRESS:
        what = f"the address has {len(address)} characters"
        raise NewsletterError(what, next_step=f"give one of {_LONGEST_ADDRESS} at the most")
    return address
