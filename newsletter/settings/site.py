"""The section [site] of newsletter.toml: what the public site says, offers and takes.

How many confirmations one address may be sent is no setting: one a day, whoever asks.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any

from newsletter.addresses import parse_addr_spec
from newsletter.files import is_inside
from newsletter.render.site import SiteWords, Topic, word_names
from newsletter.settings.spoken import site_words_in
from newsletter.settings.table import Table, https_address
from newsletter.subscribers import checked_tag

Network = IPv4Network | IPv6Network

_HTTPS = 'an https address, "https://news.example.com/privacy"'
_CONTACT = 'an https address or a mailbox, "mailto:editors@example.com"'
_TOPICS = (
    'a list of different topics, [{ tag = "uk", name = "Britain", sentence = "Every Friday" }]'
)
_PROXIES = 'a list of addresses or networks, ["127.0.0.1", "10.0.0.0/8"], and not everybody'
_WELCOME = 'a Markdown file in the publication, "welcome.md"'
_MOST_SENTENCE = 200


@dataclass(frozen=True, kw_only=True, slots=True)
class SignUpLimits:
    """How many sign-ups are taken: of one network (an IPv4 address, an IPv6 /64) and of all."""

    per_network_hour: int = 20
    overall_hour: int = 2_000


@dataclass(frozen=True, kw_only=True, slots=True)
class SiteSettings:
    """`promise`, `privacy_url` and `contact_url` may be "". `welcome` is the file of the mail that
    a reader gets who has just confirmed, None for no mail. `trusted_proxies` are believed when they
    say whom they ask for; while there is none, nobody is.
    """

    promise: str = ""
    privacy_url: str = ""
    contact_url: str = ""
    topics: tuple[Topic, ...] = ()
    has_preferences: bool = True
    trusted_proxies: tuple[Network, ...] = ()
    welcome: Path | None = None
    limits: SignUpLimits = field(default_factory=SignUpLimits)
    words: SiteWords = field(default_factory=SiteWords)


def site(table: Table, folder: Path, language: str = "en") -> SiteSettings:
    """What is not set is off, or as the publication's language has it."""
    limits, words = table.inner("limits"), table.inner("words")
    welcome = table.parsed("welcome", lambda value: _file(value, folder), _WELCOME)
    found = SiteSettings(
        promise=" ".join(table.text("promise", "").split()),
        privacy_url=table.parsed("privacy_url", https_address, _HTTPS) or "",
        contact_url=table.parsed("contact_url", _contact, _CONTACT) or "",
        topics=table.parsed("topics", _topics, _TOPICS) or (),
        has_preferences=table.flag("preferences", default=True),
        trusted_proxies=table.parsed("trusted_proxies", _networks, _PROXIES) or (),
        welcome=welcome,
        limits=_limits(limits),
        words=_words(words, language),
    )
    for each in (table, limits, words):
        each.no_other()
    return found


def _limits(table: Table) -> SignUpLimits:
    default = SignUpLimits()
    return SignUpLimits(
        per_network_hour=table.number(
            "per_network_hour", default.per_network_hour, least=1, most=100_000
        ),
        overall_hour=table.number("overall_hour", default.overall_hour, least=1, most=1_000_000),
    )


def _words(table: Table, language: str) -> SiteWords:
    default = site_words_in(language)
    values: dict[str, Any] = {
        name: table.text(name, getattr(default, name)) for name in word_names()
    }
    values["months"] = table.texts("months") or default.months
    return table.made(lambda: SiteWords(**values)) or default


def _contact(value: str) -> str:
    scheme, _, rest = value.partition(":")
    if scheme == "mailto":
        return f"mailto:{parse_addr_spec(rest)}"
    return https_address(value)


def _file(value: str, folder: Path) -> Path:
    path = folder / value
    if not path.is_file() or not is_inside(path, folder):
        raise ValueError
    return path


def _topics(value: object) -> tuple[Topic, ...]:
    if not isinstance(value, list):
        raise TypeError
    topics = tuple(map(_topic, value))
    if len({topic.tag for topic in topics}) < len(topics):
        raise ValueError
    return topics


def _topic(item: object) -> Topic:
    if not isinstance(item, Mapping) or not set(item) <= {"tag", "name", "sentence"}:
        raise TypeError
    tag = checked_tag(_line(item["tag"]))
    name, sentence = _line(item["name"]), _line(item.get("sentence", ""))
    if not name:
        raise ValueError
    return Topic(tag=tag, name=name, sentence=sentence)


def _line(value: object) -> str:
    if not isinstance(value, str) or len(value) > _MOST_SENTENCE:
        raise ValueError
    return " ".join(value.split())


def _networks(value: object) -> tuple[Network, ...]:
    if not isinstance(value, list):
        raise TypeError
    found = tuple(ip_network(str(item)) for item in value)
    if any(network.prefixlen == 0 for network in found):
        raise ValueError
    return found
