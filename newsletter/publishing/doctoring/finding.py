"""One thing that was looked at: what was seen, how bad it is, and what to do or write about it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from newsletter.errors import Act, Remedy
from newsletter.lookup import Answer, RecordType, Resolver
from newsletter.mail_identity import Wanted

_SHOWN = 100
"""Characters of a stranger's record that are shown."""


class Level(StrEnum):
    """How bad a finding is: warn is worth a look, bad keeps issues from going out rightly.

    `info` is no fault at all: something that nobody demands, and that is good to know.
    """

    OK = "ok"
    INFO = "info"
    WARN = "warn"
    BAD = "bad"


class Group(StrEnum):
    """The parts of the page, in their order."""

    PUBLICATION = "publication"
    IDENTITY = "mail identity"
    RELAY = "relay"
    SITE = "site"
    EXTRAS = "extras"


_GROUPS: Mapping[str, Group] = {
    **dict.fromkeys(
        ("dns", "dkim", "spf", "dmarc", "alignment", "from", "mx", "headers"), Group.IDENTITY
    ),
    **dict.fromkeys(("relay", "tls", "ptr"), Group.RELAY),
    "site": Group.SITE,
    **dict.fromkeys(("mta-sts", "tls-rpt", "bimi", "dane"), Group.EXTRAS),
}


class Found(StrEnum):
    """What was found outside, in one word for programs; docs/dns.md says what each stands for."""

    SOUND = "sound"
    MISSING = "missing"
    SEVERAL = "several"
    INVALID = "invalid"
    UNKNOWN = "unknown"
    UNTRIED = "untried"
    OTHER_KEY = "other_key"
    REVOKED = "revoked"
    NARROW = "narrow"
    TESTING = "testing"
    TOO_MANY_LOOKUPS = "too_many_lookups"
    OPEN_TO_ALL = "open_to_all"
    UNDECIDED = "undecided"
    NOT_COVERED = "not_covered"
    NOT_ALIGNED = "not_aligned"
    FREE_MAIL = "free_mail"
    TAKES_NO_MAIL = "takes_no_mail"
    NOT_CONFIRMED = "not_confirmed"
    NOT_ENCRYPTED = "not_encrypted"
    EXPIRES_SOON = "expires_soon"
    NOT_SIGNED = "not_signed"
    NOT_ALLOWED = "not_allowed"


class Provider(StrEnum):
    """Who has rules for those who send 5,000 messages a day or more."""

    GMAIL = "Gmail"
    YAHOO = "Yahoo"


_BOTH = (Provider.GMAIL, Provider.YAHOO)


class SenderRule(StrEnum):
    """What providers demand of bulk senders, by our own name for it (docs/dns.md)."""

    AUTHENTICATION = "SPF and DKIM"
    DMARC = "DMARC policy"
    ALIGNMENT = "aligned From"
    REVERSE_DNS = "forward and reverse DNS"
    TLS = "TLS"
    ONE_CLICK = "one-click unsubscribe"
    OWN_FROM = "no borrowed From"

    @property
    def providers(self) -> tuple[Provider, ...]:
        only_gmail = self in (SenderRule.TLS, SenderRule.OWN_FROM)
        return (Provider.GMAIL,) if only_gmail else _BOTH


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """What was looked at, what was seen, and what to do about it.

    `record` ought to stand in the DNS, `rule` is what providers demand; `found` is None for what
    is seen without asking anybody.
    """

    name: str
    level: Level
    what: str
    step: str = ""
    remedy: Remedy | None = None
    found: Found | None = None
    record: Wanted | None = None
    rule: SenderRule | None = None

    @property
    def group(self) -> Group:
        return _GROUPS.get(self.name, Group.PUBLICATION)

    @property
    def place(self) -> tuple[int, int]:
        """Where on the page it stands: by its group, and in that by its name."""
        names = list(_GROUPS)
        within = names.index(self.name) if self.name in names else 0
        return list(Group).index(self.group), within


def ok(name: str, what: str) -> Finding:
    return Finding(name=name, level=Level.OK, what=what)


def warn(name: str, what: str, step: str, act: Act | None = None, subject: str = "") -> Finding:
    remedy = Remedy(act, subject) if act else None
    return Finding(name=name, level=Level.WARN, what=what, step=step, remedy=remedy)


def bad(name: str, what: str, step: str, act: Act | None = None) -> Finding:
    remedy = Remedy(act) if act else None
    return Finding(name=name, level=Level.BAD, what=what, step=step, remedy=remedy)


def sound(name: str, what: str, *, rule: SenderRule | None = None) -> Finding:
    """Asked outside, and as it should be."""
    return Finding(name=name, level=Level.OK, what=what, found=Found.SOUND, rule=rule)


def unknown(name: str, answer: Answer, *, rule: SenderRule | None = None) -> Finding:
    """What could not be asked is not missing: nobody said so."""
    what = f"{shown(answer.name)} {answer.kind} could not be asked: {answer.why}"
    step = "try again; if it stays so, see who serves the name, and whom this machine asks"
    return Finding(
        name=name, level=Level.WARN, what=what, step=step, found=Found.UNKNOWN, rule=rule
    )


async def strayed(
    resolver: Resolver, name: str, domain: str, is_wanted: Callable[[str], bool]
) -> str:
    """What to do where a record was written a domain too far down, as forms do that add it to what
    is typed; "" where it was not.
    """
    answer = await resolver.ask(f"{name}.{domain}", RecordType.TXT)
    if not any(map(is_wanted, answer.values)):
        return ""
    return (
        f"it stands at {answer.name}: the form adds {domain} by itself, so type what is before it"
    )


def listed(words: Sequence[str]) -> str:
    """`a, b and c`."""
    *others, last = words
    return f"{', '.join(others)} and {last}" if others else last


def shown(text: str) -> str:
    """A stranger's text, cut to what fits a page."""
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"
